import FeedModel
import Glibc
import Logging
import Testing
import WatchCore

@testable import ServiceHost

@Suite struct JournalLogHandlerTests {
    /// A seqpacket pair keeps what one write(2) wrote apart from what the next did.
    private struct Ends {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0)
            (reader, writer) = (ends[0], ends[1])
        }

        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = recv(reader, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
        }

        func closeAll() { for end in [reader, writer] { close(end) } }
    }

    private struct FixedClock: WatchCore.Clock {
        func now() -> Timestamp { Timestamp(seconds: 1_750_152_600) }
        func uptime() -> Duration { .zero }
    }

    private func logger(_ ends: Ends, form: LogForm = .journal) -> Logger {
        Logger(label: "feedwatch") { _ in
            JournalLogHandler(form: form, descriptor: ends.writer, clock: FixedClock())
        }
    }

    @Test func anEntryIsOneWrite() throws {
        let ends = try Ends()
        defer { ends.closeAll() }
        let logger = logger(ends)
        logger.info("one", metadata: ["feed": "a"])
        logger.error("two\nlines")
        #expect(ends.next() == "<6>one feed=a\n")
        #expect(ends.next() == "<3>two\n<3>  lines\n")
        #expect(ends.next() == nil)
    }

    @Test func theLevelCanBeSet() throws {
        let ends = try Ends()
        defer { ends.closeAll() }
        var logger = logger(ends)
        logger.debug("not shown")
        #expect(ends.next() == nil)
        logger.logLevel = .debug
        logger.debug("shown")
        #expect(ends.next() == "<7>shown\n")
        logger.logLevel = .error
        logger.warning("not shown")
        #expect(ends.next() == nil)
    }

    @Test func theNearerMetadataWins() throws {
        let ends = try Ends()
        defer { ends.closeAll() }
        var logger = logger(ends)
        logger[metadataKey: "feed"] = "far"
        logger[metadataKey: "stage"] = "poll"
        logger.info("m", metadata: ["feed": "near"])
        #expect(ends.next() == "<6>m feed=near stage=poll\n")
    }

    @Test func theTimeIsTheClocks() throws {
        let ends = try Ends()
        defer { ends.closeAll() }
        logger(ends, form: .plain).notice("up")
        #expect(ends.next() == "2025-06-17T09:30:00.000Z notice   up\n")
    }

    @Test func anErrorIsShownWithItsEntry() throws {
        let ends = try Ends()
        defer { ends.closeAll() }
        let error = ControlError.notASocket(path: "/x")
        logger(ends).error("cannot listen", error: error)
        #expect(ends.next() == "<3>cannot listen error=\"/x is in the way: it is not a socket\"\n")
    }

    @Test func aReaderThatHasGoneDoesNotStopTheProcess() throws {
        let ends = try Ends()
        signal(SIGPIPE, SIG_IGN)
        close(ends.reader)
        logger(ends).info("lost")
        close(ends.writer)
    }
}
