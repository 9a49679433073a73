import Glibc
import Testing

/// `parse --batch` as a process that lives long.
@Suite struct ParseBatchTests {
    /// Documents of every kind: well-formed, broken, of another encoding, cut off, no feeds at all.
    private static let documents: [[UInt8]] = {
        let item = "<item><guid>g</guid><title>Boats &amp; tides</title></item>"
        let items = String(repeating: item, count: 2)
        let rss = "<rss version=\"2.0\"><channel><title>Pier</title>\(items)</channel></rss>"
        let atom = """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>Pier</title><entry><id>urn:e</id>
            <content type="html">&lt;p&gt;Tides&lt;/p&gt;</content></entry></feed>
            """
        let json = """
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "x"}]}
            """
        let legacy = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>" + rss
        let texts = [
            rss, atom, json, legacy, rss.replacing("&amp;", with: "&"),
            rss.replacing("</item>", with: ""), String(rss.dropLast(40)), "<html><body>x",
            String(json.dropLast(20)), "", "<rss>&bogus;",
        ]
        return texts.map { Array($0.utf8) } + [Array(legacy.utf8) + [0xFF, 0xE0, 0xE1]]
    }()

    /// The most memory a process has had, in kilobytes.
    private func peak(of process: pid_t) -> Int {
        for line in Workspace.text(of: "/proc/\(process)/status").split(separator: "\n")
        where line.hasPrefix("VmHWM:") {
            return line.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0
        }
        return 0
    }

    /// The last bytes of a file.
    private func end(of path: String) -> String {
        guard let file = fopen(path, "rb") else { return "" }
        defer { fclose(file) }
        fseek(file, -300, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    @Test func tenThousandDocumentsTakeNoMoreMemoryThanAThousand() async throws {
        let workspace = try Workspace()
        var names: [String] = []
        for (index, document) in Self.documents.enumerated() {
            let path = "\(workspace.directory)/\(index).xml"
            let file = try #require(fopen(path, "wb"))
            fwrite(document, 1, document.count, file)
            fclose(file)
            names.append(path)
        }
        let jobs = "\(workspace.directory)/jobs"
        #expect(mkfifo(jobs, 0o600) == 0)
        // For both, so that neither this nor the child waits for the other to open it.
        let pipe = try #require(fdopen(open(jobs, O_RDWR | O_CLOEXEC), "w"))
        let program = try Program(["parse", "--batch"], in: workspace, input: jobs)
        func send(_ range: Range<Int>) async throws {
            for index in range {
                fputs("{\"file\": \"\(names[index % names.count])\"}\n", pipe)
            }
            fputs("{\"file\": \"/nowhere/\(range.upperBound)\"}\n", pipe)
            fflush(pipe)
            let isDone = try await eventually(within: .seconds(120)) {
                end(of: program.outputPath).contains("/nowhere/\(range.upperBound)\"")
            }
            #expect(isDone)
        }
        try await send(0..<1_000)
        let early = peak(of: program.process)
        try await send(1_000..<10_000)
        let late = peak(of: program.process)
        fclose(pipe)
        #expect(try await program.wait() == 0)
        #expect(early > 0)
        #expect(late - early < 2_048, "\(early) kB after 1,000, \(late) kB after 10,000")
        // In order, and each answered.
        let answers = program.output.split(separator: "\n").filter { !$0.contains("/nowhere/") }
        #expect(answers.count == 10_000)
        for (index, answer) in answers.enumerated() {
            try #require(
                answer.hasPrefix("{\"file\":\"\(names[index % names.count])\""),
                "\(index)"
            )
        }
    }

    @Test func aHeaderThatIsNoTextIsAsIfItWereNotThere() async throws {
        let workspace = try Workspace()
        let document = "\(workspace.directory)/feed.xml"
        let jobs = "\(workspace.directory)/jobs"
        try workspace.write("<rss version=\"2.0\"><channel/></rss>", to: document)
        let headers = [
            "{\"Content-Length\": 12, \"X\": null}", "{\"Content-Language\": [\"de\", \"ko\"]}",
            "null",
        ]
        let lines = headers.map {
            "{\"file\": \"\(document)\", \"url\": null, \"headers\": \($0)}\n"
        }
        try workspace.write(lines.joined(), to: jobs)
        let program = try Program(["parse", "--batch"], in: workspace, input: jobs)
        #expect(try await program.wait() == 0)
        let answers = program.output.split(separator: "\n")
        #expect(answers.count == 3)
        #expect(answers.allSatisfy { $0.contains("\"format\":\"rss-2.0\"") })
        #expect(answers.dropFirst().first?.contains("\"language\":\"ko\"") == true)
    }
}
