import FeedModel
import Glibc
import Logging
import Testing

@testable import ServiceHost

@Suite struct LogFormTests {
    @Test func theJournalIsKnownByItsStream() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var status = stat()
        try #require(fstat(ends[1], &status) == 0)
        let right = ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"]
        let wrong = ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino + 1)"]
        #expect(LogForm(for: ends[1], environment: ProcessEnvironment(right)) == .journal)
        #expect(LogForm(for: ends[1], environment: ProcessEnvironment(wrong)) == .plain)
        #expect(LogForm(for: ends[1], environment: ProcessEnvironment()) == .plain)
        #expect(LogForm(for: -1, environment: ProcessEnvironment(right)) == .plain)
    }

    @Test func aTerminalGetsColourUnlessSomebodyObjects() throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
        defer { close(terminal) }
        func form(_ values: [String: String]) -> LogForm {
            LogForm(for: terminal, environment: ProcessEnvironment(values))
        }
        #expect(form(["TERM": "xterm"]) == .coloured)
        #expect(form(["TERM": "xterm", "NO_COLOR": "1"]) == .plain)
        #expect(form(["TERM": "dumb"]) == .plain)
    }

    private func entry(
        _ form: LogForm,
        _ message: String,
        _ metadata: Logger.Metadata = [:],
        level: Logger.Level = .info
    ) -> String {
        let bytes = LogFormatter(form: form)
            .entry(
                level: level,
                message: message,
                metadata: metadata,
                time: Timestamp(seconds: 1_750_152_600)
            )
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3),
        (.critical, 2),
    ])
    func eachLevelHasItsPriority(level: Logger.Level, priority: Int) {
        #expect(entry(.journal, "hello", level: level) == "<\(priority)>hello\n")
    }

    @Test func peopleSeeTimeAndLevel() {
        #expect(entry(.plain, "started") == "2025-06-17T09:30:00.000Z info     started\n")
        #expect(
            entry(.coloured, "no", level: .error)
                == "2025-06-17T09:30:00.000Z \u{1B}[31merror   \u{1B}[0m no\n"
        )
    }

    @Test func metadataFollowsInAFixedOrder() {
        let metadata: Logger.Metadata = [
            "zeta": "1", "duration_ms": "12", "feed": "yonhap-nk", "alpha": "two words",
            "reason": "timed_out", "list": ["a", "b"], "table": ["k": "v"],
            "n": .stringConvertible(3),
        ]
        #expect(
            entry(.journal, "feed fails", metadata) == """
                <6>feed fails feed=yonhap-nk reason=timed_out duration_ms=12 alpha="two words" \
                list=a,b n=3 table="k=v" zeta=1

                """
        )
    }

    @Test func everyLineOfAMessageHasItsOwnPriority() {
        let message = "configuration rejected\na.toml:3:5: error: unknown key\n  intervall = 1"
        #expect(
            entry(.journal, message, ["reason": "syntax"], level: .error) == """
                <3>configuration rejected reason=syntax
                <3>  a.toml:3:5: error: unknown key
                <3>    intervall = 1

                """
        )
        #expect(
            entry(.plain, "a\nb", level: .error)
                == "2025-06-17T09:30:00.000Z error    a\n  b\n"
        )
    }

    @Test func whatAFeedSaysCannotForgeAnEntry() {
        let metadata: Logger.Metadata = ["title": "x\n<0>panic\u{1B}[2J", "k\n<0>": "v"]
        #expect(
            entry(.journal, "match", metadata)
                == "<6>match k\\n<0>=v title=\"x\\n<0>panic\\u{1B}[2J\"\n"
        )
    }

    @Test func aLongLineIsCutBeforeTheJournalCutsIt() {
        let text = entry(
            .journal,
            "long",
            ["title": .string(String(repeating: "ж", count: 40_000))]
        )
        #expect(text.utf8.count < 17_000)
        #expect(text.hasPrefix("<6>long title=жж"))
        #expect(text.hasSuffix("ж…\n"))
    }
}
