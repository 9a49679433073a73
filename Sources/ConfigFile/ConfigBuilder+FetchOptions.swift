import FeedModel
import WatchCore

extension ConfigBuilder {
    /// Reads how the requests of a `[[feed]]` differ from those of others.
    func readFetchOptions(_ reader: TableReader, of settings: inout FeedSettings) {
        var options = FetchOptions()
        options.authorization = readAuthorization(reader)
        options.proxy = readProxy(reader)
        if let agent = reader.string("user_agent") { options.userAgent = visibleText(agent) }
        if let path = reader.string("ca_file"), let full = absolute(path, key: "ca_file") {
            options.certificateFile = full
            if !FileAccess.isReadable(full) {
                context.warning("ca_file cannot be read: https will fail", at: path.place)
            }
        }
        if let version = reader.string("http_version") {
            let words = HTTPVersion.allCases.map { ($0.rawValue, $0) }
            options.httpVersion =
                reader.word(version, of: words, as: "http_version") ?? .automatic
        }
        if let allows = reader.boolean("allow_downgrade") { options.allowsDowngrade = allows.value }
        if let refuses = reader.boolean("no_conditional") { settings.noConditional = refuses.value }
        settings.options = options
    }

    /// Reads a `proxy`: nil: there is none of its own, or it is none at all.
    func readProxy(_ reader: TableReader) -> ProxySettings? {
        guard let value = reader.value("proxy") else { return nil }
        guard value.kind == .table else {
            return reader.string("proxy").flatMap { address in
                address.value == Self.noProxy ? nil : proxy(address)
            }
        }
        let table = TableReader(value, in: reader.file, as: ConfigSchema.proxy, context: context)
        table.require("url", hint: "url = \"http://proxy.example.org:3128\"")
        guard let address = table.string("url"), var settings = proxy(address) else { return nil }
        settings.user = table.string("user")?.value
        settings.password = secret("password", of: table)
        if let password = table.value("password"), settings.user == nil {
            context.error("password needs a user", at: table.place(of: password))
        }
        return settings
    }

    /// The word that keeps a feed off the proxy of all feeds.
    static let noProxy = "none"

    /// Whether a feed says something of a proxy.
    func choosesProxy(_ reader: TableReader) -> Bool { reader.value("proxy") != nil }

    /// Gives the proxy of `[watch]` to the feeds that choose none.
    func shareProxy() {
        guard let proxy else { return }
        for index in feeds.indices where feeds[index].takesProxy {
            feeds[index].settings.options.proxy = proxy
        }
    }

    private func proxy(_ address: Located<String>) -> ProxySettings? {
        let schemes = ["http://", "https://", "socks5h://"]
        let lower = address.value.lowercased()
        guard let scheme = schemes.first(where: { lower.hasPrefix($0) }) else {
            context.error(
                "a proxy has an http, https or socks5h address",
                at: address.place,
                hint: lower.hasPrefix("socks5://")
                    ? "write socks5h: the proxy looks names up" : nil
            )
            return nil
        }
        do throws(FeedURL.Flaw) {
            let parts = try FeedURL("http://" + address.value.dropFirst(scheme.count))
            if parts.userInfo != nil {
                context.hide(address.place)
                context.error(
                    "a proxy's name and password stand beside its address",
                    at: address.place,
                    hint: "proxy = { url = \"…\", user = \"…\", password = { credential = \"…\" } }"
                )
                return nil
            }
        } catch {
            context.error(error.message, at: address.place, hint: error.hint)
            return nil
        }
        return ProxySettings(url: address.value)
    }

    private func readAuthorization(_ reader: TableReader) -> Authorization? {
        guard let value = reader.table("auth") else { return nil }
        let table = TableReader(value, in: reader.file, as: ConfigSchema.auth, context: context)
        let token = table.value("bearer")
        let hasName = table.value("user") != nil || table.value("password") != nil
        guard (token != nil) != hasName else {
            context.error(
                "auth has either bearer, or user and password",
                at: reader.place(of: value)
            )
            return nil
        }
        if token != nil { return secret("bearer", of: table).map { .bearer(token: $0) } }
        table.require("user", hint: "user = \"…\"")
        table.require("password", hint: "password = { credential = \"…\" }")
        guard let user = table.string("user"), let password = secret("password", of: table) else {
            return nil
        }
        if user.value.contains(":") {
            context.error("user may hold no colon (RFC 7617)", at: user.place)
            return nil
        }
        return .basic(user: visibleText(user), password: password)
    }

    /// A secret that goes into a field of a header.
    private func secret(_ key: String, of table: TableReader) -> String? {
        guard let value = table.value(key),
            let text = SecretReader(builder: self, file: table.file).read(
                value,
                for: key == "bearer" ? "bearer token" : key
            )
        else { return nil }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            let message = "the value of \(key) holds a line break or control character"
            context.error(message, at: table.place(of: value))
            return nil
        }
        return text
    }

    /// A text that goes into a field of a header as it stands.
    private func visibleText(_ text: Located<String>) -> String {
        if text.value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            context.error("there is a line break or control character in it", at: text.place)
        }
        return text.value
    }

    // MARK: Addresses

    /// Takes a name and password out of a feed's address, which is shown and stored: from here on
    /// they are credentials like others.
    func takeOutUserInfo(_ range: Range<Int>, of settings: inout FeedSettings) {
        let scalars = Array(settings.url.unicodeScalars)
        let info = String(String.UnicodeScalarView(scalars[range]))
        let rest = Array(scalars[..<range.lowerBound]) + scalars[(range.upperBound + 1)...]
        settings.url = String(String.UnicodeScalarView(rest))
        guard settings.options.authorization == nil else { return }
        let parts = info.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map { Self.decoded($0) }
        settings.options.authorization =
            .basic(user: parts[0], password: parts.count > 1 ? parts[1] : "")
    }

    /// A part of an address without percent-encoding; the address has been checked.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Files

    /// The name of a feed that is a file, where it has none of its own.
    func fileIdentifier(_ address: Located<String>) -> String {
        let hash = ContentHash.hexadecimal(ContentHash.of(address.value)).prefix(8)
        let stem = address.value.split(separator: "/").last.map { name in
            name.prefix { ValueGrammar.isIdentifier("a\($0)") && $0 != "." }
        }
        guard let stem, ValueGrammar.isIdentifier(String(stem)) else { return "file-\(hash)" }
        return "\(stem)-\(hash)"
    }

    /// Looks at the addresses of files: each must lie in a folder that may be read.
    func checkFiles() {
        let folders = limits.allowFiles.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        for feed in feeds where Self.isFile(feed.settings.url) {
            let url = feed.settings.url
            guard url.hasPrefix("file:///"), !url.contains("/../"), !url.hasSuffix("/..") else {
                context.error(
                    "the address of a file is file:/// and an absolute path",
                    at: feed.addressPlace
                )
                continue
            }
            let path = url.dropFirst(7)
            guard !folders.contains(where: { path.hasPrefix($0) }) else { continue }
            context.error(
                "the file lies in no folder of allow_files",
                at: feed.addressPlace,
                hint: "name its folder in allow_files of [limits]"
            )
        }
    }

    /// Whether an address is that of a file.
    static func isFile(_ url: String) -> Bool { url.lowercased().hasPrefix("file:") }
}
