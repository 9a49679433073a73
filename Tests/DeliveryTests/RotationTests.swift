import Delivery
import FeedModel
import Glibc
import Synchronization
import Testing
import WatchCore

/// The machine's clocks, the civil one moved as a test wants it.
final class MovedTime: Clock {
    private let ahead = Mutex(Duration.zero)
    private let stopped = Mutex(Timestamp?.none)

    func move(by duration: Duration) { ahead.withLock { $0 += duration } }

    /// Lets the civil clock stand still from now on.
    func stop() { stopped.withLock { $0 = SystemTime().now() } }

    func now() -> Timestamp {
        (stopped.withLock { $0 } ?? SystemTime().now()) + ahead.withLock { $0 }
    }

    func uptime() -> Duration { SystemTime().uptime() }
}

@Suite struct RotationTests {
    private let folder = TemporaryFolder()
    private let outbox = MemoryOutbox()
    private let clock = MovedTime()

    private func deliverer(_ rotation: LogRotation) -> Deliverer {
        var setup = Deliverer.Setup(
            outbox: outbox,
            logs: [.matches: folder.file("matches.jsonl")],
            hooks: [],
            clock: clock,
            workingDirectory: folder.path,
            bootID: "boot1",
            report: { _ in }
        )
        setup.rotation = rotation
        return Deliverer(setup)
    }

    /// Stores lines of about a kibibyte and waits until they are in the log.
    private func write(_ count: Int, _ deliverer: Deliverer) async -> String {
        let bytes = await outbox.store(count, length: 900)
        await deliverer.drain(deadline: .seconds(60))
        return String(decoding: bytes, as: UTF8.self)
    }

    private var rotated: [String] {
        folder.names.filter { $0.hasPrefix("matches.jsonl.2") }.sorted()
    }

    /// All that is in the log, oldest first.
    private var whole: String {
        (rotated + ["matches.jsonl"]).map { folder.text($0) }.joined()
    }

    @Test func aLogIsRotatedBeforeItGrowsBeyondItsSize() async throws {
        let deliverer = deliverer(LogRotation(rule: .size(.kibibytes(4))))
        try await deliverer.start()
        var text = await write(3, deliverer)
        #expect(rotated.isEmpty)
        text += await write(2, deliverer)
        #expect(rotated.count == 1)
        #expect(whole == text)
        // So soon after the last one a follower might miss the file.
        text += await write(4, deliverer)
        #expect(rotated.count == 1)
        clock.move(by: .seconds(4))
        text += await write(1, deliverer)
        #expect(rotated.count == 2)
        #expect(whole == text)
        await deliverer.stop()
    }

    @Test func aNewDayBeginsANewFileWithOrWithoutALine() async throws {
        let deliverer = deliverer(LogRotation(rule: .daily))
        try await deliverer.start()
        var text = await write(2, deliverer)
        #expect(rotated.isEmpty)
        clock.move(by: .seconds(86_400))
        text += await write(1, deliverer)
        #expect(rotated.count == 1)
        #expect(folder.text("matches.jsonl").split(separator: "\n").count == 1)
        // By the clock of the file the line above is of today: it is a day old again.
        clock.move(by: .seconds(10))
        await deliverer.reopenLogs()
        #expect(rotated.count == 2)
        #expect(whole == text)
        await deliverer.stop()
    }

    @Test func whatIsNotKeptGoesOldestFirstAndIsNoted() async throws {
        folder.put("matches.jsonl.1", Array("somebody else's\n".utf8))
        folder.put("matches.jsonl.20010101T000000Z.gz", [0x1F, 0x8B])
        let deliverer = deliverer(LogRotation(kept: 2))
        try await deliverer.start()
        var texts: [String] = []
        for _ in 1...4 {
            texts.append(await write(2, deliverer))
            try await deliverer.rotateLogs()
            clock.move(by: .seconds(1))
        }
        texts.append(await write(1, deliverer))
        #expect(rotated.count == 2)
        #expect(whole == texts[2...].joined())
        #expect(await outbox.dropped[.matches] == 4)
        #expect(folder.names.contains("matches.jsonl.1"))
        await deliverer.update(rotation: LogRotation(kept: 0))
        await deliverer.reopenLogs()
        #expect(rotated.isEmpty)
        #expect(await outbox.dropped[.matches] == 8)
        #expect(folder.text("matches.jsonl") == texts[4])
        await deliverer.stop()
    }

    @Test(arguments: ["", ".gz", ".xz", ".zst"])
    func aNameThatAFileWentByIsNotGivenAgain(ending: String) async throws {
        clock.stop()
        let deliverer = deliverer(LogRotation())
        try await deliverer.start()
        for number in 1...3 {
            _ = await write(1, deliverer)
            try await deliverer.rotateLogs()
            #expect(rotated.count == number)
            // As if it were compressed by the time of the next rotation.
            for name in rotated where !name.hasSuffix(ending) {
                #expect(rename(folder.file(name), folder.file(name + ending)) == 0)
            }
        }
        #expect(Set(rotated.map { $0.dropLast(ending.utf8.count) }).count == 3)
        await deliverer.stop()
    }

    @Test func aLogThatCannotBeRenamedIsWrittenOn() async throws {
        let deliverer = deliverer(LogRotation(rule: .size(.kibibytes(4))))
        try await deliverer.start()
        clock.stop()
        var wanted = await write(3, deliverer)
        // All names that the log could get are taken.
        let stamp = clock.now().rfc3339Seconds.filter { $0 != "-" && $0 != ":" }
        let names = ["matches.jsonl.\(stamp)"] + (2...99).map { "matches.jsonl.\(stamp)-\($0)" }
        for name in names { folder.put(name, Array("mine\n".utf8)) }
        await #expect(throws: DeliveryError.self) { try await deliverer.rotateLogs() }
        wanted += await write(6, deliverer)
        #expect(folder.text("matches.jsonl") == wanted)
        let health = await deliverer.health
        #expect(health.held.isEmpty, "\(health.held)")
        #expect(names.allSatisfy { folder.text($0) == "mine\n" })
        for name in names { folder.remove(name) }
        try await deliverer.rotateLogs()
        #expect(folder.text("matches.jsonl") == "")
        #expect(whole == wanted)
        await deliverer.stop()
    }

    @Test func aClockThatWasSetBackMakesNoFileOlderThanItsLines() async throws {
        let deliverer = deliverer(LogRotation(kept: 1))
        try await deliverer.start()
        _ = await write(1, deliverer)
        try await deliverer.rotateLogs()
        clock.move(by: .seconds(-7_200))
        let later = await write(1, deliverer)
        try await deliverer.rotateLogs()
        #expect(rotated.map { folder.text($0) } == [later])
        await deliverer.stop()
    }
}
