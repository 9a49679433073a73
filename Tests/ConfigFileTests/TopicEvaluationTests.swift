import ConfigFile
import Glibc
import Testing
import TopicQuery
import WatchCore

/// Precision and recall of the two topics in `config/topics.d` on labelled items in eight
/// languages (`config/evaluation`); `make eval-topics` shows the figures.
@Suite struct TopicEvaluationTests {
    /// A labelled item.
    private struct Item {
        var language: String
        var labels: String
        var text: ItemText
    }

    /// What was found, rightly or wrongly, and what was missed.
    private struct Tally {
        var right = 0
        var wrong = 0
        var missed = 0

        var precision: Double { ratio(right, wrong) }
        var recall: Double { ratio(right, missed) }
        var f1: Double {
            let sum = precision + recall
            return sum > 0 ? 2 * precision * recall / sum : 0
        }

        private func ratio(_ part: Int, _ rest: Int) -> Double {
            part + rest > 0 ? Double(part) / Double(part + rest) : 1
        }

        var line: String {
            func percent(_ value: Double) -> String { "\(Int((value * 1_000).rounded()))‰" }
            return "precision \(percent(precision)), recall \(percent(recall)), F1 \(percent(f1))"
                + " (\(right) right, \(wrong) wrong, \(missed) missed)"
        }
    }

    /// The folder with the topics and the labelled items.
    private static let folder =
        #filePath.split(separator: "/").dropLast(3)
        .reduce("") { $0 + "/" + $1 } + "/config"

    private func items(_ name: String) throws -> [Item] {
        let file = try #require(fopen("\(Self.folder)/evaluation/\(name).tsv", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
                .map(String.init)
            try #require(parts.count == 4, "\(line)")
            let text = ItemText(title: parts[2], summary: parts[3], language: parts[0])
            return Item(language: parts[0], labels: parts[1], text: text)
        }
    }

    @Test(arguments: [
        "development", "held-out", "second", "third", "fourth", "fifth", "sixth", "seventh",
    ])
    func bothTopicsFindWhatTheyShouldInEveryLanguage(_ name: String) throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": "include = ['\(Self.folder)/topics.d/*.toml']\n"
        ])
        let result = sandbox.load()
        let matcher = try #require(result.configuration?.matcher, "\(result.errors)")
        let items = try items(name)
        #expect(items.count >= 200)
        var scratch = TopicMatcher.Scratch()
        for (label, id) in [("d", "dprk-russia"), ("k", "kursk")] {
            let topic = try #require(result.topics.firstIndex { $0.id == id })
            var whole = Tally()
            var parts: [String: Tally] = [:]
            for item in items {
                let found = matcher.match(item.text, using: &scratch).contains { $0.topic == topic }
                let isMeant = item.labels.contains(label)
                for tally in [\Tally.right, \.wrong, \.missed].enumerated() {
                    let counts = [found && isMeant, found && !isMeant, !found && isMeant]
                    guard counts[tally.offset] else { continue }
                    whole[keyPath: tally.element] += 1
                    parts[item.language, default: Tally()][keyPath: tally.element] += 1
                }
            }
            print("\(name), \(id): \(whole.line)")
            for (language, tally) in parts.sorted(by: { $0.key < $1.key }) {
                print("    \(language): \(tally.line)")
                #expect(tally.recall >= 0.95, "\(id) \(language)")
            }
            #expect(parts.count >= 8)
            #expect(whole.f1 >= 0.97, "\(id)")
        }
    }

    @Test func eachTopicHasFortyTestsThatHold() throws {
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": "include = ['\(Self.folder)/topics.d/*.toml']\n"
        ])
        let result = sandbox.load()
        let matcher = try #require(result.configuration?.matcher, "\(result.errors)")
        for id in ["dprk-russia", "kursk"] {
            #expect(result.tests.filter { $0.topicID == id }.count >= 40)
        }
        let failed = ConfigFile.run(tests: result.tests, with: matcher).compactMap(\.problem)
        #expect(failed.isEmpty, "\(failed)")
        #expect(result.warnings.isEmpty, "\(result.warnings)")
    }
}
