import Delivery
import FeedModel
import Glibc
import QueueExecution
import Testing
import WatchCore

@Suite struct DelivererLogTests {
    private let fixture = DelivererFixture()

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func aFullDiskIsShownAndWorkGoesOnByItself() async throws {
        try await fixture.deliverer.start()
        fixture.disk.set { faults in
            faults.room = 50
            faults.canReserve = false
        }
        let lines = await fixture.outbox.store(3)
        let event = await fixture.outbox.store(1, in: .events)
        fixture.deliverer.wake()
        try await fixture.reports.wait { $0.contains { $0.holds(.matches) } }
        let held = await fixture.deliverer.health.held[.matches]
        #expect(held?.contains("No space left on device") == true)
        fixture.disk.set { $0.room = nil }
        try await fixture.reports.wait { $0.contains(.logResumed(.matches)) }
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(fixture.log() == text(lines))
        #expect(fixture.log(.events) == text(event))
        #expect(await fixture.deliverer.health.held.isEmpty)
        await fixture.deliverer.stop()
    }

    @Test func aFailedSyncStopsEverything() async throws {
        try await fixture.deliverer.start()
        let noted = await fixture.outbox.position(of: .matches)
        fixture.disk.set { $0.failsSync = true }
        await fixture.outbox.store(1)
        fixture.deliverer.wake()
        try await fixture.reports.wait { $0.contains { $0.isFatal } }
        #expect(await fixture.outbox.position(of: .matches) == noted)
        #expect(await fixture.deliverer.health.fatal?.contains("cannot be trusted") == true)
        await fixture.deliverer.drain(deadline: .seconds(60))
        await fixture.deliverer.stop()
    }

    @Test func aLogRenamedByTheUserIsLeftAtTheSignal() async throws {
        try await fixture.deliverer.start()
        let first = await fixture.outbox.store(2)
        await fixture.deliverer.drain(deadline: .seconds(60))
        fixture.folder.move("matches.jsonl", to: "matches.jsonl.1")
        await fixture.deliverer.reopenLogs()
        #expect(fixture.folder.names.contains("matches.jsonl"))
        let second = await fixture.outbox.store(2)
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(fixture.folder.text("matches.jsonl.1") == text(first))
        #expect(fixture.log() == text(second))
        await fixture.deliverer.stop()
    }

    @Test func rotationKeepsEveryLineOverAllFiles() async throws {
        try await fixture.deliverer.start()
        var all: [UInt8] = []
        for _ in 0..<5 {
            all += await fixture.outbox.store(3)
            fixture.deliverer.wake()
            try await fixture.deliverer.rotateLogs()
        }
        all += await fixture.outbox.store(1)
        await fixture.deliverer.drain(deadline: .seconds(60))
        let rotated = fixture.reports.all.compactMap { report -> String? in
            guard case .rotated(.matches, let path) = report else { return nil }
            return String(path.split(separator: "/").last ?? "")
        }
        let texts = rotated.map { fixture.folder.text($0) }
        #expect(texts.joined() + fixture.log() == text(all))
        #expect(rotated.count <= 5)
        #expect(Set(rotated).count == rotated.count)
        // An empty log is not rotated.
        #expect(!fixture.folder.names.contains { $0.hasPrefix("events.jsonl.") })
        await fixture.deliverer.stop()
    }

    @Test func manyLinesComeInBatches() async throws {
        try await fixture.deliverer.start()
        let syncs = fixture.disk.syncs
        let lines = await fixture.outbox.store(5_000, length: 1_000)
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(fixture.folder.bytes("matches.jsonl") == lines)
        #expect(fixture.disk.syncs - syncs <= 7)
        await fixture.deliverer.stop()
    }

    @Test func aFolderThatIsMissingFailsTheStart() async {
        let fixture = DelivererFixture(logFolder: fixture.folder.file("missing"))
        await #expect(throws: DeliveryError.self) { try await fixture.deliverer.start() }
    }

    @Test(.enabled(if: geteuid() == 0, "mounting takes root"))
    func aFullFileSystemLosesNothing() async throws {
        let folder = TemporaryFolder()
        let mounted = folder.makeFolder("small")
        guard await shell("mount -t tmpfs -o size=256k tmpfs \(mounted)", folder) else { return }
        do {
            try await fillAndEmpty(mounted, folder)
        } catch {
            Issue.record(error)
        }
        #expect(await shell("umount -l \(mounted)", folder))
    }

    @Test(.enabled(if: geteuid() == 0, "mounting takes root"))
    func aReadOnlyFileSystemIsNoReasonNotToStart() async throws {
        let folder = TemporaryFolder()
        let mounted = folder.makeFolder("small")
        guard await shell("mount -t tmpfs -o size=256k,ro tmpfs \(mounted)", folder) else { return }
        do {
            let fixture = DelivererFixture(folder: folder, logFolder: mounted)
            try await fixture.deliverer.start()
            let lines = await fixture.outbox.store(3)
            fixture.deliverer.wake()
            try await fixture.reports.wait { $0.contains { $0.holds(.matches) } }
            #expect(await shell("mount -o remount,rw \(mounted)", folder))
            try await fixture.reports.wait { $0.contains(.logResumed(.matches)) }
            await fixture.deliverer.drain(deadline: .seconds(60))
            #expect(folder.text("small/matches.jsonl") == text(lines))
            await fixture.deliverer.stop()
        } catch {
            Issue.record(error)
        }
        #expect(await shell("umount -l \(mounted)", folder))
    }

    private func fillAndEmpty(_ mounted: String, _ folder: TemporaryFolder) async throws {
        let fixture = DelivererFixture(folder: folder, logFolder: mounted)
        try await fixture.deliverer.start()
        // The ballast first: lines that are stored may be appended at any moment.
        folder.put("small/ballast", [UInt8](repeating: 1, count: 200 << 10))
        let lines = await fixture.outbox.store(30, length: 5_000)
        fixture.deliverer.wake()
        try await fixture.reports.wait { $0.contains { $0.holds(.matches) } }
        #expect(text(lines).hasPrefix(folder.text("small/matches.jsonl")))
        folder.remove("small/ballast")
        try await fixture.reports.wait { $0.contains(.logResumed(.matches)) }
        await fixture.deliverer.drain(deadline: .seconds(60))
        #expect(folder.text("small/matches.jsonl") == text(lines))
        await fixture.deliverer.stop()
    }

    private func shell(_ line: String, _ folder: TemporaryFolder) async -> Bool {
        let command = HookCommand(
            command: ["/bin/sh", "-c", line],
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
            directory: folder.path,
            input: [],
            timeLimit: .seconds(20)
        )
        return await ExecHook(
            command,
            watcher: DescriptorWatcher(on: QueueExecutor(label: "shell"))
        ).run().isDelivered
    }
}

extension DeliveryReport {
    /// Whether the report says that the log is held.
    func holds(_ stream: LogStream) -> Bool {
        if case .logHeld(stream, _) = self { true } else { false }
    }

    /// Whether everything stopped.
    var isFatal: Bool {
        if case .fatal = self { true } else { false }
    }
}
