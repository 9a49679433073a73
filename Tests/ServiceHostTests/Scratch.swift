import Glibc

/// A folder of a test's own, gone with it.
final class Scratch: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/feedwatch-host-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("mkdtemp(3) failed") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        // The few files that a test made; folders below are made by `folder(_:)` only.
        remove(path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    private func remove(_ folder: String) {
        if let stream = opendir(folder) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                let path = folder + "/" + name
                if unlink(path) != 0 { remove(path) }
            }
            closedir(stream)
        }
        rmdir(folder)
    }
}

/// A socket that receives datagrams as a service manager does.
final class NotifyReceiver {
    let descriptor: Int32

    /// Listens at a path, or at an abstract name behind `@`.
    init(_ address: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(address.utf8)
        withUnsafeMutableBytes(of: &name.sun_path) { room in
            room.copyBytes(from: bytes)
            if bytes.first == UInt8(ascii: "@") { room[0] = 0 }
        }
        let isAbstract = address.hasPrefix("@")
        let length = isAbstract ? 2 + bytes.count : MemoryLayout<sockaddr_un>.size
        let result = withUnsafePointer(to: name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(length))
            }
        }
        precondition(result == 0, "bind(2) failed: \(errno)")
    }

    deinit { close(descriptor) }

    /// The next datagram, or nil if none comes within 5 s.
    func next() -> String? {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 5_000) == 1 else { return nil }
        return nextNow()
    }

    /// The datagram that is there already, if one is.
    func nextNow() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
}
