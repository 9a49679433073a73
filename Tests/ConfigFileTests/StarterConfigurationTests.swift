import ConfigFile
import Testing
import TopicQuery
import WatchCore

@Suite struct StarterConfigurationTests {
    private func load(_ change: (String) -> String = { $0 }) throws -> ConfigResult {
        var files: [String: String] = [:]
        for file in StarterConfiguration.files { files[file.name] = change(file.text) }
        return try ConfigSandbox(files).load(variables: ["CREDENTIALS_DIRECTORY": "/none"])
    }

    @Test func itHasNothingToComplainOf() throws {
        let result = try load()
        #expect(result.problems.map { $0.rendered(colour: false) } == [])
        let configuration = try #require(result.configuration)
        #expect(configuration.feeds.count == 2)
        #expect(configuration.topics.count == 1)
        #expect(result.tests.count == 4)
        #expect(result.files.count == StarterConfiguration.files.count)
    }

    @Test func itsTestsPass() throws {
        let result = try load()
        let configuration = try #require(result.configuration)
        let outcome = ConfigFile.run(tests: result.tests, with: configuration.matcher)
        #expect(outcome.compactMap { $0.problem?.rendered(colour: false) } == [])
    }

    /// With the # taken away, only what is not there can be missing.
    @Test func whatIsCommentedOutIsRight() throws {
        let result = try load { text in
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { line in
                    let isKey = line.hasPrefix("# ") && line.contains(" = ")
                    return isKey || line.hasPrefix("# [[")
                        ? String(line.dropFirst(2)) : String(line)
                }
                .joined(separator: "\n")
        }
        #expect(
            result.errors.map(\.message) == ["the credential example-key is missing from /none"]
        )
    }
}
