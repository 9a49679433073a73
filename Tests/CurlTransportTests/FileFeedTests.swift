import FeedModel
import Glibc
import Testing
import WatchCore

/// Feeds that are files.
@Suite struct FileFeedTests {
    /// A folder of a test's own, with an allowed one in it.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/feedwatch-file-XXXXXX".utf8CString)
            let made = try #require(mkdtemp(&template))
            path = String(cString: made)
            mkdir("\(path)/open", 0o755)
            mkdir("\(path)/open/in", 0o755)
        }

        deinit {
            for name in [
                "open/a.xml", "open/in/b b.xml", "open/link.xml", "open/pipe", "open/in",
                "open/out", "secret.xml", "open",
            ] {
                let path = "\(path)/\(name)"
                if unlink(path) != 0 { rmdir(path) }
            }
            rmdir(path)
        }

        func write(_ text: String, to name: String) {
            guard let file = fopen("\(path)/\(name)", "w") else { return }
            fputs(text, file)
            fclose(file)
        }
    }

    private func limits(_ folder: Folder) -> Limits {
        .loopback {
            $0.allowFiles = ["\(folder.path)/open"]
            $0.document = .kibibytes(1)
        }
    }

    @Test func aFileIsReadAndItsTagIsAValidator() async throws {
        let folder = try Folder()
        folder.write("<rss/>", to: "open/a.xml")
        folder.write("<feed/>", to: "open/in/b b.xml")
        let fetcher = Fetcher(limits(folder))
        let first = try await fetcher.fetch(PollRequest("file://\(folder.path)/open/a.xml"))
        #expect(first.text == "<rss/>")
        let tag = try #require(first.response?.header("etag"))
        let validators = Validators(etag: tag)
        var request = PollRequest("file://\(folder.path)/open/a.xml", validators: validators)
        #expect(try await fetcher.fetch(request).response?.status == 304)
        folder.write("<rss>more</rss>", to: "open/a.xml")
        #expect(try await fetcher.fetch(request).text == "<rss>more</rss>")
        request.url = "file://localhost\(folder.path)/open/in/b%20b.xml"
        #expect(try await fetcher.fetch(request).text == "<feed/>")
        await fetcher.stop()
    }

    @Test func manyFilesComeOneAfterTheOther() async throws {
        let folder = try Folder()
        folder.write("<rss/>", to: "open/a.xml")
        let fetcher = Fetcher(limits(folder))
        let url = "file://\(folder.path)/open/a.xml"
        await fetcher.start((0..<100).map { PollRequest(feed: FeedID("\($0)"), url: url) })
        #expect(await fetcher.results(100).allSatisfy { $0.text == "<rss/>" })
        await fetcher.start((0..<100).map { PollRequest(feed: FeedID("\($0)"), url: url) })
        await fetcher.stop()
        #expect(await fetcher.results(200).count == 200)
    }

    @Test func nothingElseIsRead() async throws {
        let folder = try Folder()
        folder.write("secret", to: "secret.xml")
        folder.write(String(repeating: "x", count: 1_025), to: "open/a.xml")
        symlink("../secret.xml", "\(folder.path)/open/link.xml")
        symlink("..", "\(folder.path)/open/out")
        mkfifo("\(folder.path)/open/pipe", 0o644)
        let rows: [(String, FailureReason)] = [
            ("secret.xml", .addressBlocked), ("open/../secret.xml", .addressBlocked),
            ("open/%2e%2e/secret.xml", .addressBlocked), ("open/link.xml", .addressBlocked),
            ("open/out/secret.xml", .addressBlocked), ("open/in", .addressBlocked),
            ("open/pipe", .addressBlocked), ("open", .addressBlocked),
            ("open/none.xml", .notFound), ("open/a.xml", .tooLarge),
            ("open/a.xml/b", .notFound), ("opened/a.xml", .addressBlocked),
        ]
        let fetcher = Fetcher(limits(folder))
        for (name, reason) in rows {
            let result = try await fetcher.fetch(PollRequest("file://\(folder.path)/\(name)"))
            #expect(result.failure?.reason == reason, "\(name): \(result.outcome)")
        }
        await fetcher.stop()
        let unasked = try await fetch("file://\(folder.path)/open/a.xml", .loopback)
        #expect(unasked.failure?.reason == .addressBlocked)
        #expect(unasked.failure?.message.contains("limits.allow_files") == true)
    }
}
