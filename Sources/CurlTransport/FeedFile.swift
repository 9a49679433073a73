import CPosix
import FeedModel
import Glibc
import WatchCore

/// Reads a feed from a file that the configuration allows (`limits.allow_files`).
///
/// Blocks on the disk. No symbolic link below an allowed folder is followed, so nobody who may
/// write there can show us what lies elsewhere.
struct FeedFile: Sendable {
    /// How an address of a file begins.
    static let scheme = "file:"

    private let path: String
    private let url: String

    /// The file that a `file:` address names; nil: it names none.
    init?(_ url: String) {
        guard url.hasPrefix(Self.scheme) else { return nil }
        var rest = url.utf8.dropFirst(Self.scheme.utf8.count)
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            if rest.starts(with: "localhost/".utf8) { rest = rest.dropFirst(9) }
        }
        guard rest.first == UInt8(ascii: "/"), let path = Self.decoded(rest) else { return nil }
        self.url = url
        self.path = path
    }

    /// Reads the file: a response as of a web server, with a tag made of its time of change, size
    /// and number, which `validators` may hold.
    func read(
        limits: Limits,
        validators: Validators
    ) -> Result<HTTPResponse, TransportFailure> {
        guard let (folder, name) = place(among: limits.allowFiles) else {
            return failure(.addressBlocked, "no folder of limits.allow_files holds it")
        }
        let descriptor = fw_open_beneath(folder, name)
        guard descriptor >= 0 else { return openFailure(errno) }
        defer { close(descriptor) }
        var state = fw_file_state()
        guard fw_file_state(descriptor, &state) == 0 else { return openFailure(errno) }
        guard state.is_regular != 0 else { return failure(.addressBlocked, "it is no file") }
        let limit = limits.document.bytes
        let tooLarge = "it is larger than \(limits.document) (limits.document)"
        guard state.size <= limit else { return failure(.tooLarge, tooLarge) }
        let tag = Self.tag(of: state)
        let headers = [HeaderField(name: "etag", value: tag)]
        if validators.etag == tag {
            return .success(HTTPResponse(status: 304, headers: headers, url: url))
        }
        var body: [UInt8] = []
        body.reserveCapacity(Int(state.size) + 1)
        while true {
            let room = min(65_536, limit + 1 - body.count)
            var count = 0
            body.append(contentsOf: repeatElement(0, count: room))
            let start = body.count - room
            repeat {
                count = body.withUnsafeMutableBytes { bytes in
                    bytes.baseAddress.map { Glibc.read(descriptor, $0 + start, room) } ?? -1
                }
            } while count < 0 && errno == EINTR
            body.removeLast(room - max(0, count))
            if count < 0 { return failure(.transferFailed, String(cString: strerror(errno))) }
            if count == 0 { break }
            guard body.count <= limit else { return failure(.tooLarge, tooLarge) }
        }
        // A file that is being written is read again next time: its tag must not hold.
        var after = fw_file_state()
        let isSettled = fw_file_state(descriptor, &after) == 0 && Self.tag(of: after) == tag
        return .success(
            HTTPResponse(status: 200, headers: isSettled ? headers : [], body: body, url: url)
        )
    }

    /// The allowed folder that holds the file, and its name from there.
    private func place(among folders: [String]) -> (folder: String, name: String)? {
        for folder in folders {
            let start = folder.hasSuffix("/") ? folder : folder + "/"
            if path.hasPrefix(start), path.utf8.count > start.utf8.count {
                return (folder, String(path.dropFirst(start.count)))
            }
        }
        return nil
    }

    private func openFailure(_ code: Int32) -> Result<HTTPResponse, TransportFailure> {
        switch code {
        case ENOENT, ENOTDIR: failure(.notFound, "there is no such file")
        case EACCES, EPERM: failure(.forbidden, "it may not be read")
        case ELOOP, EXDEV: failure(.addressBlocked, "the path leads over a symbolic link or out")
        case EMFILE, ENFILE: failure(.localShortage, "this process has no descriptors left")
        default: failure(.transferFailed, String(cString: strerror(code)))
        }
    }

    private func failure(
        _ reason: FailureReason,
        _ what: String
    ) -> Result<HTTPResponse, TransportFailure> {
        .failure(TransportFailure(reason: reason, message: "\(path): \(what)"))
    }

    private static func tag(of state: fw_file_state) -> String {
        let parts = [state.seconds, state.nanoseconds, state.size].map { String($0, radix: 16) }
        return "\"\(parts.joined(separator: "-"))-\(String(state.number, radix: 16))\""
    }

    /// The bytes of a path whose special ones are written `%41`; nil: it holds what no path may.
    private static func decoded(_ text: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
