extension FeedURL {
    /// The address in the form in which addresses of one place are the same text: scheme and host
    /// in lower case (RFC 3986, section 6.2.2.1), without the scheme's own port, with a path
    /// (section 6.2.3), and without a fragment, which no server is sent.
    ///
    /// For comparing only: what is asked for is what was written.
    package static func normalized(_ text: String) -> String {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            return text
        }
        let scheme = text[..<colon].lowercased()
        let whole = text[colon...].dropFirst(3).prefix { $0 != "#" }
        let authority = whole.prefix { $0 != "/" && $0 != "?" }
        var rest = String(whole[authority.endIndex...])
        if !rest.hasPrefix("/") { rest = "/" + rest }
        let at = authority.lastIndex(of: "@")
        let userInfo = at.map { authority[...$0] } ?? ""
        var host = authority[(at.map(authority.index(after:)) ?? authority.startIndex)...]
        let port = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(port) { host = host.dropLast(port.count) }
        return "\(scheme)://\(userInfo)\(host.lowercased())\(rest)"
    }
}
