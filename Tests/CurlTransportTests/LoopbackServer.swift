import Glibc
import Synchronization

/// A request as it came over the wire.
struct ReceivedRequest: Sendable {
    /// Which of the server's connections it came on, from 0.
    let connection: Int
    /// What was asked for.
    let path: String
    /// The header lines behind the request line.
    let lines: [String]

    /// The value of the first field of this name.
    func header(_ name: String) -> String? {
        for line in lines where line.lowercased().hasPrefix(name.lowercased() + ":") {
            return String(line.dropFirst(name.utf8.count + 1).drop { $0 == " " })
        }
        return nil
    }
}

/// The other end of a connection to the server.
struct Peer: Sendable {
    let descriptor: Int32

    /// Sends bytes; false once the client is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends text; false once the client is gone.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends a response with its length.
    func respond(_ status: String = "200 OK", headers: [String] = [], body: [UInt8] = []) {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
        send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    /// Sends a response with a text as its body.
    func answer(_ text: String, headers: [String] = []) {
        respond("200 OK", headers: headers, body: Array(text.utf8))
    }

    /// Points the client elsewhere.
    func redirect(to location: String, status: String = "302 Found") {
        respond(status, headers: ["Location: \(location)"])
    }

    /// Breaks the connection off: the client gets a reset.
    func reset() {
        // Connecting to the family "unspecified", 0, aborts a connection (connect(2)).
        let nowhere = [UInt8](repeating: 0, count: 16)
        nowhere.withUnsafeBytes { bytes in
            _ = connect(
                descriptor,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
    }

    /// Reads what the client sends, at most so many bytes; empty at the end.
    func receive(_ most: Int = 4_096) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: most)
        let count = recv(descriptor, &piece, piece.count, 0)
        return Array(piece[..<max(0, count)])
    }

    /// A connection to a port of loopback; nil: there is none.
    static func connected(to port: Int) -> Peer? {
        let descriptor = socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
            0
        )
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        return Peer(descriptor: descriptor)
    }

    /// Passes on what either side sends until one of them ends; ends and closes the other.
    func relay(with other: Peer) {
        var ends = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&ends, 2, 20_000) > 0 {
            var isOpen = true
            for (index, sides) in [(self, other), (other, self)].enumerated()
            where ends[index].revents != 0 {
                let piece = sides.0.receive()
                isOpen = isOpen && !piece.isEmpty && sides.1.send(piece)
            }
            guard isOpen else { break }
        }
        close()
        Glibc.close(other.descriptor)
    }

    /// Ends the connection.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Waits until the client ends the connection, or the server is stopped.
    func waitForEnd() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }
}

/// A server on a loopback address that answers just as its script says, however wrong that is.
final class LoopbackServer: Sendable {
    /// Answers a request; the connection goes on unless the script closes it.
    typealias Script = @Sendable (ReceivedRequest, Peer) -> Void

    private struct State {
        var requests: [ReceivedRequest] = []
        var connections = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    /// The server's address.
    let host: String
    /// The port that the kernel chose.
    let port: Int

    private let listener: Int32
    private let greeting: @Sendable (Peer) -> Void
    private let script: Script
    private let state = Mutex(State())

    /// A server on a port of its own; `greeting` is what it does with a connection before it reads
    /// a request.
    init(
        host: String = "127.0.0.1",
        greeting: @escaping @Sendable (Peer) -> Void = { _ in },
        _ script: @escaping Script
    ) throws {
        self.host = host
        self.greeting = greeting
        self.script = script
        let listener = socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
            0
        )
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, host, &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 256) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        guard result else { throw SocketError(code: errno) }
        startThread { self.acceptConnections() }
    }

    /// A socket could not be made.
    struct SocketError: Error { let code: Int32 }

    /// The address of a path.
    func url(_ path: String = "/feed") -> String { "http://\(host):\(port)\(path)" }

    /// The requests so far.
    var requests: [ReceivedRequest] { state.withLock { $0.requests } }

    /// How many connections were accepted.
    var connectionCount: Int { state.withLock { $0.connections } }

    /// Ends all connections and accepts no more.
    func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func acceptConnections() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let number = state.withLock { state -> Int? in
                guard !state.isStopped else { return nil }
                state.open.insert(descriptor)
                state.connections += 1
                return state.connections - 1
            }
            guard let number else {
                close(descriptor)
                break
            }
            startThread { self.serve(descriptor, number) }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        var buffer: [UInt8] = []
        greeting(Peer(descriptor: descriptor))
        while let head = Self.readHead(from: descriptor, &buffer) {
            let lines = head.split(separator: "\r\n").map(String.init)
            let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init)
            let request = ReceivedRequest(
                connection: number,
                path: path ?? "",
                lines: Array(lines.dropFirst())
            )
            state.withLock { $0.requests.append(request) }
            script(request, Peer(descriptor: descriptor))
        }
        state.withLock { state in
            state.open.remove(descriptor)
            close(descriptor)
        }
    }

    /// Reads up to the empty line; nil when the connection has ended.
    private static func readHead(from descriptor: Int32, _ buffer: inout [UInt8]) -> String? {
        let end = Array("\r\n\r\n".utf8)
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return head
            }
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            buffer.append(contentsOf: piece[..<count])
        }
    }
}

/// Runs work on a thread of its own, which may block.
private func startThread(_ work: @escaping @Sendable () -> Void) {
    final class Box {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    // SAFETY: the thread takes over the one reference made here.
    let context = Unmanaged.passRetained(Box(work)).toOpaque()
    let result = pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            // SAFETY: takes the reference made for this thread.
            Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work()
            return nil
        },
        context
    )
    precondition(result == 0, "no thread")
    pthread_detach(thread)
}
