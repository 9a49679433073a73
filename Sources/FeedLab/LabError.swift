/// Why a lab could not be set up or told something.
package enum LabError: Error, Hashable, CustomStringConvertible {
    /// A file of the site cannot be read.
    case unreadable(path: String, message: String)
    /// A timeline instruction in a sample feed is not one of ours.
    case badInstruction(String)
    /// A fault is written in a way that is not one of ours.
    case badFault(String)
    /// No feed has this id or path.
    case unknownFeed(String)
    /// The server does not listen.
    case notListening

    /// A sentence for people.
    package var description: String {
        switch self {
        case .unreadable(let path, let message): "\(path): \(message)"
        case .badInstruction(let text): "unknown instruction <?lab \(text)?>"
        case .badFault(let text): "unknown fault “\(text)”"
        case .unknownFeed(let name): "no feed “\(name)”"
        case .notListening: "the server does not listen"
        }
    }
}
