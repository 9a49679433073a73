import FeedLab
import FoundationEssentials
import Glibc
import Testing

/// The real daemon and receivers that fail, hang, answer twice, ask to wait, and go.
@Suite struct HookTests {
    private static let key = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    /// A lab with a feed of so many items that match.
    private func lab(items: Int) async throws -> FeedLab {
        let lab = try await FeedLab.start()
        let items = (1...items).map { number in
            LabItem(
                id: "\(number)",
                title: "Sappers \(number)",
                summary: "",
                link: "https://desk.example/\(number)",
                published: 1_750_000_000
            )
        }
        await lab.add(
            LabFeed(id: "desk", path: "/desk.xml", format: .rss20, title: "Desk", items: items)
        )
        return lab
    }

    private func configure(_ workspace: Workspace, _ lab: FeedLab, _ hooks: String) throws {
        try workspace.configure(
            """
            \(feeds([("desk", "/desk.xml")], at: lab))
            [[topic]]
            id = "t"
            query = "sappers"

            \(hooks)
            """
        )
    }

    private func hook(_ id: String, _ url: String, _ more: String = "") -> String {
        "[[hook]]\nid = \"\(id)\"\nwebhook = \"\(url)\"\nsecret = \"\(Self.key)\"\n\(more)\n"
    }

    private func retry(_ workspace: Workspace, _ arguments: [String] = []) async throws -> Int32? {
        let words = ["deliveries", "retry"] + arguments + ["-c", workspace.config]
        return try await Program.run(words, in: workspace).status
    }

    @Test func aReceiverThatFailsAndHangsGetsEverythingInOrderUnderTheSameIds() async throws {
        let lab = try await lab(items: 3)
        let receiver = WebhookReceiver { number, hook in
            guard hook.path == "/siem" else { return .answer("200 OK") }
            return switch number {
            case 1: .answer("500 Broken")
            case 2: .answer("429 Slowly", ["Retry-After: 3600"])
            case 3: .hang
            case 4: .answerTwice("200 OK")
            default: .answer("204 No Content")
            }
        }
        let workspace = try Workspace()
        try configure(
            workspace,
            lab,
            hook("siem", receiver.url("/siem"), "timeout = \"1s\"")
                + hook("other", receiver.url("/other"))
        )
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        for attempt in 1...3 {
            #expect(try await eventually { receiver.received("/siem").count >= attempt })
            // The failure has to be noted before it can be hastened.
            #expect(
                try await eventually {
                    try await pending(workspace).contains {
                        $0.hook == "siem" && $0.attempts >= attempt
                    }
                }
            )
            #expect(try await retry(workspace, ["--hook", "siem"]) == 0)
        }
        #expect(try await eventually { try await pending(workspace).isEmpty })
        let siem = receiver.received("/siem")
        let ids = try workspace.records().map(\.id)
        #expect(siem.map(\.id) == [ids[0], ids[0], ids[0]] + ids)
        #expect(Set(siem.prefix(4).map(\.body)).count == 1)
        #expect(siem.allSatisfy { $0.headers["webhook-signature"]?.hasPrefix("v1,") == true })
        // Nobody waited for the slow one, though its hour was long.
        #expect(receiver.received("/other").map(\.id) == ids)
        daemon.send(SIGTERM)
        #expect(try await daemon.wait() == 0)
        receiver.stop()
        await lab.stop()
    }

    private struct Listing: Decodable {
        let deliveries: [Promise]

        struct Promise: Decodable {
            let hook: String
            let attempts: Int
            let group: String?
            let message: String?
        }
    }

    private func pending(_ workspace: Workspace) async throws -> [Listing.Promise] {
        let run = try await Program.run(
            ["deliveries", "--json", "-c", workspace.config],
            in: workspace
        )
        guard run.status == 0 else { return [] }
        return try JSONDecoder().decode(Listing.self, from: Data(run.output.utf8)).deliveries
    }

    @Test func aGroupComesAgainWholeAfterAKill() async throws {
        let lab = try await lab(items: 4)
        let receiver = WebhookReceiver { number, _ in number <= 2 ? .hang : .answer("200 OK") }
        let workspace = try Workspace()
        try configure(workspace, lab, hook("siem", receiver.url("/siem"), "group = \"200ms\""))
        for kill in 1...2 {
            let daemon = try Program(["run", "-c", workspace.config], in: workspace)
            #expect(try await eventually { receiver.received("/siem").count == kill })
            daemon.send(SIGKILL)
            #expect(try await daemon.wait() == 128 + SIGKILL)
        }
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        #expect(try await eventually { receiver.received("/siem").count == 3 })
        #expect(try await eventually { try await pending(workspace).isEmpty })
        let got = receiver.received("/siem")
        #expect(got.count == 3 && Set(got.map(\.id)).count == 1 && Set(got.map(\.body)).count == 1)
        #expect(got.first?.body.contains("\"count\":4") == true)
        for id in try workspace.records().map(\.id) {
            #expect(got.first?.body.contains("\"id\":\"\(id)\"") == true)
        }
        daemon.send(SIGTERM)
        #expect(try await daemon.wait() == 0)
        receiver.stop()
        await lab.stop()
    }

    @Test func statusGoneDisablesTheHookUntilSomebodyActs() async throws {
        let lab = try await lab(items: 2)
        let receiver = WebhookReceiver { number, _ in
            number == 1 ? .answer("410 Gone") : .answer("200 OK")
        }
        let workspace = try Workspace()
        let ops = "[[hook]]\nid = \"ops\"\non = \"feed\"\nexec = [\"/usr/bin/tee\", \"told\"]\n"
        try configure(workspace, lab, hook("siem", receiver.url("/siem")) + ops)
        let daemon = try Program(["run", "-c", workspace.config], in: workspace)
        let told = workspace.directory + "/state/told"
        #expect(
            try await eventually {
                Workspace.text(of: told).contains("\"event\":\"hook.disabled\",\"hook\":\"siem\"")
            }
        )
        let status = try await Program.run(["status", "-c", workspace.config], in: workspace)
        #expect(status.output.contains("disabled: gone (410)"), "\(status.output)")
        #expect(receiver.received("/siem").count == 1)
        #expect(try await retry(workspace) == 0)
        #expect(try await eventually { receiver.received("/siem").count == 3 })
        daemon.send(SIGTERM)
        #expect(try await daemon.wait() == 0)
        receiver.stop()
        await lab.stop()
    }

    @Test func withoutADaemonDeliveriesAreChangedInTheState() async throws {
        let lab = try await lab(items: 2)
        let receiver = WebhookReceiver { number, _ in
            number == 1 ? .answer("503 Later", ["Retry-After: 3600"]) : .answer("200 OK")
        }
        let workspace = try Workspace()
        try configure(workspace, lab, hook("siem", receiver.url("/siem")))
        let once = ["run", "--once", "-c", workspace.config]
        #expect(try await Program.run(once, in: workspace).status == 0)
        let ids = try workspace.records().map(\.id)
        #expect(try await pending(workspace).first?.message == "status 503: ok")
        let drop = ["deliveries", "drop", ids[1], "-c", workspace.config]
        #expect(try await Program.run(drop, in: workspace).status == 0)
        #expect(try await Program.run(drop, in: workspace).status == 1)
        #expect(try await retry(workspace, ["nothing"]) == 1)
        #expect(try await retry(workspace, [ids[0]]) == 0)
        #expect(try await Program.run(once, in: workspace).status == 0)
        #expect(receiver.received("/siem").map(\.id) == [ids[0], ids[0]])
        receiver.stop()
        await lab.stop()
    }

    @Test func hookTestSaysWhatHappened() async throws {
        let receiver = WebhookReceiver { _, hook in
            hook.path == "/good-token" ? .answer("200 OK") : .answer("404 Not Found")
        }
        let workspace = try Workspace()
        try workspace.configure(
            hook("good", receiver.url("/good-token")) + hook("bad", receiver.url("/bad-token"))
                + "[[hook]]\nid = \"run\"\nexec = [\"/bin/sh\", \"-c\", \"echo why >&2; exit 9\"]"
        )
        try workspace.write("", to: workspace.directory + "/log/x")
        mkdir(workspace.directory + "/state", 0o755)
        func test(_ id: String) async throws -> (status: Int32?, output: String) {
            let run = try await Program.run(
                ["hook", "test", id, "-c", workspace.config],
                in: workspace
            )
            #expect(!(run.output + run.errorOutput).contains("-token"))
            return (run.status, run.output)
        }
        let good = try await test("good")
        #expect(good.status == 0 && good.output.contains("delivered: status 200"))
        let bad = try await test("bad")
        #expect(bad.status == 1 && bad.output.contains("not delivered: status 404: ok"))
        let program = try await test("run")
        #expect(program.status == 1 && program.output.contains("exit status 9: why"))
        #expect(try await test("none").status == 2)
        #expect(receiver.received("/good-token").first?.body.contains("hook good") == true)
        receiver.stop()
    }
}
