import Delivery
import FeedModel
import Glibc
import Testing
import WatchCore

@Suite struct LogFaultTests {
    private let disk = FaultyDisk()
    private let log: LogHarness

    init() { log = LogHarness(disk: disk.calls) }

    @Test(arguments: [ENOSPC, EDQUOT, EIO], [true, false])
    func aFullDiskHoldsLinesAndLosesNone(code: Int32, canReserve: Bool) throws {
        log.store(2)
        try log.run()
        log.store(5)
        let next = log.lines[2].bytes.count
        for room in stride(from: 0, to: next, by: 13) {
            disk.set { faults in
                faults.room = room
                faults.code = code
                faults.canReserve = canReserve
            }
            #expect(throws: DeliveryError.self) { try log.run() }
            let bytes = log.folder.bytes(LogHarness.name)
            #expect(log.wanted.utf8.starts(with: bytes))
            if canReserve { #expect(bytes.last == 10) }
        }
        disk.set { $0.room = nil }
        try log.run()
        #expect(log.text == log.wanted)
        #expect(log.noted.seq == 7)
    }

    @Test func aLineTornByAFullDiskIsCompletedInTheRenamedFile() throws {
        log.store(2)
        try log.run()
        log.store(3)
        disk.set { faults in
            faults.room = 30
            faults.canReserve = false
        }
        #expect(throws: DeliveryError.self) { try log.run() }
        #expect(!log.text.hasSuffix("\n"))
        log.folder.move(LogHarness.name, to: "matches.jsonl.1")
        disk.set { $0.room = nil }
        try log.run()
        #expect(log.folder.text("matches.jsonl.1") == log.wanted(0..<3))
        #expect(log.text == log.wanted(3..<5))
    }

    @Test func aLineTornByAFullDiskIsCompletedAfterARestart() throws {
        log.store(4)
        disk.set { faults in
            faults.room = log.lines[0].bytes.count + 7
            faults.canReserve = false
        }
        #expect(throws: DeliveryError.self) { try log.run() }
        log.restart()
        #expect(throws: DeliveryError.self) { try log.run() }
        disk.set { $0.room = nil }
        log.restart()
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test func aTornLogThatWasTruncatedGetsWholeLines() throws {
        log.store(2)
        try log.run()
        log.store(2)
        disk.set { faults in
            faults.room = 30
            faults.canReserve = false
        }
        #expect(throws: DeliveryError.self) { try log.run() }
        log.folder.put(LogHarness.name, [])
        disk.set { $0.room = nil }
        try log.run()
        #expect(log.text == log.wanted(2..<4))
    }

    @Test func anInterruptedWriteIsRepeated() throws {
        log.store(3)
        disk.set { $0.interrupts = 3 }
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test func aFailedSyncIsFatalAndNothingIsNoted() throws {
        log.store(2)
        try log.run()
        let noted = log.noted
        log.store(2)
        disk.set { $0.failsSync = true }
        #expect {
            try log.run()
        } throws: { error in
            (error as? DeliveryError)?.isFatal == true
        }
        #expect(log.noted == noted)
        disk.set { $0.failsSync = false }
        #expect(throws: DeliveryError.stopped) { try log.run() }
        log.restart()
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test func aBatchCostsOneSync() throws {
        try log.run()
        let before = disk.syncs
        log.store(1_000)
        try log.run()
        #expect(disk.syncs == before + 1)
    }

    @Test func aFailedRotationGoesOnInTheNewFile() throws {
        log.store(2)
        try log.run()
        disk.set { $0.failsSync = true }
        #expect(throws: DeliveryError.self) { try log.writer.rotate(to: ["a"]) }
        disk.set { $0.failsSync = false }
        log.restart()
        log.store(1)
        try log.run()
        #expect(log.folder.text("a") == log.wanted(0..<2))
        #expect(log.text == log.wanted(2..<3))
    }
}
