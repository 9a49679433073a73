import FeedModel
import Testing
import WatchCore

@testable import SQLiteStore

@Suite struct SchemaTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func connect() throws -> Connection {
        try Connection(path: workshop.directory + "/state.sqlite", mode: .owner)
    }

    private func version(_ connection: Connection) throws -> Int64? {
        try connection.prepare("", "PRAGMA user_version").first { $0.integer(0) }
    }

    /// Makes a database as a version of the tables made it (Fixtures).
    private func restore(version: Int) throws {
        let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let sql = try #require(Workshop.read(folder + "/Fixtures/version-\(version).sql"))
        try connect().execute("", String(decoding: sql, as: UTF8.self))
    }

    /// The state of a real daemon, less what later versions added: one feed of four items, four
    /// lines, one hook that was told all of them, one that failed, and one that went.
    @Test(arguments: 2...6) func aStateOfALaterVersionIsReadWhole(version: Int) async throws {
        try restore(version: version)
        let store = try SQLiteStore(directory: workshop.directory)
        #expect(try await store.integrityCheck().isEmpty)
        let state = try #require(try await store.feeds().first)
        #expect(state.id == FeedID("f0") && state.validators.etag == "\"f4f7458e43dcb3f1\"")
        #expect(state.items == 4 && state.matches == 4 && state.hasBaseline)
        #expect(state.validatorsURL == state.url)
        #expect((state.cadence == Cadence()) == (version < 3))
        #expect((state.health == FeedHealth()) == (version < 6))
        #expect(try await store.seen(of: [state.id])[state.id]?.isEmpty == false)
        #expect(try await store.position(of: .matches).seq == 4)
        #expect(try await store.nextDelivery(to: HookID("all")) == nil)
        let failed = try await store.nextDelivery(to: HookID("fails"))?.delivery
        #expect(failed?.attempts == 1 && failed?.seq == 1)
        #expect((failed?.group == nil) == (version < 5))
        let pause = try await store.pauses()[HookID("leaves")]
        #expect((pause?.reason == .removed) == (version >= 5))
        let last = try #require(
            try await store.lines(of: .matches, after: 3, limit: .kibibytes(9)).first
        )
        _ = try await store.commit([], records: [Sample.draft("new")])
        let lines = try await store.lines(of: .matches, after: 4, limit: .kibibytes(1))
        let chained = Sample.draft("new").line(seq: 5, previous: LineHash(of: last.bytes))
        #expect(lines.map(\.bytes) == [chained])
    }

    /// A database as version 1 made it, rows in every table (Fixtures/version-1.sql).
    @Test func aStateOfVersionOneIsReadWhole() async throws {
        try restore(version: 1)
        let store = try SQLiteStore(directory: workshop.directory)
        #expect(try await store.integrityCheck().isEmpty)
        let feed = FeedID("agency")
        let state = try #require(try await store.feeds().first)
        #expect(state.id == feed && state.validators.etag == "\"v1\"" && state.reason == .timedOut)
        #expect(state.bodyHash == .max && state.polls == 12)
        #expect(try await store.seen(of: [feed]) == [feed: [1, 2]])
        #expect(try await store.seenArchive(of: feed) == [[3]])
        #expect(try await store.position(of: .matches).seq == 1)
        #expect(try await store.lines(of: .matches, after: 1, limit: .kibibytes(1)).count == 1)
        #expect(try await store.nextDelivery(to: HookID("desk"))?.delivery.attempts == 2)
        _ = try await store.commit([], records: [Sample.draft("new")])
        let lines = try await store.lines(of: .matches, after: 2, limit: .kibibytes(1))
        #expect(lines.map(\.seq) == [3])
        // The first chained line carries the hash of the last one of the older version.
        let older = Array("{\"schema\":1,\"seq\":2,\"id\":\"m2\"}\n".utf8)
        let chained = Sample.draft("new").line(seq: 3, previous: LineHash(of: older))
        #expect(lines.first?.bytes == chained)
    }

    @Test func laterMigrationsRunOnceAndInOrder() throws {
        let connection = try connect()
        try Schema.prepare(connection)
        #expect(try version(connection) == Schema.current)
        let next = Migration(
            version: Schema.current + 1,
            sql: "ALTER TABLE feed ADD COLUMN extra TEXT; CREATE TABLE more (n INTEGER) STRICT;"
        )
        for _ in 1...2 {
            try Schema.prepare(connection, migrations: Schema.migrations + [next])
            #expect(try version(connection) == next.version)
        }
        #expect(throws: StoreError.self) { try Schema.prepare(connection) }
    }

    @Test func aMigrationThatFailsChangesNothing() throws {
        let connection = try connect()
        try Schema.prepare(connection)
        let broken = Migration(
            version: Schema.current + 1,
            sql: "CREATE TABLE more (n INTEGER) STRICT; INSERT INTO nowhere VALUES (1);"
        )
        #expect(throws: StoreError.self) {
            try Schema.prepare(connection, migrations: Schema.migrations + [broken])
        }
        #expect(try version(connection) == Schema.current)
        try Schema.prepare(connection)
    }

    @Test func aNewerStateIsRefusedByOwnerAndReader() throws {
        do {
            let connection = try connect()
            try Schema.prepare(connection)
            try connection.execute("", "PRAGMA user_version = 99")
        }
        let reader = try SQLiteReader(directory: workshop.directory)
        let errors = [
            #expect(throws: StoreError.self) { try SQLiteStore(directory: workshop.directory) },
            #expect(throws: StoreError.self) { try reader.snapshot() },
        ]
        for error in errors { #expect(error?.message.contains("newer feedwatch") == true) }
    }

    @Test func strangersFilesAreRefused() throws {
        do { try connect().execute("", "CREATE TABLE theirs (n INTEGER)") }
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(directory: workshop.directory)
        }
        #expect(error?.message.contains("no state of feedwatch") == true)
        Workshop.write(
            Array(repeating: UInt8(ascii: "x"), count: 9000),
            to: workshop.directory + "/state.sqlite"
        )
        let damaged = #expect(throws: StoreError.self) {
            try SQLiteStore(directory: workshop.directory)
        }
        #expect(damaged?.isFatal == true)
    }
}
