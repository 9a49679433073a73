internal import FeedModel
internal import WatchCore

/// The hooks that are told nothing for now.
struct PauseTable {
    private let all: Statement
    private let set: Statement
    private let end: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        all = try connection.prepare(
            "reading pauses",
            "SELECT hook, reason, since, target FROM hook_pause"
        )
        set = try connection.prepare(
            "noting a pause",
            "INSERT OR REPLACE INTO hook_pause (hook, reason, since, target) VALUES (?, ?, ?, ?)"
        )
        end = try connection.prepare("ending a pause", "DELETE FROM hook_pause WHERE hook = ?")
    }

    /// All of them.
    func pauses() throws(StoreError) -> [HookID: HookPause] {
        let rows = try all.all { row in
            (
                HookID(row.text(0)),
                HookPause(
                    HookPause.Reason(rawValue: row.text(1)) ?? .removed,
                    since: row.moment(2),
                    target: UInt64(bitPattern: row.integer(3))
                )
            )
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Begins or, with nil, ends the pause of a hook.
    func set(_ pause: HookPause?, of hook: HookID) throws(StoreError) {
        guard let pause else { return try end.run(hook) }
        try set.run(hook, pause.reason.rawValue, pause.since, pause.target)
    }
}
