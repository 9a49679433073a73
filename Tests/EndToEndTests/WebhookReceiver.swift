import Glibc
import Synchronization

/// What a receiver got in one request.
struct ReceivedHook: Sendable {
    /// The method.
    let method: String
    /// The path.
    let path: String
    /// The header fields, names in lower case.
    let headers: [String: String]
    /// The body.
    let body: String

    /// The identity of the message.
    var id: String { headers["webhook-id"] ?? "" }
}

/// An HTTP server on a loopback port that takes webhooks and does with each what its script says.
final class WebhookReceiver: Sendable {
    /// What is done with a request.
    enum Action: Sendable {
        /// It is answered with a status line's end and header lines.
        case answer(String, [String] = [])
        /// It is answered two times.
        case answerTwice(String)
        /// It is never answered.
        case hang
    }

    private struct State {
        var received: [ReceivedHook] = []
        var open: Set<Int32> = []
    }

    /// The port.
    let port: Int
    private let listener: Int32
    private let script: @Sendable (_ number: Int, ReceivedHook) -> Action
    private let state = Mutex(State())

    /// A receiver; the script is told the request's number among those of its path, from 1.
    init(_ script: @escaping @Sendable (_ number: Int, ReceivedHook) -> Action) {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(listener, pointer, length)
                _ = listen(listener, 64)
                _ = getsockname(listener, pointer, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        run { self.accept() }
    }

    /// What came so far, to a path.
    func received(_ path: String) -> [ReceivedHook] {
        state.withLock { $0.received.filter { $0.path == path } }
    }

    /// The address of a path.
    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Ends all connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for descriptor in state.withLock({ $0.open }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            state.withLock { _ = $0.open.insert(connection) }
            run {
                self.serve(connection)
                self.state.withLock { _ = $0.open.remove(connection) }
                close(connection)
            }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var rest: [UInt8] = []
        while let hook = read(connection, &rest) {
            let number = state.withLock { state in
                state.received.append(hook)
                return state.received.count { $0.path == hook.path }
            }
            switch script(number, hook) {
            case .answer(let status, let lines):
                write(connection, status, lines)
            case .answerTwice(let status):
                write(connection, status, [])
                write(connection, status, [])
            case .hang:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            }
        }
    }

    private func write(_ connection: Int32, _ status: String, _ lines: [String]) {
        let head = ["HTTP/1.1 " + status, "Content-Length: 2"] + lines
        let bytes = Array((head.joined(separator: "\r\n") + "\r\n\r\nok").utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func read(_ connection: Int32, _ rest: inout [UInt8]) -> ReceivedHook? {
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            rest += piece[..<count]
            return true
        }
        let end = Array("\r\n\r\n".utf8)
        while rest.firstRange(of: end) == nil { guard more() else { return nil } }
        guard let head = rest.firstRange(of: end) else { return nil }
        let lines = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while rest.count < head.upperBound + length { guard more() else { return nil } }
        let body = rest[head.upperBound..<head.upperBound + length]
        rest = Array(rest[(head.upperBound + length)...])
        let words = lines.first?.split(separator: " ") ?? []
        return ReceivedHook(
            method: words.first.map(String.init) ?? "",
            path: words.count > 1 ? String(words[1]) : "",
            headers: headers,
            body: String(decoding: body, as: UTF8.self)
        )
    }

    private func run(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Job(body))
        pthread_create(
            &thread,
            nil,
            { job in
                guard let job else { return nil }
                Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body()
                return nil
            },
            box.toOpaque()
        )
        pthread_detach(thread)
    }

    private final class Job {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
