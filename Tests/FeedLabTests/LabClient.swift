import Dispatch
import Glibc

/// One answer, as it came over the wire.
struct LabAnswer {
    /// The status; 0 if no answer came before the limit.
    var status = 0
    /// The header fields by lower-case name.
    var headers: [String: String] = [:]
    /// The bytes after the header.
    var body: [UInt8] = []
    /// Whether the server closed the connection (and not the client's limit ended the reading).
    var isClosed = false

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A client that hides nothing: it sends what it is told and takes what comes.
struct LabClient {
    /// The port on loopback.
    let port: UInt16

    /// Sends a request and reads until the server closes, `most` bytes came, or the limit passed.
    func get(
        _ path: String,
        method: String = "GET",
        headers: [String: String] = [:],
        body: String = "",
        most: Int = .max,
        limit: Duration = .seconds(10)
    ) async -> LabAnswer {
        var request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        request += "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        let bytes = Array((request + "\r\n" + body).utf8)
        let port = port
        // The calls below block. A serial queue of its own has a thread of its own, where the
        // shared queues and Swift's tasks have only as many as there are cores.
        let queue = DispatchQueue(label: "lab client")
        return await withCheckedContinuation { continuation in
            queue.async {
                let answer = Self.exchange(bytes, port: port, most: most, limit: limit)
                continuation.resume(returning: answer)
            }
        }
    }

    private static func exchange(
        _ request: [UInt8],
        port: UInt16,
        most: Int,
        limit: Duration
    ) -> LabAnswer {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0, send(socket, request, request.count, Int32(MSG_NOSIGNAL)) > 0
        else { return LabAnswer() }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isClosed = false
        let deadline = ContinuousClock.now + limit
        while received.count < most {
            let left = ContinuousClock.now.duration(to: deadline)
            var wanted = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let milliseconds = max(0, Int32(left / .milliseconds(1)))
            guard milliseconds > 0, poll(&wanted, 1, milliseconds) > 0 else { break }
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else {
                isClosed = true
                break
            }
            received += buffer[..<count]
        }
        return parse(received, isClosed: isClosed)
    }

    private static func parse(_ bytes: [UInt8], isClosed: Bool) -> LabAnswer {
        var answer = LabAnswer()
        answer.isClosed = isClosed
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return answer }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        answer.status =
            lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            answer.headers[pair[0].lowercased()] = String(pair[1].drop { $0 == " " })
        }
        answer.body = Array(bytes[end.upperBound...])
        return answer
    }
}
