import WatchCore

/// Takes the secrets of a request out of what was said on the wire.
struct SecretMask: Sendable {
    /// What stands in a secret's place.
    static let mask = "***"

    private let names: Set<String>
    private let secrets: [String]

    /// What a request and its address hold.
    init(_ request: PollRequest, _ credentials: WebAddress.Credentials?) {
        // A feed's own fields may hold secrets, whatever they are called; these are no place for one.
        let harmless: Set<String> = ["accept", "accept-language", "user-agent"]
        let own = request.headers.filter { !harmless.contains($0.name.lowercased()) }
        names = Set(own.map { $0.name.lowercased() })
            .union(["authorization", "proxy-authorization", "cookie"])
        var secrets = own.map(\.value)
        func add(_ user: String, _ password: String) {
            secrets += [password, Self.base64("\(user):\(password)")]
        }
        switch request.options.authorization {
        case .basic(let user, let password)?: add(user, password)
        case .bearer(let token)?: secrets.append(token)
        case nil: break
        }
        if let proxy = request.options.proxy { add(proxy.user ?? "", proxy.password ?? "") }
        if let credentials { add(credentials.user, credentials.password) }
        // What is too short to be a secret stands everywhere.
        self.secrets = secrets.filter { $0.utf8.count >= 4 }.sorted { $0.count > $1.count }
    }

    /// A header line without secrets.
    func masked(_ line: String) -> String {
        guard let colon = line.firstIndex(of: ":") else { return withoutValues(line) }
        let name = line[..<colon]
        if names.contains(name.lowercased()) { return "\(name): \(Self.mask)" }
        return withoutValues(line)
    }

    /// A text without the values themselves, which a server may send back.
    func withoutValues(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret) {
            text = text.replacing(secret, with: Self.mask)
        }
        return text
    }

    /// A text as basic authorization sends it (RFC 4648, section 4).
    private static func base64(_ text: String) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let part = rest.prefix(3)
            rest = rest.dropFirst(3)
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0...part.count { result.append(digits[bits >> (18 - 6 * place) & 63]) }
            result += repeatElement(UInt8(ascii: "="), count: 3 - part.count)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
