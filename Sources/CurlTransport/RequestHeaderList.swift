import CCurl
import WatchCore

/// The header fields of a request, as libcurl wants them.
enum RequestHeaderList {
    private static let accept =
        "Accept: application/atom+xml, application/rss+xml, application/feed+json, "
        + "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"

    /// The fields for a hop of a request to `origin` that has come to `address`.
    ///
    /// The caller frees them. Validators and the feed's own fields go to the host they are meant for only.
    static func make(
        for request: PollRequest,
        from origin: WebAddress,
        at address: WebAddress
    ) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        let isAtHome = origin.isSameHost(as: address)
        if isAtHome {
            if case .bearer(let token)? = request.options.authorization {
                append("Authorization: Bearer \(token)", to: &list)
            }
            for header in request.headers {
                // A name followed by a semicolon is libcurl's way to send an empty value.
                append(
                    header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)",
                    to: &list
                )
            }
        }
        if !(isAtHome && request.headers.contains { asciiEqualIgnoringCase($0.name, "accept") }) {
            append(accept, to: &list)
        }
        if isFromHere(request, isAtHome: isAtHome, address) {
            if let etag = request.validators.etag, !etag.isEmpty {
                append("If-None-Match: \(etag)", to: &list)
                // What is new since then is enough, where the server knows how (RFC 3229).
                append("A-IM: feed", to: &list)
            }
            if let date = request.validators.lastModified, !date.isEmpty {
                append("If-Modified-Since: \(date)", to: &list)
            }
        }
        return list
    }

    /// A field of the request that cannot be sent as it would break out of its line.
    static func unusable(in request: PollRequest) -> RequestHeader? {
        request.headers.first { header in
            header.name.isEmpty
                || !header.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
                || header.value.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
        }
    }

    private static func isFromHere(
        _ request: PollRequest,
        isAtHome: Bool,
        _ address: WebAddress
    ) -> Bool {
        guard let source = request.validatorsURL else { return isAtHome }
        return source == address.url
    }

    /// Adds a line, unless it would break into two, which only a damaged state could make it.
    private static func append(_ line: String, to list: inout UnsafeMutablePointer<curl_slist>?) {
        guard !line.utf8.contains(where: { $0 < 0x0E && ($0 == 0x0A || $0 == 0x0D || $0 == 0) })
        else { return }
        let longer = WireText.withBytes(of: line) { curl_slist_append(list, $0) }
        guard let longer else { preconditionFailure("libcurl is out of memory") }
        list = longer
    }
}
