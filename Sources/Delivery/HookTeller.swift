package import FeedModel
package import QueueExecution
package import WatchCore

/// Carries out one attempt to tell a hook.
package struct HookTeller: Sendable {
    /// Carries what goes to other machines; nil: nothing can.
    package var courier: (any Courier)?
    /// Where programs run; also their `HOME`.
    package var workingDirectory: String
    /// How programs are ended.
    package var patience: HookPatience
    /// What the programs are watched by, and whose queue they run on.
    package var watcher: DescriptorWatcher

    /// A teller.
    package init(
        courier: (any Courier)?,
        workingDirectory: String,
        patience: HookPatience,
        watcher: DescriptorWatcher
    ) {
        self.courier = courier
        self.workingDirectory = workingDirectory
        self.patience = patience
        self.watcher = watcher
    }

    /// The program of an attempt, to be run by the caller; nil: the hook runs none.
    package func program(_ hook: HookSettings, _ message: HookMessage) -> ExecHook? {
        guard case .exec(let command) = hook.channel else { return nil }
        let environment = HookEnvironment(of: message, home: workingDirectory)
        let run = HookCommand(
            command: command,
            environment: environment.entries,
            directory: workingDirectory,
            input: message.records.flatMap { $0 + [LineReader.newline] },
            timeLimit: hook.timeLimit
        )
        return ExecHook(run, watcher: watcher, patience: patience)
    }

    /// Tells a hook that runs no program, at `now`.
    package func send(
        _ message: HookMessage,
        to hook: HookSettings,
        now: Timestamp
    ) async -> HookResult {
        guard let courier else { return HookResult(ending: .notStarted("nothing can be sent")) }
        switch hook.channel {
        case .exec:
            return HookResult(ending: .notStarted("a program cannot be sent"))
        case .webhook(let webhook):
            let letter = WebhookMessage(message, to: webhook, of: hook.id, now: now)
            let outcome = await courier.send(
                HTTPPost(
                    url: webhook.url,
                    headers: letter.headers,
                    body: letter.body,
                    timeLimit: hook.timeLimit
                )
            )
            return HookTeller.result(of: outcome, now: now)
        case .mail(let mail):
            let text = MailText(message, to: mail, hook: hook.id)
            let letter = Letter(settings: mail, message: text.bytes, timeLimit: hook.timeLimit)
            return HookTeller.result(of: await courier.send(letter))
        }
    }

    private static func result(
        of outcome: Result<HTTPAnswer, TransportFailure>,
        now: Timestamp
    ) -> HookResult {
        switch outcome {
        case .success(let answer):
            let isRedirect = (300...399).contains(answer.status)
            var result = HookResult(
                ending: .answered(answer.status, location: isRedirect ? answer.location : nil)
            )
            result.output = String(decoding: answer.body, as: UTF8.self)
            result.retryAfter = answer.retryAfter.flatMap {
                HTTPTime.retryAfter($0, now: now, ceiling: .seconds(30 * 86_400))
            }
            return result
        case .failure(let failure):
            return HookResult(
                ending: failure.reason == .cancelled
                    ? .cancelled : .failed(failure.reason, failure.message)
            )
        }
    }

    private static func result(of outcome: Result<String, MailFailure>) -> HookResult {
        switch outcome {
        case .success(let reply):
            var result = HookResult(ending: .posted)
            result.output = reply
            return result
        case .failure(let failure):
            let ending: HookResult.Ending =
                if failure.reason == .cancelled {
                    .cancelled
                } else if failure.isRefusal {
                    .refused(failure.message)
                } else {
                    .failed(failure.reason, failure.message)
                }
            var result = HookResult(ending: ending)
            result.output = failure.reply
            return result
        }
    }
}
