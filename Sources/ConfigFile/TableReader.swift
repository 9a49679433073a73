import FeedModel

/// Reads the values of one table; notes unknown keys and wrong types with their places.
struct TableReader {
    /// Where problems go.
    let context: LoadContext
    /// The file, by its index.
    let file: Int
    /// The kind of table.
    let section: ConfigSection
    /// The header, or the whole inline table.
    let place: ConfigPlace
    private let values: [String: TOMLValue]

    /// A reader; notes the keys that the kind of table does not know.
    init(_ table: TOMLValue, in file: Int, as section: ConfigSection, context: LoadContext) {
        self.context = context
        self.file = file
        self.section = section
        place = ConfigPlace(file: file, span: table.span)
        var values: [String: TOMLValue] = [:]
        for child in table.children {
            let key = child.key
            if section.knows(key) {
                values[key] = child
            } else {
                Self.reportUnknown(child, in: file, section, context)
            }
        }
        self.values = values
    }

    private static func reportUnknown(
        _ value: TOMLValue,
        in file: Int,
        _ section: ConfigSection,
        _ context: LoadContext
    ) {
        let key = value.key
        let place = ConfigPlace(file: file, span: value.keySpan)
        if section.unavailable.contains(key) {
            context.error("\(key) is not available in this version", at: place)
            return
        }
        let isRoot = section.header == ConfigSchema.root.header
        var hint = Suggestion.hint(for: key, among: section.keys.map(\.name))
        let others = ConfigSchema.sections.filter { $0.knows(key) }.map(\.header)
        if hint == nil, !others.isEmpty {
            hint = "\(key) is a key of \(others.joined(separator: ", "))"
            if key == "include" { hint = "include stands above the first table of the file" }
        }
        let preposition = isRoot ? "at the" : "in"
        context.error("unknown key \(key) \(preposition) \(section.header)", at: place, hint: hint)
    }

    /// The value of a key, whatever its kind.
    func value(_ key: String) -> TOMLValue? { values[key] }

    /// The place of a value.
    func place(of value: TOMLValue) -> ConfigPlace { ConfigPlace(file: file, span: value.span) }

    /// The place of a key.
    func keyPlace(_ key: String) -> ConfigPlace {
        values[key].map { ConfigPlace(file: file, span: $0.keySpan) } ?? place
    }

    /// Notes a key that must be there and is not.
    func require(_ key: String, hint: String) {
        guard values[key] == nil else { return }
        context.error("\(key) is missing", at: place, hint: hint)
    }

    /// A string; an empty one is an error.
    func string(_ key: String) -> Located<String>? {
        guard let value = values[key] else { return nil }
        guard let text = checkedString(value, key: key, wants: "a string") else { return nil }
        return Located(value: text, place: place(of: value))
    }

    /// A list of strings; with `orOne`, one string as well.
    func strings(_ key: String, orOne: Bool = false) -> [Located<String>]? {
        guard let value = values[key] else { return nil }
        if orOne, value.kind == .string { return string(key).map { [$0] } }
        guard value.kind == .array else {
            let wants = orOne ? "a string or a list of strings" : "a list of strings"
            reportKind(of: value, key: key, wants: wants)
            return nil
        }
        return value.children.compactMap { element in
            checkedString(element, key: key, wants: "strings in its list").map {
                Located(value: $0, place: place(of: element))
            }
        }
    }

    /// A whole number.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Located<Int>? {
        guard let value = values[key] else { return nil }
        guard let number = value.integer else {
            reportKind(of: value, key: key, wants: "a whole number")
            return nil
        }
        guard let result = Int(exactly: number), range.contains(result) else {
            let message = "\(key) must be from \(range.lowerBound) to \(range.upperBound)"
            context.error(message, at: place(of: value))
            return nil
        }
        return Located(value: result, place: place(of: value))
    }

    /// `true` or `false`.
    func boolean(_ key: String) -> Located<Bool>? {
        guard let value = values[key] else { return nil }
        guard let result = value.boolean else {
            reportKind(of: value, key: key, wants: "true or false")
            return nil
        }
        return Located(value: result, place: place(of: value))
    }

    /// A duration.
    func duration(
        _ key: String,
        from least: Duration,
        to most: Duration = ValueGrammar.longest
    ) -> Located<Duration>? {
        let hint = "write a number and a unit: 500ms, 10s, 15m, 6h, 30d"
        guard let value = values[key] else { return nil }
        guard let text = checkedString(value, key: key, wants: "a duration", hint: hint) else {
            return nil
        }
        guard let result = ValueGrammar.duration(text) else {
            context.error("\(key) is no duration: \(text)", at: place(of: value), hint: hint)
            return nil
        }
        guard result >= least, result <= most else {
            let range = "\(ValueGrammar.text(of: least)) to \(ValueGrammar.text(of: most))"
            context.error("\(key) must be from \(range)", at: place(of: value))
            return nil
        }
        return Located(value: result, place: place(of: value))
    }

    /// A size.
    func size(_ key: String, in range: ClosedRange<ByteCount>) -> Located<ByteCount>? {
        let hint = "write a number and a unit: 64KiB, 16MiB"
        guard let value = values[key] else { return nil }
        guard let text = checkedString(value, key: key, wants: "a size", hint: hint) else {
            return nil
        }
        guard let result = ValueGrammar.size(text) else {
            context.error("\(key) is no size: \(text)", at: place(of: value), hint: hint)
            return nil
        }
        guard range.contains(result) else {
            let message = "\(key) must be from \(range.lowerBound) to \(range.upperBound)"
            context.error(message, at: place(of: value))
            return nil
        }
        return Located(value: result, place: place(of: value))
    }

    /// One of a few words, each of them given with its value.
    func word<Value>(_ text: Located<String>, of words: [(String, Value)], as key: String) -> Value?
    {
        if let (_, value) = words.first(where: { $0.0 == text.value }) { return value }
        let list = words.map(\.0).joined(separator: ", ")
        context.error(
            "\(key) knows no \(text.value)",
            at: text.place,
            hint: Suggestion.hint(for: text.value, among: words.map(\.0)) ?? "it may be \(list)"
        )
        return nil
    }

    /// The tables of a list of tables; nothing where the key is absent.
    func tables(_ key: String) -> [TOMLValue] {
        guard let value = values[key] else { return [] }
        guard value.kind == .array else {
            let hint = value.kind == .table ? "write [[\(key)]]: there may be several" : nil
            reportKind(of: value, key: key, wants: "a list of tables", hint: hint)
            return []
        }
        return value.children.filter { element in
            if element.kind == .table { return true }
            reportKind(of: element, key: key, wants: "tables in its list")
            return false
        }
    }

    /// A table; nil where the key is absent.
    func table(_ key: String) -> TOMLValue? {
        guard let value = values[key] else { return nil }
        guard value.kind == .table else {
            let hint = value.kind == .array ? "write [\(key)]: there is only one" : nil
            reportKind(of: value, key: key, wants: "a table", hint: hint)
            return nil
        }
        return value
    }

    private func checkedString(
        _ value: TOMLValue,
        key: String,
        wants: String,
        hint: String? = nil
    ) -> String? {
        guard let text = value.string else {
            reportKind(of: value, key: key, wants: wants, hint: hint)
            return nil
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            let advice = section.knows(key) && hint == nil ? "leave the key out" : hint
            context.error("\(key) is empty", at: place(of: value), hint: advice)
            return nil
        }
        return text
    }

    private func reportKind(
        of value: TOMLValue,
        key: String,
        wants: String,
        hint: String? = nil
    ) {
        let message = "\(key) wants \(wants), not \(value.kind.described)"
        context.error(message, at: place(of: value), hint: hint)
    }
}
