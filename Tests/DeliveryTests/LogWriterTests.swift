import Delivery
import FeedModel
import Glibc
import Testing
import WatchCore

@Suite struct LogWriterTests {
    private let log = LogHarness()

    @Test func linesStandInTheLogOnceAndInOrder() throws {
        log.store(3)
        try log.run()
        log.store(2)
        try log.run()
        #expect(log.text == log.wanted)
        #expect(log.noted.seq == 5)
        #expect(log.noted.offset == Int64(log.wanted.utf8.count))
        var status = stat()
        #expect(stat(log.folder.file(LogHarness.name), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
        #expect(log.noted.inode == UInt64(status.st_ino))
    }

    @Test func aTornLineIsCompletedWhereverItWasTorn() throws {
        log.store(3, length: 20)
        let whole = Array(log.wanted.utf8)
        let first = log.lines[0].bytes.count
        let disk = FaultyDisk()
        disk.set { $0.pretendsSync = true }
        for cut in first...whole.count {
            let log = LogHarness(disk: disk.calls)
            log.store(1, length: 20)
            try log.run()
            log.store(2, length: 20)
            log.folder.put(LogHarness.name, Array(whole[..<cut]))
            log.restart()
            try log.run()
            #expect(log.text == log.wanted, "cut at \(cut)")
            #expect(log.noted.seq == 3)
        }
    }

    @Test(arguments: [1, 2, 7])
    func linesThatWereNotNotedAreFoundInTheLog(batch: Int) throws {
        log.store(2)
        try log.run()
        log.store(20)
        log.folder.put(LogHarness.name, Array(log.wanted(0..<17).utf8))
        log.batch = batch
        log.restart()
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test func aLogRenamedWithoutASignalIsLeftBehind() throws {
        log.store(2)
        try log.run()
        log.folder.move(LogHarness.name, to: "matches.jsonl.1")
        log.store(2)
        try log.run()
        #expect(log.folder.text("matches.jsonl.1") == log.wanted(0..<2))
        #expect(log.text == log.wanted(2..<4))
    }

    @Test func aLineTornBeforeARenameIsCompletedUnderTheNewName() throws {
        log.store(2)
        try log.run()
        log.store(2)
        let torn = Array(log.wanted(0..<3).utf8.dropLast(9))
        log.folder.put(LogHarness.name, torn)
        log.folder.move(LogHarness.name, to: "old")
        log.restart()
        try log.run()
        #expect(log.folder.text("old") == log.wanted(0..<3))
        #expect(log.text == log.wanted(3..<4))
    }

    @Test func linesWrittenJustBeforeARenameAndACrashAreNotRepeated() throws {
        log.store(2)
        try log.run()
        log.store(3)
        log.folder.put(LogHarness.name, Array(log.wanted(0..<4).utf8))
        log.folder.move(LogHarness.name, to: "matches.jsonl.1")
        log.folder.put(LogHarness.name, [])
        log.restart()
        try log.run()
        #expect(log.folder.text("matches.jsonl.1") == log.wanted(0..<4))
        #expect(log.text == log.wanted(4..<5))
    }

    @Test func aDeletedLogIsMadeAnew() throws {
        log.store(2)
        try log.run()
        log.folder.remove(LogHarness.name)
        log.store(1)
        try log.run()
        #expect(log.text == log.wanted(2..<3))
        log.folder.remove(LogHarness.name)
        log.restart()
        log.store(1)
        try log.run()
        #expect(log.text == log.wanted(3..<4))
    }

    @Test(arguments: [true, false])
    func aLogCopiedAndTruncatedGoesOn(restarts: Bool) throws {
        log.store(5)
        try log.run()
        log.folder.put(LogHarness.name, [])
        if restarts { log.restart() }
        log.store(2)
        try log.run()
        #expect(log.text == log.wanted(5..<7))
        #expect(!log.folder.bytes(LogHarness.name).contains(0))
    }

    @Test(arguments: [true, false])
    func somebodyElsesHalfLineIsClosed(restarts: Bool) throws {
        log.store(2)
        try log.run()
        log.folder.add(LogHarness.name, "{\"note\":\"whole\"}\n{\"note\":")
        if restarts { log.restart() }
        log.store(2)
        try log.run()
        let foreign = "{\"note\":\"whole\"}\n{\"note\":\n"
        #expect(log.text == log.wanted(0..<2) + foreign + log.wanted(2..<4))
    }

    @Test func aFileReplacedByACopyWithNewerLinesIsRecognised() throws {
        log.store(2)
        try log.run()
        log.store(3)
        // An editor's save: another inode, with lines that no note knows.
        log.folder.put("copy", Array(log.wanted(0..<4).utf8))
        log.folder.move("copy", to: LogHarness.name)
        log.restart()
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test(arguments: ["boot1", "boot2"])
    func aStrangersFileThatGotTheInodeIsLeftAlone(bootID: String) throws {
        log.store(2)
        try log.run()
        // The same inode under another name, with what is no log.
        let stranger = Array("not a log\n\u{0}\u{0}\n{".utf8)
        log.folder.put(LogHarness.name, stranger)
        log.folder.move(LogHarness.name, to: "stranger")
        log.noted.offset = 10
        log.store(1)
        log.restart(bootID: bootID)
        try log.run()
        #expect(log.folder.bytes("stranger") == stranger)
        #expect(log.text == log.wanted(2..<3))
    }

    @Test func aCopyThatTookTheLogsPlaceIsWrittenTo() throws {
        log.store(2)
        try log.run()
        log.folder.put("copy", log.folder.bytes(LogHarness.name))
        log.folder.move("copy", to: LogHarness.name)
        log.store(1)
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test func afterAPowerCutRubbishIsCutAndWrittenAgain() throws {
        log.store(2)
        try log.run()
        log.store(4)
        var image = Array(log.wanted(0..<6).utf8)
        let third = log.wanted(0..<3).utf8.count
        for index in third + 10..<third + 40 { image[index] = 0 }
        log.folder.put(LogHarness.name, image)
        log.restart(bootID: "boot2")
        try log.run()
        #expect(log.text == log.wanted)
        #expect(log.noted.bootID == "boot2")
    }

    @Test(arguments: [0, 1, 17, 512, 4_096])
    func afterAPowerCutZerosBehindTheNotedEndAreCut(zeros: Int) throws {
        log.store(2)
        try log.run()
        log.folder.put(
            LogHarness.name,
            Array(log.wanted.utf8) + [UInt8](repeating: 0, count: zeros)
        )
        log.store(1)
        log.restart(bootID: "boot2")
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test(arguments: [1, 2])
    func rubbishBehindABatchIsStillCutAfterAPowerCut(batch: Int) throws {
        log.store(1)
        try log.run()
        log.store(4)
        log.folder.put(LogHarness.name, Array(log.wanted(0..<3).utf8) + [0, 0, 0, 10])
        log.batch = batch
        log.restart(bootID: "boot2")
        try log.run()
        #expect(log.text == log.wanted)
    }

    @Test func withinABootNothingIsEverCut() throws {
        log.store(2)
        try log.run()
        let before = Array(log.wanted.utf8) + [0, 0, 10]
        log.folder.put(LogHarness.name, before)
        log.store(1)
        log.restart()
        try log.run()
        #expect(log.folder.bytes(LogHarness.name) == before + log.lines[2].bytes)
    }

    @Test func aLogRotatesBetweenTwoLines() throws {
        log.store(3)
        try log.run()
        #expect(
            try log.writer.rotate(to: ["matches.jsonl.a"])
                == .rotated(log.folder.file("matches.jsonl.a"))
        )
        log.noted = log.writer.position
        #expect(try log.writer.rotate(to: ["matches.jsonl.b"]) == .empty)
        log.store(2)
        try log.run()
        #expect(
            try log.writer.rotate(to: ["matches.jsonl.a", "matches.jsonl.c"])
                == .rotated(log.folder.file("matches.jsonl.c"))
        )
        log.noted = log.writer.position
        log.restart()
        log.store(1)
        try log.run()
        #expect(log.folder.text("matches.jsonl.a") == log.wanted(0..<3))
        #expect(log.folder.text("matches.jsonl.c") == log.wanted(3..<5))
        #expect(log.text == log.wanted(5..<6))
    }

    @Test func aRotationWithoutItsNoteRepeatsNothing() throws {
        log.store(3)
        try log.run()
        let noted = log.noted
        _ = try log.writer.rotate(to: ["matches.jsonl.a"])
        log.noted = noted
        log.restart()
        log.store(1)
        try log.run()
        #expect(log.folder.text("matches.jsonl.a") == log.wanted(0..<3))
        #expect(log.text == log.wanted(3..<4))
    }

    @Test func whatSomebodyDidToTheLogIsSaid() throws {
        log.store(3)
        try log.run()
        #expect(log.writer.disturbance == nil)
        #expect(truncate(log.folder.file(LogHarness.name), 5) == 0)
        log.restart()
        log.store(1)
        try log.run()
        #expect(log.writer.disturbance?.contains("shorter or changed, 5 bytes of") == true)
        log.writer.disturbance = nil
        log.folder.remove(LogHarness.name)
        log.restart()
        log.store(1)
        try log.run()
        #expect(log.writer.disturbance?.hasSuffix("is no longer in its folder") == true)
    }

    @Test(arguments: ["folder", "fifo"])
    func whatIsNoRegularFileIsRefused(kind: String) {
        let path = log.folder.file(LogHarness.name)
        #expect((kind == "fifo" ? mkfifo(path, 0o600) : mkdir(path, 0o700)) == 0)
        log.store(1)
        #expect(throws: DeliveryError.self) { try log.run() }
    }

    @Test(arguments: [true, false])
    func aSymbolicLinkIsRefusedAndItsFileIsLeftAlone(isDangling: Bool) throws {
        let target = log.folder.file("elsewhere")
        if !isDangling { log.folder.put("elsewhere", Array("mine\n".utf8)) }
        #expect(symlink(target, log.folder.file(LogHarness.name)) == 0)
        log.store(1)
        #expect {
            try log.run()
        } throws: { error in
            "\(error)".hasSuffix("is a symbolic link; name the file that it leads to")
        }
        #expect(log.folder.text("elsewhere") == (isDangling ? "" : "mine\n"))
    }

    @Test func aGapInTheOutboxIsRefused() throws {
        log.store(2)
        try log.run()
        let gap = LogLine(seq: 4, bytes: [10])
        #expect {
            try log.writer.advance([gap])
        } throws: { error in
            error as? DeliveryError
                == .linesMissing(
                    path: log.folder.file(LogHarness.name),
                    expected: 3,
                    found: 4
                )
        }
    }
}
