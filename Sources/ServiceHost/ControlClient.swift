internal import CPosix
internal import FeedModel
internal import Glibc

/// Asks a running daemon.
///
/// It blocks its thread: for the command line, not for the daemon.
package enum ControlClient {
    /// The answer of the daemon that listens at the first of `paths` where one does.
    package static func ask(
        paths: [String],
        request: ControlRequest,
        timeout: Duration
    ) throws(ControlError) -> ControlAnswer {
        for path in paths {
            do {
                return try ask(path: path, request: request, timeout: timeout)
            } catch .nobodyListens {
                continue
            }
        }
        throw .nobodyListens(paths: paths)
    }

    /// The answer of the daemon that listens at `path`, within `timeout`.
    package static func ask(
        path: String,
        request: ControlRequest,
        timeout: Duration
    ) throws(ControlError) -> ControlAnswer {
        let deadline = SystemClock().uptime() + timeout
        let socket = cposix_local_socket(Int32(SOCK_STREAM.rawValue))
        guard socket >= 0 else { throw .failed(call: "socket", path: path, code: errno) }
        defer { close(socket) }
        let line: [UInt8]
        do throws(ControlError) {
            try connect(socket, to: path, until: deadline)
            try send(Array("\(request.line)\n".utf8), over: socket, until: deadline)
            line = try receive(from: socket, until: deadline)
        } catch .timedOut {
            throw .timedOut(timeout)
        }
        guard let answer = ControlAnswer(line: line) else { throw .badAnswer }
        return answer
    }

    private static func connect(
        _ socket: Int32,
        to path: String,
        until deadline: Duration
    ) throws(ControlError) {
        while cposix_local_connect(socket, path) != 0 {
            switch errno {
            case ENOENT, ECONNREFUSED, ENOTDIR: throw .nobodyListens(paths: [path])
            case EACCES, EPERM: throw .notPermitted(path: path)
            case EAGAIN:
                // The daemon's queue of connections is full. A local socket cannot be polled
                // for room in it (connect(2)): try again shortly.
                _ = try remaining(until: deadline)
                poll(nil, 0, 20)
            case let code: throw .failed(call: "connect", path: path, code: code)
            }
        }
    }

    private static func send(
        _ bytes: [UInt8],
        over socket: Int32,
        until deadline: Duration
    ) throws(ControlError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent > 0 {
                rest = rest.dropFirst(sent)
            } else {
                guard errno == EAGAIN || errno == EINTR else { throw .badAnswer }
                try wait(for: Int16(POLLOUT), on: socket, until: deadline)
            }
        }
    }

    private static func receive(
        from socket: Int32,
        until deadline: Duration
    ) throws(ControlError) -> [UInt8] {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while line.last != UInt8(ascii: "\n"), line.count <= ControlLimits.longestAnswer.bytes {
            let count = recv(socket, &chunk, chunk.count, 0)
            if count > 0 {
                line.append(contentsOf: chunk[..<count])
            } else if count == 0 {
                throw .badAnswer
            } else {
                guard errno == EAGAIN || errno == EINTR else { throw .badAnswer }
                try wait(for: Int16(POLLIN), on: socket, until: deadline)
            }
        }
        return line
    }

    private static func wait(
        for events: Int16,
        on socket: Int32,
        until deadline: Duration
    ) throws(ControlError) {
        var ready = pollfd(fd: socket, events: events, revents: 0)
        poll(&ready, 1, try remaining(until: deadline))
    }

    /// Milliseconds left, at least one.
    private static func remaining(until deadline: Duration) throws(ControlError) -> Int32 {
        let left = deadline - SystemClock().uptime()
        guard left > .zero else { throw .timedOut(left) }
        return Int32(clamping: left / .milliseconds(1) < 1 ? 1 : Int64(left / .milliseconds(1)))
    }
}
