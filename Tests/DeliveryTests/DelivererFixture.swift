import Delivery
import FeedModel
import WatchCore

/// A deliverer with its folder, outbox and reports.
final class DelivererFixture: Sendable {
    let folder: TemporaryFolder
    let outbox: MemoryOutbox
    let reports = ReportLog()
    let disk = FaultyDisk()
    let deliverer: Deliverer

    init(
        folder: TemporaryFolder = TemporaryFolder(),
        logFolder: String? = nil,
        outbox: MemoryOutbox = MemoryOutbox(),
        hooks: [HookSettings] = [],
        policy: DeliveryPolicy? = nil,
        courier: (any Courier)? = nil
    ) {
        self.folder = folder
        self.outbox = outbox
        let logs = logFolder ?? folder.path
        let reports = reports
        var setup = Deliverer.Setup(
            outbox: outbox,
            logs: [.matches: logs + "/matches.jsonl", .events: logs + "/events.jsonl"],
            hooks: hooks,
            clock: SystemTime(),
            workingDirectory: folder.path,
            bootID: "boot1",
            report: { reports.add($0) }
        )
        setup.courier = courier
        if let policy {
            setup.policy = policy
        } else {
            setup.policy.firstWait = .milliseconds(20)
            setup.policy.longestWait = .milliseconds(20)
        }
        setup.patience.toObey = .milliseconds(300)
        setup.patience.forOutput = .milliseconds(300)
        setup.disk = disk.calls
        deliverer = Deliverer(setup)
    }

    /// A hook that runs a script.
    static func hook(
        _ name: String,
        in folder: TemporaryFolder,
        _ body: String,
        limit: Duration = .seconds(20)
    ) -> HookSettings {
        var hook = HookSettings(id: HookID(name), command: ["/bin/sh", folder.script(name, body)])
        hook.timeLimit = limit
        return hook
    }

    /// What stands in the log.
    func log(_ stream: LogStream = .matches) -> String {
        folder.text(stream == .matches ? "matches.jsonl" : "events.jsonl")
    }
}
