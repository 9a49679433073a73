internal import ArgumentParser
internal import ConfigFile
internal import FeedModel
internal import SQLiteStore
internal import ServiceHost
internal import WatchCore

/// The command `feedwatch deliveries retry`.
struct DeliveriesRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Makes deliveries anew: those named, or all that are dead.",
        discussion: """
            They get all their attempts and time again, under the same id; what waits for its next \
            attempt is tried at once, and hooks that were disabled by status 410 are told again. \
            Exit status 1 if there is no such delivery.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Option(help: ArgumentHelp("Only deliveries to this hook.", valueName: "id"))
    var hook: String?

    @Argument(help: ArgumentHelp("The 'id's of records or groups.", valueName: "id"))
    var ids: [String] = []

    func run() async throws {
        try await DeliveryReplay(options: options, hook: hook, ids: ids).run { choice in
            .retry(choice)
        } directly: { store, choice throws(StoreError) in
            let count = try await store.retryDeliveries(
                choice.ids,
                of: choice.hook.map { HookID($0) },
                now: SystemClock().now()
            )
            return DeliveryAnswer.retried(count, of: choice)
        }
    }
}

/// The command `feedwatch deliveries drop`.
struct DeliveriesDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Lets deliveries be made no more, pending or dead.",
        discussion: """
            They stay in the list of their record, and can be made anew by naming them to 'retry'. \
            Exit status 1 if there is no such delivery.
            """
    )

    @OptionGroup var options: ConfigOptions

    @Option(help: ArgumentHelp("Only deliveries to this hook.", valueName: "id"))
    var hook: String?

    @Argument(help: ArgumentHelp("The 'id's of records or groups.", valueName: "id"))
    var ids: [String]

    func run() async throws {
        try await DeliveryReplay(options: options, hook: hook, ids: ids).run { choice in
            .drop(choice)
        } directly: { store, choice throws(StoreError) in
            let count = try await store.dropDeliveries(
                choice.ids,
                of: choice.hook.map { HookID($0) }
            )
            return DeliveryAnswer.dropped(count, of: choice)
        }
    }
}

/// Has deliveries changed by the running daemon, or in the state directory where none runs.
private struct DeliveryReplay {
    /// How many identities go into one request.
    private static let most = 50

    let options: ConfigOptions
    let hook: String?
    let ids: [String]

    func run(
        _ request: (DeliveryChoice) -> ControlRequest,
        directly: (SQLiteStore, DeliveryChoice) async throws(StoreError) -> ControlAnswer
    ) async throws {
        let wrong = (ids + [hook ?? ""]).first { $0.contains { $0.isWhitespace || $0 == "=" } }
        if let wrong { throw CommandFailure(.usage, "'\(wrong)' is no id") }
        let environment = ProcessEnvironment.current()
        let result = options.load(environment)
        if let hook, let hooks = result.configuration?.hooks,
            !hooks.contains(where: { $0.id.rawValue == hook })
        {
            Output.error("feedwatch: the configuration has no hook '\(VisibleText.escape(hook))'")
        }
        let statePath = result.statePath ?? environment.statePath ?? "/var/lib/feedwatch"
        var isAllDone = true
        for choice in choices {
            let answer: ControlAnswer
            do {
                answer = try ControlClient.ask(
                    paths: environment.controlPaths(statePath: statePath),
                    request: request(choice),
                    timeout: .seconds(60)
                )
            } catch .nobodyListens {
                answer = try await inStore(statePath, choice, directly)
            } catch {
                throw CommandFailure(.failed, "\(error)")
            }
            isAllDone = isAllDone && answer.done
            if answer.done { Output.line(answer.message) } else { Output.error(answer.message) }
        }
        if !isAllDone { throw CommandFailure(.answerIsNo) }
    }

    private var choices: [DeliveryChoice] {
        guard !ids.isEmpty else { return [DeliveryChoice(hook: hook, ids: [])] }
        return stride(from: 0, to: ids.count, by: Self.most).map { start in
            DeliveryChoice(hook: hook, ids: Array(ids[start...].prefix(Self.most)))
        }
    }

    private func inStore(
        _ statePath: String,
        _ choice: DeliveryChoice,
        _ directly: (SQLiteStore, DeliveryChoice) async throws(StoreError) -> ControlAnswer
    ) async throws -> ControlAnswer {
        do throws(StoreError) {
            // Without a state there is nothing to change, and none is to be made.
            _ = try SQLiteReader(directory: statePath)
            let store = try SQLiteStore(directory: statePath)
            let answer = try await directly(store, choice)
            try await store.close()
            return answer
        } catch {
            throw CommandFailure(.failed, error.message)
        }
    }
}
