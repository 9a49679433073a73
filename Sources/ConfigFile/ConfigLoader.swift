import TermPacks

/// Reads the files of a configuration: the one that is named and those it includes.
struct ConfigLoader {
    private let context: LoadContext
    private let builder: ConfigBuilder
    private var known: Set<String> = []

    /// A loader that puts what it reads into a builder.
    init(builder: ConfigBuilder) {
        self.builder = builder
        context = builder.context
    }

    /// Reads the file at the top.
    mutating func load(_ path: String) {
        do throws(FileFlaw) {
            try read(path, at: path)
        } catch {
            context.isIncomplete = true
            context.error(
                "the configuration cannot be read: \(error.reason)",
                path: path,
                hint: "feedwatch init writes one to start from"
            )
        }
    }

    /// Reads a file and those it includes.
    ///
    /// `path` is what to show, `location` where it lies.
    private mutating func read(_ path: String, at location: String) throws(FileFlaw) {
        // A file that several patterns match, or that includes itself, is read once.
        guard known.insert(FileAccess.identity(of: location)).inserted else { return }
        let bytes = try FileAccess.read(location)
        let directory = FileAccess.directory(of: location)
        let file = context.add(SourceFile(path: path, directory: directory, bytes: bytes))
        do throws(TOMLDocument.Failure) {
            let document = try TOMLDocument(bytes)
            let root = TableReader(document.root, in: file, as: ConfigSchema.root, context: context)
            builder.read(root)
            for pattern in root.strings("include", orOne: true) ?? [] { include(pattern) }
        } catch {
            context.isIncomplete = true
            report(error, in: file)
            readBegin(of: bytes, before: error.span, in: file)
        }
    }

    /// Reads the `[watch]` table of a file that is broken further on: whoever asks the daemon to
    /// reload has to find it, to be told that it refuses.
    private func readBegin(of bytes: [UInt8], before flaw: SourceSpan, in file: Int) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let begin = Array(lines.prefix(max(0, flaw.start.line - 1)).joined(separator: [0x0A]))
        // A begin that is broken as well tells nothing.
        guard let document = try? TOMLDocument(begin) else { return }
        let root = TableReader(document.root, in: file, as: ConfigSchema.root, context: context)
        builder.readBegin(root)
    }

    private mutating func include(_ pattern: Located<String>) {
        if pattern.value.hasPrefix("pack:") { return includePack(pattern) }
        let parent = context.files[pattern.place.file]
        let isPattern = FileAccess.isPattern(pattern.value)
        let single =
            pattern.value.hasPrefix("/")
            ? pattern.value : FileAccess.join(parent.directory, pattern.value)
        let paths =
            isPattern
            ? FileAccess.paths(matching: pattern.value, in: parent.directory) : [single]
        if paths.isEmpty {
            context.warning("no file matches \(pattern.value)", at: pattern.place)
        }
        for path in paths {
            let shown = shownPath(of: path, in: parent)
            do throws(FileFlaw) {
                try read(shown, at: path)
            } catch {
                context.isIncomplete = true
                context.error("\(shown) cannot be read: \(error.reason)", at: pattern.place)
            }
        }
    }

    private func includePack(_ reference: Located<String>) {
        let name = String(reference.value.dropFirst("pack:".count))
        guard let pack = TermPack(named: name) else {
            let known = TermPack.names.map { "pack:" + $0 }
            context.isIncomplete = true
            context.error(
                "there is no \(reference.value)",
                at: reference.place,
                hint: Suggestion.hint(for: reference.value, among: known)
                    ?? "known: \(known.joined(separator: ", "))"
            )
            return
        }
        guard !builder.packs.contains(where: { $0.name == name }) else { return }
        builder.packs.append(pack)
    }

    /// The path of an included file as the including one would name it.
    private func shownPath(of path: String, in parent: SourceFile) -> String {
        let prefix = parent.directory.hasSuffix("/") ? parent.directory : parent.directory + "/"
        guard path.hasPrefix(prefix) else { return path }
        let rest = String(path.dropFirst(prefix.count))
        return FileAccess.join(FileAccess.parent(of: parent.path), rest)
    }

    private func report(_ failure: TOMLDocument.Failure, in file: Int) {
        let source = context.files[file]
        let place = ConfigPlace(file: file, span: failure.span)
        context.hideProbableSecrets(in: file)
        let (message, hint) = SyntaxMessage.explain(failure, in: source)
        context.error(message, at: place, hint: hint)
    }
}
