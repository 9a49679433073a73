@testable import ConfigFile
import FeedModel
import Foundation
import Testing
import WatchCore

/// docs/configuration.md and the program say the same.
@Suite struct DocumentationTests {
    /// The rows of the tables of keys, by the heading above them.
    private func documentedRows() throws -> [String: [[String]]] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md")
        var rows: [String: [[String]]] = [:]
        var heading = ""
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("#") {
                heading = line.drop { $0 == "#" || $0 == " " }.lowercased()
            } else if line.hasPrefix("| `") {
                let cells = line.split(separator: "|").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                rows[heading, default: []].append(cells)
            }
        }
        return rows
    }

    @Test func everyKeyHasItsRowAndEveryRowItsKey() throws {
        let rows = try documentedRows()
        #expect(Set(rows.keys) == Set(ConfigSchema.sections.map { heading(of: $0) }))
        for section in ConfigSchema.sections {
            let documented = rows[heading(of: section)] ?? []
            let cells = documented.map { Array($0.prefix(3)) }
            #expect(cells == section.keys.map { ["`\($0.name)`", $0.type, $0.standard] })
            #expect(documented.allSatisfy { $0.count == 4 && !$0[3].isEmpty })
        }
    }

    private func heading(of section: ConfigSection) -> String {
        section.header == "[terms.NAME]" ? "[terms.name]" : section.header.lowercased()
    }

    @Test func keysThatAreNotAvailableAreNamed() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for key in ConfigSchema.sections.flatMap(\.unavailable) {
            #expect(text.contains("`\(key)`") || text.contains("`[[\(key)]]`"), "\(key)")
        }
    }

    @Test func theDefaultsAreThoseOfTheProgram() throws {
        func standard(_ section: ConfigSection, _ key: String) -> String? {
            section.keys.first { $0.name == key }?.standard
        }
        let limits = Limits()
        let watch = WatchSettings()
        let hook = HookSettings(id: .init("a"), command: [])
        let durations: [(ConfigSection, String, Duration)] = [
            (ConfigSchema.watch, "mean_interval", watch.meanInterval),
            (ConfigSchema.watch, "history", watch.history),
            (ConfigSchema.limits, "response_time", limits.responseTime),
            (ConfigSchema.limits, "connect_time", limits.connectTime),
            (ConfigSchema.limits, "stall_time", limits.stallTime),
            (ConfigSchema.limits, "host_spacing", limits.hostSpacing),
            (ConfigSchema.limits, "min_interval", limits.minInterval),
            (ConfigSchema.limits, "max_interval", limits.maxInterval),
            (ConfigSchema.hook, "timeout", hook.timeLimit),
        ]
        for (section, key, value) in durations {
            #expect(standard(section, key).flatMap(ValueGrammar.duration) == value, "\(key)")
        }
        #expect(standard(ConfigSchema.limits, "document") == limits.document.description)
        #expect(standard(ConfigSchema.limits, "redirects") == "\(limits.redirects)")
        #expect(standard(ConfigSchema.limits, "connections") == "\(limits.connections)")
        let perHost = standard(ConfigSchema.limits, "connections_per_host")
        #expect(perHost == "\(limits.connectionsPerHost)")
        #expect(standard(ConfigSchema.limits, "ca_file") == limits.certificateFile)
        #expect(standard(ConfigSchema.watch, "interval") == "auto" && watch.interval == .auto)
        #expect(standard(ConfigSchema.watch, "baseline") == watch.baseline.rawValue)
        #expect(standard(ConfigSchema.hook, "on") == "match")
        #expect(hook.subjects == [.match])
    }

    @Test func theExampleOnThePageIsRight() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: "```toml\n"))
        let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
        let sandbox = try ConfigSandbox([
            "feedwatch.toml": String(text[start.upperBound..<end.lowerBound]),
            "topics.d/x.toml": "",
        ])
        #expect(sandbox.load().errors.map { $0.rendered(colour: false) } == [])
    }
}
