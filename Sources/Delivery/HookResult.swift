/// How one attempt to tell a hook went.
package struct HookResult: Hashable, Sendable {
    /// How it ended.
    package enum Ending: Hashable, Sendable {
        /// The program ended by itself with this status; 0 is delivered.
        case exited(Int)
        /// A signal ended the program.
        case signalled(Int)
        /// The program took longer than it may and was ended.
        case timedOut(Duration)
        /// The program could not be started.
        case notStarted(String)
        /// The daemon ended the program, as it stops itself.
        case cancelled
    }

    /// How many characters of the program's last line go into the message.
    private static let longestLine = 500

    /// How it ended.
    package var ending: Ending
    /// The end of what the program wrote to its standard output.
    package var output = ""
    /// The end of what the program wrote to its standard error.
    package var errorOutput = ""
    /// How long it ran.
    package var duration: Duration = .zero

    /// A result without output.
    package init(ending: Ending) { self.ending = ending }

    /// Whether the hook took the record.
    package var isDelivered: Bool { ending == .exited(0) }

    /// How it ended, for people, with the last line the program said.
    package var message: String {
        let how =
            switch ending {
            case .exited(75): "exit status 75 (try again later)"
            case .exited(let status): "exit status \(status)"
            case .signalled(let number): "ended by signal \(number)"
            case .timedOut(let limit): "not done within \(limit) and ended"
            case .notStarted(let reason): reason
            case .cancelled: "ended, as the daemon stops"
            }
        let said = errorOutput.isEmpty ? output : errorOutput
        guard let last = said.split(whereSeparator: \.isNewline).last else { return how }
        let line = HookEnvironment.oneLine(String(last.prefix(HookResult.longestLine)))
        return "\(how): \(line)"
    }
}
