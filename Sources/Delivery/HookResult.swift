package import WatchCore

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
        /// The receiver answered with this status, or asked to go elsewhere.
        case answered(Int, location: String?)
        /// The mail server took the letter.
        case posted
        /// The mail server refused this letter for good.
        case refused(String)
        /// No answer came, or the mail server did not take the letter now.
        case failed(FailureReason, String)
        /// The daemon ended the attempt, as it stops itself.
        case cancelled
    }

    /// How many characters of the last line that was said go into the message.
    private static let longestLine = 500
    /// The exit status of a program that will never take this record (EX_DATAERR).
    private static let refusingStatus = 65
    /// The answers of a receiver that takes others, but not this message.
    private static let refusingAnswers: Set = [400, 413, 422]

    /// How it ended.
    package var ending: Ending
    /// The end of what the program wrote to its standard output; the beginning of what the
    /// receiver answered; the mail server's last words.
    package var output = ""
    /// The end of what the program wrote to its standard error.
    package var errorOutput = ""
    /// How long the hook asked to wait.
    package var retryAfter: Duration?
    /// How long it took.
    package var duration: Duration = .zero

    /// A result without output.
    package init(ending: Ending) { self.ending = ending }

    /// Whether the hook took the message.
    package var isDelivered: Bool {
        switch ending {
        case .exited(0), .posted: true
        case .answered(let status, _): (200...299).contains(status)
        default: false
        }
    }

    /// Why it failed, as the policy judges it.
    package var failure: DeliveryFailure {
        let kind: DeliveryFailure.Kind =
            switch ending {
            case .answered(410, _): .gone
            case .answered(let status, _) where HookResult.refusingAnswers.contains(status):
                .refused
            case .exited(HookResult.refusingStatus), .refused: .refused
            default: .temporary
            }
        // Errors last: where it is too much, the end is kept.
        let said = [output, errorOutput].filter { !$0.isEmpty }.joined(separator: "\n")
        return DeliveryFailure(kind, message: message, output: said, retryAfter: retryAfter)
    }

    /// How it ended, for people, with the last line the hook said.
    package var message: String {
        let how =
            switch ending {
            case .exited(75): "exit status 75 (try again later)"
            case .exited(let status): "exit status \(status)"
            case .signalled(let number): "ended by signal \(number)"
            case .timedOut(let limit): "not done within \(limit) and ended"
            case .notStarted(let reason): reason
            case .answered(410, _): "status 410: the receiver is gone"
            case .answered(let status, let location?):
                "status \(status): redirects are not followed, it leads to \(location)"
            case .answered(let status, nil): "status \(status)"
            case .posted: "taken by the mail server"
            case .refused(let reason): "the mail server refuses the letter: \(reason)"
            case .failed(_, let reason): reason
            case .cancelled: "ended, as the daemon stops"
            }
        let said = errorOutput.isEmpty ? output : errorOutput
        guard let last = said.split(whereSeparator: \.isNewline).last else { return how }
        let line = HookEnvironment.oneLine(String(last.prefix(HookResult.longestLine)))
        return "\(how): \(line)"
    }
}
