internal import FeedModel
internal import WatchCore

/// Gives room that pruning left free back to the disk, a small step at a time.
struct Vacuum {
    /// The most pages of one step.
    private static let pages = 50
    /// Fewer free pages than this are kept for what comes next.
    private static let leastFree: Int64 = 500

    private let connection: Connection
    private let freePages: Statement
    private let allPages: Statement
    private let pageSize: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        freePages = try connection.prepare("counting pages", "PRAGMA freelist_count")
        allPages = try connection.prepare("counting pages", "PRAGMA page_count")
        pageSize = try connection.prepare("counting pages", "PRAGMA page_size")
    }

    /// How many bytes of the file are used.
    func used() throws(StoreError) -> Int {
        let free = try freePages.first { $0.integer(0) } ?? 0
        let all = try allPages.first { $0.integer(0) } ?? 0
        return Int(all - free) * Int(try pageSize.first { $0.integer(0) } ?? 0)
    }

    /// Frees one step's worth where a quarter of the file is unused, or the file is larger than
    /// `limit`; true where more may follow.
    func step(within limit: ByteCount? = nil) throws(StoreError) -> Bool {
        guard try isDue(limit) else { return false }
        try connection.execute(
            "giving room back",
            "PRAGMA incremental_vacuum(\(Vacuum.pages))"
        )
        try connection.checkpointIfDue()
        return try isDue(limit)
    }

    private func isDue(_ limit: ByteCount?) throws(StoreError) -> Bool {
        let free = try freePages.first { $0.integer(0) } ?? 0
        let all = try allPages.first { $0.integer(0) } ?? 0
        let size = Int(all) * Int(try pageSize.first { $0.integer(0) } ?? 0)
        if let limit, free > 0, size > limit.bytes { return true }
        return free >= Vacuum.leastFree && free * 4 >= all
    }
}
