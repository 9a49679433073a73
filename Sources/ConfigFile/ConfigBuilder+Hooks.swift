import FeedModel
import WatchCore

extension ConfigBuilder {
    /// Reads a `[[hook]]`.
    func readHook(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.hook, context: context)
        reader.require("id", hint: "id = \"…\" names the hook in the log")
        // A hook of a kind that is not available has had its error.
        let isOther = table.children.contains { ConfigSchema.hook.unavailable.contains($0.key) }
        if !isOther { reader.require("exec", hint: "exec = [\"/path/to/program\", …]") }
        let name = checkedIdentifier(reader)
        let command = reader.strings("exec")
        var settings = HookSettings(id: HookID(name?.value ?? ""), command: [])
        if let command { settings.command = checkedCommand(command, reader) }
        if let time = reader.duration("timeout", from: .milliseconds(1), to: .seconds(86_400)) {
            settings.timeLimit = time.value
        }
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
