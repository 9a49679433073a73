import CCurl

/// An http or https address, taken apart as far as the rules about hosts need it.
struct WebAddress {
    /// The address without user information and fragment: what is requested and shown.
    let url: String
    /// Whether it is https.
    let isSecure: Bool
    /// The host in lower case, IPv6 in brackets.
    let host: String
    /// The port, also where the address leaves it out.
    let port: Int
    /// The user information, decoded.
    var credentials: Credentials?

    /// A name and a password.
    struct Credentials {
        /// The name.
        let user: String
        /// The password.
        let password: String
    }

    /// Why an address cannot be used; says nothing of what it holds.
    enum Flaw: Error, CustomStringConvertible {
        /// libcurl cannot read it.
        case malformed
        /// The scheme is neither http nor https.
        case scheme

        var description: String {
            switch self {
            case .malformed: "an address that cannot be read"
            case .scheme: "an address that is neither http nor https"
            }
        }
    }

    /// Takes an address apart.
    init(_ text: String) throws(Flaw) {
        if let plain = Self(plain: text) {
            self = plain
            return
        }
        let handle = try URLHandle()
        try handle.set(text)
        try self.init(handle)
    }

    /// The address that a `Location` leads to from here.
    func resolving(_ location: some Collection<UInt8>) throws(Flaw) -> WebAddress {
        let handle = try URLHandle()
        try handle.set(url)
        try handle.set(location)
        return try WebAddress(handle)
    }

    /// What requests are told apart by for the limit of connections to one host.
    var authority: String { "\(host):\(port)" }

    /// Whether what is meant for this host may be sent to that of `other`.
    ///
    /// It must be the same at the same port, or the step from http to https at their usual ports.
    func isSameHost(as other: WebAddress) -> Bool {
        host == other.host && port == other.port && isSecure == other.isSecure
            || host == other.host && !isSecure && port == 80 && other.isSecure && other.port == 443
    }

    private init(url: String, isSecure: Bool, host: String, port: Int) {
        self.url = url
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    private init(_ handle: borrowing URLHandle) throws(Flaw) {
        guard let scheme = handle.part(CURLUPART_SCHEME) else { throw .malformed }
        guard scheme == "http" || scheme == "https" else { throw .scheme }
        guard let host = handle.part(CURLUPART_HOST), !host.isEmpty,
            let port = handle.part(CURLUPART_PORT, cx_url_default_port).flatMap({ Int($0) })
        else { throw .malformed }
        let user = handle.part(CURLUPART_USER, cx_url_decode)
        let password = handle.part(CURLUPART_PASSWORD, cx_url_decode)
        for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT] {
            handle.remove(part)
        }
        guard let url = handle.part(CURLUPART_URL) else { throw .malformed }
        self.init(url: url, isSecure: scheme == "https", host: host.lowercased(), port: port)
        if user != nil || password != nil {
            credentials = Credentials(user: user ?? "", password: password ?? "")
        }
    }
}

extension WebAddress {
    /// An address that needs no work, as nearly all do: lower case scheme, ordinary host name,
    /// visible ASCII, no user information, no fragment; nil if libcurl must look at it.
    private init?(plain text: String) {
        let bytes = text.utf8
        let isSecure = bytes.starts(with: "https://".utf8)
        guard isSecure || bytes.starts(with: "http://".utf8) else { return nil }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            return nil
        }
        let start = bytes.index(bytes.startIndex, offsetBy: isSecure ? 8 : 7)
        let authority = bytes[start...].prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
        }
        let host = authority.prefix(while: Self.isPlain)
        guard !host.isEmpty else { return nil }
        var port = isSecure ? 443 : 80
        if host.endIndex < authority.endIndex {
            let digits = authority[host.endIndex...].dropFirst()
            guard authority[host.endIndex] == UInt8(ascii: ":"),
                let number = Int(Substring(digits)), (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        self.init(url: text, isSecure: isSecure, host: String(Substring(host)), port: port)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// Owns one of libcurl's parsed addresses.
private struct URLHandle: ~Copyable {
    private let handle: OpaquePointer

    init() throws(WebAddress.Flaw) {
        guard let handle = curl_url() else { throw .malformed }
        self.handle = handle
    }

    deinit { curl_url_cleanup(handle) }

    /// Sets the whole address, or a reference to be resolved against the address there is.
    ///
    /// Blanks and bytes beyond ASCII are taken and encoded, as browsers do.
    borrowing func set(_ text: some Collection<UInt8>) throws(WebAddress.Flaw) {
        guard !text.contains(0) else { throw .malformed }
        let terminated = text.map { CChar(bitPattern: $0) } + [0]
        switch curl_url_set(handle, CURLUPART_URL, terminated, cx_url_lenient) {
        case CURLUE_OK: return
        case CURLUE_UNSUPPORTED_SCHEME: throw .scheme
        default: throw .malformed
        }
    }

    borrowing func set(_ text: String) throws(WebAddress.Flaw) { try set(text.utf8) }

    borrowing func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    borrowing func remove(_ part: CURLUPart) { curl_url_set(handle, part, nil, 0) }
}
