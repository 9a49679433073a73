package import FeedModel

/// How long a response may be used without asking again (RFC 9111, section 4.2), read the way a
/// private cache has to.
package struct Freshness: Hashable, Sendable {
    /// What `Cache-Control: max-age` allows; nil: it says nothing.
    package var maxAge: Duration?
    /// How long the response stays fresh from when it came, less the time it was on its way or in
    /// somebody's cache; nil: the server says nothing of it.
    package var remaining: Duration?

    /// The freshness of `response`, which came at `now`.
    ///
    /// | Cache-Control | Expires | Age | remaining |
    /// | --- | --- | --- | --- |
    /// | max-age=600 | | 100 | 500 s |
    /// | no-cache, max-age=600 | | | 0 |
    /// | s-maxage=9000 | | | nothing: for shared caches |
    /// | | Date + 300 s | | 300 s |
    /// | max-age=60 | Date + 300 s | | 60 s |
    /// | | 0 | | 0 |
    package init(of response: HTTPResponse, now: Timestamp) {
        let age = response.header("age").flatMap { Freshness.seconds($0[...]) } ?? .zero
        for field in response.headers where asciiEqualIgnoringCase(field.name, "cache-control") {
            for directive in Freshness.directives(of: field.value) {
                switch directive.name {
                case "no-cache" where directive.value.isEmpty, "no-store":
                    maxAge = .zero
                case "max-age":
                    let value = Freshness.seconds(directive.value) ?? .zero
                    maxAge = min(maxAge ?? value, value)
                default: break
                }
            }
        }
        if let maxAge {
            remaining = max(maxAge - age, .zero)
        } else if let expires = response.header("expires") {
            // By the server's own clock: ours may differ.
            let sent = response.header("date").flatMap(HTTPTime.date) ?? now
            let moment = HTTPTime.date(expires) ?? sent
            remaining = max(min(moment - sent, Freshness.longest) - age, .zero)
        }
    }

    /// The longest time that is told apart.
    private static let longest: Duration = .seconds(366 * 86_400)

    /// The directives of a field, names in lower case, values without quotes.
    private static func directives(of field: String) -> [(name: String, value: Substring)] {
        var parts: [Substring] = []
        var start = field.startIndex
        var isQuoted = false
        for index in field.indices {
            switch field[index] {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                parts.append(field[start..<index])
                start = field.index(after: index)
            default: break
            }
        }
        parts.append(field[start...])
        return parts.map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = trimmed(sides.first ?? "").lowercased()
            var value = trimmed(sides.count > 1 ? sides[1] : "")
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count > 1 {
                value = value.dropFirst().dropLast()
            }
            return (name, value)
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    /// A number of seconds; one that no number can hold is very large (RFC 9111, section 1.2.2).
    private static func seconds(_ text: Substring) -> Duration? {
        let text = trimmed(text)
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return min(.seconds(Int64(text) ?? 366 * 86_400), longest)
    }
}
