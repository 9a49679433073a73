import Delivery
import Glibc
import Testing
import WatchCore

/// Everything that can go wrong with a log, in orders drawn by lot.
@Suite struct LogMischanceTests {
    /// A small generator whose sequence is the same in every run (SplitMix64).
    private struct Lot: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let foreign = "{\"note\":\"from somebody else\"}\n"

    @Test(arguments: UInt64(1)...200)
    func everyLineIsThereOnceAfterAnyMischance(seed: UInt64) throws {
        var lot = Lot(state: seed)
        let disk = FaultyDisk()
        disk.set { $0.pretendsSync = true }
        let log = LogHarness(disk: disk.calls)
        log.batch = Int.random(in: 1...5, using: &lot)
        var older: [String] = []
        for _ in 0..<40 {
            log.store(Int.random(in: 0...3, using: &lot), length: 30)
            switch Int.random(in: 0..<8, using: &lot) {
            case 0, 1:
                // The disk fills up in the midst of a line, or just before.
                disk.set { faults in
                    faults.room = Int.random(in: 0...250, using: &lot)
                    faults.canReserve = Bool.random(using: &lot)
                }
                try? log.run()
                disk.set { $0.room = nil }
            case 2, 3:
                try log.run(steps: Int.random(in: 1...4, using: &lot))
                log.restart()
            case 4 where log.folder.names.contains(LogHarness.name):
                let name = "\(LogHarness.name).\(older.count)"
                log.folder.move(LogHarness.name, to: name)
                older.append(name)
                if Bool.random(using: &lot) { log.folder.put(LogHarness.name, []) }
                // Somebody who renames twice without a line between is not followed.
                try log.run()
            case 5:
                try log.run()
                let name = "\(LogHarness.name).\(older.count)"
                if case .rotated = try log.writer.rotate(to: [name]) { older.append(name) }
                if Bool.random(using: &lot) {
                    log.restart()
                } else {
                    log.noted = log.writer.position
                }
            case 6:
                try log.run()
                log.folder.add(LogHarness.name, LogMischanceTests.foreign)
            default:
                disk.set { $0.interrupts = 2 }
                try log.run()
            }
        }
        try log.run()
        let all = (older + [LogHarness.name]).map { log.folder.text($0) }.joined()
        let ours = all.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { $0 + "\n" != LogMischanceTests.foreign }
            .joined(separator: "\n")
        #expect(ours == log.wanted)
        #expect(log.noted.seq == Int64(log.lines.count))
    }

    @Test(arguments: UInt64(1)...300)
    func aPowerCutLeavesNothingTornOrLost(seed: UInt64) throws {
        var lot = Lot(state: seed)
        let disk = FaultyDisk()
        disk.set { $0.pretendsSync = true }
        let log = LogHarness(disk: disk.calls)
        log.store(Int.random(in: 0...3, using: &lot))
        try log.run()
        let synced = log.folder.bytes(LogHarness.name)
        log.store(8, length: 300)
        // Of what was written behind the last sync, each sector is kept, zero, or cut off.
        var image = Array(log.wanted.utf8)
        let sector = Int.random(in: 1...512, using: &lot)
        var offset = synced.count
        while offset < image.count {
            let end = min(offset + sector, image.count)
            switch Int.random(in: 0..<10, using: &lot) {
            case 0: image.replaceSubrange(offset..<end, with: repeatElement(0, count: end - offset))
            case 1: image.removeSubrange(offset...)
            default: break
            }
            offset += sector
        }
        log.folder.put(LogHarness.name, image)
        log.restart(bootID: "boot2")
        try log.run()
        #expect(log.text == log.wanted)
    }
}
