package import TermPacks
package import TopicQuery

extension ConfigBuilder {
    /// Reads those sets of the included packs that something refers to.
    ///
    /// A pack has hundreds of sets: what nobody uses is neither made nor compiled.
    func readPacks() {
        guard !packs.isEmpty else { return }
        let wanted = references()
        for pack in packs {
            for draft in sets where pack.contains(set: draft.source.name) {
                context.error(
                    "pack:\(pack.name) has a term set \(draft.source.name)",
                    at: draft.namePlace,
                    hint: "to add to it, give yours another name and any = [\"@"
                        + "\(draft.source.name)\"]"
                )
            }
            let own = Set(sets.map(\.source.name))
            let used = wanted.filter { pack.contains(set: $0) && !own.contains($0) }
            if !used.isEmpty { read(pack, sets: used.sorted()) }
        }
    }

    fileprivate func read(_ pack: TermPack, sets names: [String]) {
        let bytes = Array(pack.toml(sets: names).utf8)
        let source = SourceFile(path: "pack:\(pack.name)", directory: "/", bytes: bytes)
        let file = context.add(source)
        packFiles.insert(file)
        do throws(TOMLDocument.Failure) {
            let document = try TOMLDocument(bytes)
            read(TableReader(document.root, in: file, as: ConfigSchema.root, context: context))
        } catch {
            context.error(error.message, at: ConfigPlace(file: file, span: error.span))
        }
    }

    /// The names behind every `@` of queries and sets; some may stand in quotes or remarks.
    private func references() -> Set<String> {
        var names: Set<String> = []
        for topic in topics {
            Self.collectReferences(in: topic.source?.query, into: &names)
            Self.collectReferences(in: topic.source?.exclude, into: &names)
        }
        for set in sets {
            for entry in set.source.entries + set.source.notIn {
                Self.collectReferences(in: entry.text, into: &names)
            }
        }
        return names
    }

    private static func collectReferences(in text: String?, into names: inout Set<String>) {
        guard let bytes = text?.utf8 else { return }
        var rest = bytes[...]
        while let sign = rest.firstIndex(of: UInt8(ascii: "@")) {
            rest = rest[rest.index(after: sign)...]
            let name = rest.prefix { $0 == UInt8(ascii: "-") || isLetterOrDigit($0) }
            if !name.isEmpty { names.insert(String(Substring(name))) }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// What to do about an unknown set that a pack has, or looks as if it had.
    func packHint(_ diagnostic: QueryDiagnostic) -> String? {
        guard let sign = diagnostic.message.lastIndex(of: "@") else { return nil }
        let name = String(diagnostic.message[diagnostic.message.index(after: sign)...])
        for pack in TermPack.names.compactMap(TermPack.init(named:)) {
            let isIncluded = packs.contains { $0.name == pack.name }
            if pack.contains(set: name), !isIncluded {
                return "it is in pack:\(pack.name): include = [\"pack:\(pack.name)\"]"
            }
            if isIncluded, pack.isLike(set: name) {
                return "sets of pack:\(pack.name) end in a country's code;"
                    + " feedwatch terms list shows them"
            }
        }
        return nil
    }
}

extension ConfigFile {
    /// The set of a pack with a name and those it refers to; nothing where there is none.
    package static func sets(of pack: TermPack, named name: String) -> [TermSetSource] {
        let context = LoadContext(environment: ConfigEnvironment())
        let builder = ConfigBuilder(context: context)
        builder.read(pack, sets: [name])
        return builder.sets.map(\.source)
    }
}
