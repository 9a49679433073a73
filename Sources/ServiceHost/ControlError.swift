internal import Glibc

/// Why the control socket could not be opened, or a daemon could not be asked.
package enum ControlError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No daemon listens at any of these paths.
    case nobodyListens(paths: [String])
    /// The user may not use the socket.
    case notPermitted(path: String)
    /// Another daemon listens at the path.
    case alreadyListening(path: String)
    /// Something that is no socket stands at the path.
    case notASocket(path: String)
    /// The daemon gave no whole answer in time.
    case timedOut(Duration)
    /// The daemon closed the connection without an answer, or answered something else.
    case badAnswer
    /// A system call failed.
    case failed(call: String, path: String, code: Int32)

    package var description: String {
        switch self {
        case .nobodyListens(let paths):
            "no daemon is listening at \(paths.joined(separator: " or "))"
        case .notPermitted(let path):
            "not permitted to use \(path): be root, or in the group that owns it"
        case .alreadyListening(let path): "another daemon is listening at \(path)"
        case .notASocket(let path): "\(path) is in the way: it is not a socket"
        case .timedOut(let limit): "the daemon did not answer within \(limit)"
        case .badAnswer: "the daemon closed the connection without a proper answer"
        case .failed(let call, let path, let code):
            "\(path): \(call) failed: \(String(cString: strerror(code)))"
        }
    }
}
