import CPosix
import FeedModel
import Glibc
import Testing
import WatchCore

@testable import SQLiteStore

@Suite struct StoreErrorTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// Codes by their numbers in sqlite3.h.
    @Test(arguments: [
        ("SQLITE_FULL", 13, true, false), ("SQLITE_BUSY", 5, true, false),
        ("SQLITE_LOCKED", 6, true, false), ("SQLITE_NOMEM", 7, true, false),
        ("SQLITE_READONLY", 8, true, false), ("SQLITE_READONLY_DBMOVED", 1032, false, false),
        ("SQLITE_INTERRUPT", 9, true, false), ("SQLITE_IOERR", 10, true, false),
        ("SQLITE_IOERR_READ", 266, true, false), ("SQLITE_IOERR_WRITE", 778, true, false),
        ("SQLITE_IOERR_FSYNC", 1034, false, true), ("SQLITE_IOERR_DIR_FSYNC", 1290, false, true),
        ("SQLITE_CORRUPT", 11, false, true), ("SQLITE_NOTADB", 26, false, true),
        ("SQLITE_CONSTRAINT", 19, false, false), ("SQLITE_TOOBIG", 18, false, false),
        ("SQLITE_MISUSE", 21, false, false), ("SQLITE_CANTOPEN", 14, true, false),
    ])
    func codesSayWhatCanBeDone(_ name: String, _ code: Int, _ transient: Bool, _ fatal: Bool) {
        let error = StoreError(
            code: Int32(code),
            path: "/s/state.sqlite",
            purpose: "storing polls",
            words: "words",
            systemError: EIO
        )
        #expect(error.isTransient == transient && error.isFatal == fatal)
        #expect(error.message.hasPrefix("/s/state.sqlite: storing polls: words"))
        #expect(error.message.contains("\(code)"))
    }

    /// A database held to its size stands for a full disk: the same code, the same roll-back.
    @Test func aFullDiskTakesNothingInAndWorkGoesOnWhenThereIsRoom() throws {
        let connection = try Connection(path: workshop.directory + "/s.sqlite", mode: .owner)
        try Schema.prepare(connection)
        let database = try StateDatabase(connection)
        _ = try database.commit([Sample.commit(1)], records: [])
        let pages = try connection.prepare("", "PRAGMA page_count").first { $0.integer(0) } ?? 0
        try connection.execute("", "PRAGMA max_page_count = \(pages)")
        var large = Sample.commit(2, lines: [Sample.draft("a", hooks: ["desk"])])
        large.seen = [UInt8](repeating: 1, count: 100_000)
        for _ in 1...2 {
            let error = #expect(throws: StoreError.self) {
                try database.commit([large], records: [])
            }
            #expect(error?.isTransient == true && error?.isFatal == false)
            #expect(error?.message.contains("full") == true)
        }
        #expect(try database.feeds() == [Sample.feed(1)])
        #expect(try database.lines(of: .matches, after: 0, limit: .kibibytes(1)).isEmpty)
        _ = try database.commit([Sample.commit(1)], records: [])
        try connection.execute("", "PRAGMA max_page_count = 1000000")
        #expect(try database.commit([large], records: []) == CommitReceipt(lines: 1))
        #expect(try database.feeds().map(\.id.rawValue) == ["feed-1", "feed-2"])
        #expect(try database.lines(of: .matches, after: 0, limit: .kibibytes(1)).count == 1)
        #expect(try database.integrityCheck().isEmpty)
    }

    @Test func aTransactionThatThrowsLeavesNoTraceAndTheConnectionUsable() throws {
        let connection = try Connection(path: workshop.directory + "/s.sqlite", mode: .owner)
        try connection.execute("", "CREATE TABLE t (n INTEGER)")
        let insert = try connection.prepare("", "INSERT INTO t VALUES (?)")
        let count = try connection.prepare("", "SELECT count(*) FROM t")
        #expect(throws: StoreError.self) {
            try connection.transaction("") { () throws(StoreError) in
                try insert.run(1)
                throw StoreError(message: "no")
            }
        }
        #expect(try count.first { $0.integer(0) } == 0)
        try connection.transaction("") { () throws(StoreError) in try insert.run(2) }
        #expect(try count.first { $0.integer(0) } == 1)
    }
}
