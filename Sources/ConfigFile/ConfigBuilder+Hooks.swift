import FeedModel
import WatchCore

extension ConfigBuilder {
    /// The ways to tell a hook, and the keys that belong to each.
    private static let channelKeys = [
        "exec": [],
        "webhook": [
            "secret", "previous_secret", "headers", "body", "template", "line", "content_type",
            "escape",
        ],
        "mail": ["smtp", "from", "user", "password", "starttls"],
    ]

    /// Reads a `[[hook]]`.
    func readHook(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.hook, context: context)
        reader.require("id", hint: "id = \"…\" names the hook in the log")
        let name = checkedIdentifier(reader)
        var settings = HookSettings(
            id: HookID(name?.value ?? ""),
            channel: channel(reader) ?? .exec([])
        )
        if let time = reader.duration("timeout", from: .milliseconds(1), to: .seconds(86_400)) {
            settings.timeLimit = time.value
        }
        settings.group =
            reader.duration("group", from: .milliseconds(1), to: .seconds(86_400))?.value
        settings.rate = reader.string("rate").flatMap(rate)
        if let subjects = reader.strings("on", orOne: true) {
            let words = HookSubject.allCases.map { ($0.rawValue, $0) }
            let named = subjects.compactMap { reader.word($0, of: words, as: "on") }
            settings.subjects = Set(named)
            if let value = reader.value("on"), value.kind == .array, value.children.isEmpty {
                context.error(
                    "on is empty: the hook would never run",
                    at: reader.place(of: value),
                    hint: "leave the key out for matches"
                )
            }
        }
        hooks.append(
            HookDraft(
                settings: settings,
                namePlace: name?.place ?? reader.place,
                topics: references(reader, "topics")
            )
        )
    }

    /// How the hook is told; nil: that was noted as wrong.
    private func channel(_ reader: TableReader) -> HookChannel? {
        let named = ["exec", "webhook", "mail"].filter { reader.value($0) != nil }
        guard let kind = named.first, named.count == 1 else {
            context.error(
                named.isEmpty
                    ? "exec, webhook or mail is missing"
                    : "a hook has only one of exec, webhook and mail",
                at: named.isEmpty ? reader.place : reader.keyPlace(named[1]),
                hint: named.isEmpty
                    ? "exec = [\"/path/to/program\", …]" : "write a [[hook]] for each"
            )
            return nil
        }
        for (other, keys) in Self.channelKeys where other != kind {
            for key in keys where reader.value(key) != nil {
                context.error("\(key) goes with \(other) only", at: reader.keyPlace(key))
            }
        }
        switch kind {
        case "webhook": return webhook(reader).map { .webhook($0) }
        case "mail": return mail(reader).map { .mail($0) }
        default: return reader.strings("exec").map { .exec(checkedCommand($0, reader)) }
        }
    }

    /// A rate such as `10/1m`.
    private func rate(_ text: Located<String>) -> HookRate? {
        let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let messages = Int(parts[0]), (1...10_000).contains(messages),
            let period = ValueGrammar.duration(String(parts[1])), period >= .seconds(1),
            period <= .seconds(7 * 86_400)
        else {
            context.error(
                "rate is no rate: \(text.value)",
                at: text.place,
                hint: "write so many messages (1 to 10000) in so much time (1s to 7d): 10/1m, 1/1h"
            )
            return nil
        }
        return HookRate(messages: messages, period: period)
    }

    private func checkedCommand(
        _ command: [Located<String>],
        _ reader: TableReader
    ) -> [String] {
        for argument in command where argument.value.utf8.contains(0) {
            context.error("exec holds a NUL character", at: argument.place)
        }
        guard let program = command.first else {
            if let value = reader.value("exec"), value.children.isEmpty {
                context.error("exec is empty", at: reader.place(of: value))
            }
            return []
        }
        guard program.value.contains("/") else {
            context.error(
                "exec wants the path of its program",
                at: program.place,
                hint: "write /usr/bin/\(program.value): there is no shell and no search path"
            )
            return []
        }
        guard let path = absolute(program, key: "exec") else { return [] }
        if !FileAccess.isExecutable(path) {
            context.warning("there is no program \(path) that can be run here", at: program.place)
        }
        return [path] + command.dropFirst().map(\.value)
    }
}
