/// A place in one of the files that were read.
struct ConfigPlace: Hashable {
    /// The file, by its index in `LoadContext.files`.
    var file: Int
    /// The stretch.
    var span: SourceSpan
}

/// A value with the place it was read from.
struct Located<Value> {
    /// The value.
    var value: Value
    /// Where it stands.
    var place: ConfigPlace
}

extension Located: Sendable where Value: Sendable {}

/// What one run of reading a configuration collects: the files, and all that is wrong with them.
final class LoadContext {
    private struct Report {
        var severity: ConfigProblem.Severity
        var code: String?
        var place: ConfigPlace?
        var path = ""
        var message: String
        var hint: String?
    }

    /// More problems than this nobody reads.
    private static let mostProblems = 1_000

    /// What was handed in from outside.
    let environment: ConfigEnvironment
    /// The files, in the order they were read.
    private(set) var files: [SourceFile] = []
    /// Whether a file could not be read or understood: then what others refer to may be in it.
    var isIncomplete = false
    /// Whether there is an error so far.
    private(set) var hasErrors = false
    private var reports: [Report] = []
    private var secrets: [ConfigPlace] = []

    /// An empty collection.
    init(environment: ConfigEnvironment) { self.environment = environment }

    /// Adds a file; answers its index.
    func add(_ file: SourceFile) -> Int {
        files.append(file)
        return files.count - 1
    }

    /// Notes an error.
    func error(_ message: String, at place: ConfigPlace, code: String? = nil, hint: String? = nil) {
        hasErrors = true
        reports.append(
            Report(severity: .error, code: code, place: place, message: message, hint: hint)
        )
    }

    /// Notes a warning.
    func warning(
        _ message: String,
        at place: ConfigPlace,
        code: String? = nil,
        hint: String? = nil
    ) {
        reports.append(
            Report(severity: .warning, code: code, place: place, message: message, hint: hint)
        )
    }

    /// Notes an error about a file as a whole.
    func error(_ message: String, path: String, hint: String? = nil) {
        hasErrors = true
        reports.append(Report(severity: .error, path: path, message: message, hint: hint))
    }

    /// Keeps a value out of the source lines that problems show.
    func hide(_ place: ConfigPlace) { secrets.append(place) }

    /// A place for people: `feedwatch.toml:12`.
    func describe(_ place: ConfigPlace) -> String {
        "\(files[place.file].path):\(place.span.start.line)"
    }

    /// All that was noted, in the order of the files and of the places in them.
    func problems() -> [ConfigProblem] {
        // One text a line, however many problems it has: a file may be a single long line.
        var lines: [[Int]: (text: String, layout: SourceLineLayout)] = [:]
        let keys = reports.indices.map(sortKey)
        let order = reports.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
        var problems = order.prefix(Self.mostProblems).map { index in
            let report = reports[index]
            guard let place = report.place else { return problem(report) }
            let key = [place.file, place.span.start.line]
            let line = lines[key] ?? maskedLine(at: place)
            lines[key] = line
            return problem(report, at: place, line)
        }
        let rest = order.dropFirst(Self.mostProblems).map { reports[$0].severity }
        if !rest.isEmpty {
            let severity = rest.first { $0 == .error } ?? .warning
            let path = files.first?.path ?? ""
            let message = "and \(rest.count) more problems"
            problems.append(ConfigProblem(severity: severity, file: path, message: message))
        }
        return problems
    }

    /// The problem that a place of a file would be shown with.
    func located(_ place: ConfigPlace) -> ConfigProblem {
        problem(Report(severity: .error, message: ""), at: place, maskedLine(at: place))
    }

    private func problem(_ report: Report) -> ConfigProblem {
        ConfigProblem(
            severity: report.severity,
            code: report.code,
            file: report.path,
            message: report.message,
            hint: report.hint
        )
    }

    private func problem(
        _ report: Report,
        at place: ConfigPlace,
        _ line: (text: String, layout: SourceLineLayout)
    ) -> ConfigProblem {
        let span = place.span
        let end = span.end.line == span.start.line ? span.end.column : Int.max
        return ConfigProblem(
            severity: report.severity,
            code: report.code,
            file: files[place.file].path,
            line: span.start.line,
            column: span.start.column,
            length: line.layout.width(from: span.start.column, to: end),
            message: report.message,
            hint: report.hint,
            sourceLine: line.text
        )
    }

    private func sortKey(of index: Int) -> [Int] {
        guard let place = reports[index].place else { return [-1, 0, 0, index] }
        return [place.file, place.span.start.line, place.span.start.column, index]
    }

    private func maskedLine(at place: ConfigPlace) -> (text: String, layout: SourceLineLayout) {
        let text = maskedLine(place.span.start.line, of: place.file)
        return (text, SourceLineLayout(text))
    }

    private func maskedLine(_ number: Int, of file: Int) -> String {
        let line = files[file].line(number)
        let hidden = secrets.filter {
            $0.file == file && ($0.span.start.line...$0.span.end.line).contains(number)
        }
        guard !hidden.isEmpty else { return line }
        var result = String.UnicodeScalarView()
        for (index, scalar) in line.unicodeScalars.enumerated() {
            let position = SourcePosition(line: number, column: index + 1)
            let isHidden = hidden.contains { $0.span.start <= position && position < $0.span.end }
            result.append(isHidden ? "*" : scalar)
        }
        return String(result)
    }
}
