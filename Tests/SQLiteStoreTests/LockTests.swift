import Glibc
import SQLiteStore
import Testing
import WatchCore

@Suite struct LockTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func aSecondInstanceIsToldWhereAndWho() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(directory: workshop.state)
        }
        let message = try #require(error?.message)
        #expect(message.contains(workshop.state) && message.contains("process \(getpid())"))
        try await store.close()
        let next = try SQLiteStore(directory: workshop.state)
        try await next.close()
    }

    @Test func aStoreThatIsLetGoGivesItsDirectoryBack() async throws {
        do { _ = try await SQLiteStore(directory: workshop.state).feeds() }
        let next = try SQLiteStore(directory: workshop.state)
        try await next.close()
    }

    @Test func aLockFileThatWasRemovedLocksNothing() async throws {
        let store = try SQLiteStore(directory: workshop.state)
        try await store.close()
        unlink(workshop.state + "/lock")
        let next = try SQLiteStore(directory: workshop.state + "/")
        #expect(throws: StoreError.self) { try SQLiteStore(directory: workshop.state) }
        try await next.close()
    }

    @Test func directoriesAreMadeAsDeepAsNeeded() async throws {
        let deep = workshop.directory + "/a/b//c"
        let store = try SQLiteStore(directory: deep)
        try await store.close()
        Workshop.write([], to: workshop.directory + "/file")
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(directory: workshop.directory + "/file/state")
        }
        #expect(error?.message.contains("/file") == true)
    }
}
