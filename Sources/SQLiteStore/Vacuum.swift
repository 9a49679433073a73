internal import WatchCore

/// Gives room that pruning left free back to the disk, a small step at a time.
struct Vacuum {
    /// The most pages of one step.
    private static let pages = 200
    /// Fewer free pages than this are kept for what comes next.
    private static let leastFree: Int64 = 2000

    private let connection: Connection
    private let freePages: Statement
    private let allPages: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        freePages = try connection.prepare("counting pages", "PRAGMA freelist_count")
        allPages = try connection.prepare("counting pages", "PRAGMA page_count")
    }

    /// Frees one step's worth where a quarter of the file is unused; true where more may follow.
    func step() throws(StoreError) -> Bool {
        guard try isDue() else { return false }
        try connection.execute(
            "giving room back",
            "PRAGMA incremental_vacuum(\(Vacuum.pages))"
        )
        try connection.checkpointIfDue()
        return try isDue()
    }

    private func isDue() throws(StoreError) -> Bool {
        let free = try freePages.first { $0.integer(0) } ?? 0
        let all = try allPages.first { $0.integer(0) } ?? 0
        return free >= Vacuum.leastFree && free * 4 >= all
    }
}
