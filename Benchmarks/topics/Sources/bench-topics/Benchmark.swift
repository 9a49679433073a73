import ConfigFile
import Glibc
import TopicQuery

/// Measures what topics cost, and says where a limit of the project does not hold.
@main
struct Benchmark {
    private var vocabulary = Vocabulary()
    private var findings: [Finding] = []

    static func main() {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "--load" { return loadFile(arguments[2]) }
        if arguments.count == 2, arguments[1] == "--compile" { return compile() }
        var benchmark = Benchmark()
        benchmark.measureReading()
        benchmark.measureTopics()
        benchmark.measureLoading()
    }

    private mutating func note(_ finding: Finding) {
        finding.show()
        findings.append(finding)
    }

    // MARK: Folding and tokenising

    private mutating func measureReading() {
        let topic = TopicSource(id: "t", query: "zzzzzzz")
        guard let matcher = TopicMatcher.compile(topics: [topic], sets: []).matcher else { return }
        for script in Vocabulary.Script.allCases {
            let words = (0..<20_000).map { _ in vocabulary.word(script) }
            let text = vocabulary.text(words, bytes: 1_000_000, blanks: script != .han)
            let item = ItemText(title: text)
            var scratch = TopicMatcher.Scratch()
            let time = Measure.best(of: 20) { _ = matcher.match(item, using: &scratch) }
            let speed = Double(text.utf8.count) / time / 1e6
            note(
                Finding(
                    name: "folding and tokenising, \(script)",
                    value: speed,
                    unit: "MB/s",
                    limit: 100,
                    isLeast: true
                )
            )
        }
    }

    // MARK: Many topics

    private mutating func measureTopics() {
        var words = (0..<40_000).map {
            vocabulary.word($0 % 3 == 0 ? .cyrillic : $0 % 7 == 0 ? .hangul : .latin)
        }
        let common = (0..<10).map { words[$0 * 7 + 1] }
        let few = ManyTopics(topics: 10, terms: 100, common: common, &vocabulary)
        let many = ManyTopics(topics: 10_000, terms: 100_000, common: common, &vocabulary)
        // Equally few topics match: those that look for one of the common words.
        var scratch = TopicMatcher.Scratch()
        if let all = Benchmark.matcher(many) {
            words.removeAll { word in
                !common.contains(word)
                    && !all.match(ItemText(title: word), using: &scratch).isEmpty
            }
        }
        let items = (0..<2_000).map { _ in
            ItemText(
                title: vocabulary.text(words, bytes: 100),
                summary: vocabulary.text(words, bytes: 920)
            )
        }
        var times: [Double] = []
        for configuration in [few, many] {
            guard let matcher = Benchmark.matcher(configuration) else { exit(1) }
            var matches = 0
            let time = Measure.best(of: 7) {
                matches = 0
                for item in items { matches += matcher.match(item, using: &scratch).count }
            }
            let each = time / Double(items.count) * 1e6
            times.append(each)
            print("    \(configuration.topics.count) topics: \(each) µs, \(matches) matches")
        }
        note(
            Finding(
                name: "an item of 1 KB against 10,000 topics",
                value: times[1],
                unit: "µs",
                limit: 50
            )
        )
        note(
            Finding(
                name: "10,000 topics for what 10 topics cost",
                value: times[1] / times[0],
                unit: "times",
                limit: 2.5
            )
        )
    }

    private static func matcher(_ many: ManyTopics) -> TopicMatcher? {
        let compilation = TopicMatcher.compile(topics: many.topics, sets: many.sets)
        if let error = compilation.diagnostics.first(where: { $0.severity == .error }) {
            print(error.code, error.message)
        }
        return compilation.matcher
    }

    // MARK: Loading

    private func measureLoading() {
        let many = Benchmark.large()
        let path = "/tmp/bench-topics-\(getpid()).toml"
        guard let file = fopen(path, "w") else { return }
        fputs(many.toml, file)
        fclose(file)
        // Each in a process of its own: the peak of this one is past.
        let compiles = Measure.run(["--compile"])
        let loads = Measure.run(["--load", path])
        unlink(path)
        if findings.contains(where: { !$0.holds }) || !compiles || !loads { exit(1) }
    }

    private static func large() -> ManyTopics {
        var vocabulary = Vocabulary()
        let common = (0..<10).map { _ in vocabulary.word(.latin) }
        return ManyTopics(topics: 10_000, terms: 100_000, common: common, &vocabulary)
    }

    private static func compile() {
        let many = large()
        let start = Measure.seconds()
        let compilation = TopicMatcher.compile(topics: many.topics, sets: many.sets)
        let time = Measure.seconds() - start
        guard compilation.matcher != nil else { exit(1) }
        finish("compiling 10,000 topics, 100,000 terms", time)
    }

    private static func loadFile(_ path: String) {
        let start = Measure.seconds()
        let result = ConfigFile.load(path: path, environment: ConfigEnvironment())
        let time = Measure.seconds() - start
        guard result.configuration != nil else {
            for problem in result.errors.prefix(5) { print(problem.message) }
            exit(1)
        }
        finish("loading them from a file, with a test each", time)
    }

    private static func finish(_ name: String, _ time: Double) {
        let findings = [
            Finding(name: name, value: time, unit: "s", limit: 1),
            Finding(
                name: name + ": peak",
                value: Measure.peakMegabytes(),
                unit: "MB",
                limit: 100
            ),
        ]
        for finding in findings { finding.show() }
        if findings.contains(where: { !$0.holds }) { exit(1) }
    }
}
