import FeedModel
import WatchCore

extension ConfigBuilder {
    /// Reads a `[[feed]]`.
    func readFeed(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.feed, context: context)
        reader.require("url", hint: "url = \"https://…\"")
        let address = reader.string("url")
        let name = checkedIdentifier(reader)
        let isFile = address.map { Self.isFile($0.value) } ?? false
        let parts = isFile ? nil : address.flatMap(checkedAddress)
        let id: String
        if let name {
            id = name.value
        } else if isFile, let address {
            id = fileIdentifier(address)
        } else if let parts, let address {
            id = parts.identifier(hash: ContentHash.hexadecimal(ContentHash.of(address.value)))
        } else {
            id = ""
        }
        var settings = FeedSettings(id: FeedID(id), url: address?.value ?? "")
        settings.title = reader.string("title")?.value
        settings.folders = folders(reader)
        let interval = readInterval(reader, of: &settings)
        let language = reader.string("language").map { languages([$0], key: "language") }
        settings.language = language?.first
        settings.headers = readHeaders(reader)
        readFetchOptions(reader, of: &settings)
        if let range = parts?.userInfo { takeOutUserInfo(range, of: &settings) }
        feeds.append(
            FeedDraft(
                settings: settings,
                namePlace: name?.place ?? address?.place ?? reader.place,
                addressPlace: address?.place ?? reader.place,
                intervalPlace: interval,
                topics: references(reader, "topics"),
                takesProxy: !choosesProxy(reader)
            )
        )
    }

    /// The folders that `folder` names: `Outer/Inner`, or a list where a name has a stroke in it.
    private func folders(_ reader: TableReader) -> [String] {
        let names = reader.strings("folder", orOne: true) ?? []
        if reader.value("folder")?.kind == .array { return names.map(\.value) }
        return names.flatMap { $0.value.split(separator: "/").map(String.init) }
    }

    /// The `id` of a table, checked for its form.
    func checkedIdentifier(_ reader: TableReader) -> Located<String>? {
        guard let name = reader.string("id") else { return nil }
        if !ValueGrammar.isIdentifier(name.value) {
            context.error(
                "id may not be \(name.value)",
                at: name.place,
                hint: "letters, digits and - _ . : make an id, a letter or digit first"
            )
        }
        return name
    }

    /// A list of names that may be left out, but not be empty.
    func references(_ reader: TableReader, _ key: String) -> [Located<String>]? {
        guard let names = reader.strings(key) else { return nil }
        if let value = reader.value(key), value.kind == .array, value.children.isEmpty {
            context.error(
                "\(key) is empty: nothing would be matched",
                at: reader.place(of: value),
                hint: "leave the key out for all \(key)"
            )
        }
        return names
    }

    private func checkedAddress(_ address: Located<String>) -> FeedURL? {
        do throws(FeedURL.Flaw) {
            let parts = try FeedURL(address.value)
            if let userInfo = parts.userInfo {
                let place = narrowed(address, to: userInfo)
                context.hide(place)
                context.warning(
                    "a name and password in the address can be seen by whoever reads this file",
                    at: place,
                    hint: "send them with auth, from a credential"
                )
            }
            return parts
        } catch {
            // What cannot be read may hold a password all the same.
            if let at = address.value.unicodeScalars.lastIndex(of: "@") {
                let count = address.value.unicodeScalars[..<at].count
                context.hide(narrowed(address, to: 0..<count))
            }
            let place = error.range.map { narrowed(address, to: $0) } ?? address.place
            context.error(error.message, at: place, hint: error.hint)
            return nil
        }
    }

    /// The place of some scalars of a string.
    func narrowed(_ text: Located<String>, to range: Range<Int>) -> ConfigPlace {
        let file = context.files[text.place.file]
        let map = StringLiteralMap(text.value, at: text.place.span.start, in: file)
        guard let map else { return text.place }
        return ConfigPlace(file: text.place.file, span: map.span(of: range))
    }

    /// The header fields of `headers`, their values read from where they are kept.
    func readHeaders(_ reader: TableReader) -> [RequestHeader] {
        guard let table = reader.table("headers") else { return [] }
        return table.children.compactMap { value in
            let name = Located(
                value: value.key,
                place: ConfigPlace(file: reader.file, span: value.keySpan)
            )
            let text = SecretReader(builder: self, file: reader.file).read(value, for: name.value)
            guard isUsable(name), let text else { return nil }
            if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                context.error(
                    "the value of \(name.value) holds a line break or control character",
                    at: reader.place(of: value)
                )
                return nil
            }
            return RequestHeader(name: name.value, value: text)
        }
    }

    /// Whether a header field has a name that may be sent (RFC 9110, section 5.6.2).
    private func isUsable(_ name: Located<String>) -> Bool {
        let bytes = name.value.utf8
        let isToken = bytes.allSatisfy {
            ValueGrammar.isASCIILetter($0) || ValueGrammar.isASCIIDigit($0)
                || "!#$%&'*+-.^_`|~".utf8.contains($0)
        }
        guard isToken, !bytes.isEmpty else {
            context.error("no name of a header: \(name.value)", at: name.place)
            return false
        }
        let own = [
            "host", "content-length", "transfer-encoding", "connection", "accept-encoding", "te",
            "if-none-match", "if-modified-since", "range", "upgrade", "expect",
        ]
        if own.contains(name.value.lowercased()) {
            context.error("\(name.value) is set by feedwatch itself", at: name.place)
            return false
        }
        return true
    }
}
