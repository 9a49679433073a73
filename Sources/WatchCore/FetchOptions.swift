/// How the requests of one feed differ from those of all others.
///
/// Holds secrets: it is never shown.
package struct FetchOptions: Hashable, Sendable {
    /// What proves who we are, sent to this feed's host only.
    package var authorization: Authorization?
    /// The proxy that requests go through; nil: none.
    package var proxy: ProxySettings?
    /// The `User-Agent`; nil: the one of all feeds.
    package var userAgent: String?
    /// The file with the certificate authorities that are trusted; nil: that of all feeds.
    package var certificateFile: String?
    /// The version of HTTP.
    package var httpVersion = HTTPVersion.automatic
    /// Whether a redirect may lead from https down to http.
    package var allowsDowngrade = false

    /// The options of a feed that asks for nothing.
    package init() {}
}

/// What proves who we are.
package enum Authorization: Hashable, Sendable {
    /// A name and a password (RFC 7617).
    case basic(user: String, password: String)
    /// A token (RFC 6750).
    case bearer(token: String)
}

/// A proxy.
package struct ProxySettings: Hashable, Sendable {
    /// The address without user information: `http://`, `https://` or `socks5h://`.
    package var url: String
    /// The name and password at the proxy.
    package var user: String?
    /// The password at the proxy.
    package var password: String?

    /// A proxy.
    package init(url: String, user: String? = nil, password: String? = nil) {
        self.url = url
        self.user = user
        self.password = password
    }
}

/// A version of HTTP.
package enum HTTPVersion: String, Sendable, CaseIterable {
    /// HTTP/2 over TLS where the server has it, else HTTP/1.1.
    case automatic = "auto"
    /// HTTP/1.1 only, for servers whose HTTP/2 is broken.
    case http1 = "1.1"
    /// HTTP/2, also without TLS and without asking first.
    case http2 = "2"
}
