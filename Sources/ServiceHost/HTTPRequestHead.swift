/// What a request asks for: the first lines of an HTTP/1 message, as far as we need them.
///
/// A body is never read: the connection ends with the answer.
package struct HTTPRequestHead: Hashable, Sendable {
    /// The method as sent.
    package var method: String
    /// The path of the target, without its query.
    package var path: String
    /// What `Host` says; nil: nothing.
    package var host: String?

    /// Reads the bytes up to and with the empty line; nil where they are no such request, or say
    /// twice for whom they are meant.
    package init?(_ bytes: some Collection<UInt8>) {
        // Lines may end without the carriage return (RFC 9112, section 2.2).
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                String(
                    decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line,
                    as: UTF8.self
                )
            }
        guard !lines.isEmpty else { return nil }
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
            !words[0].isEmpty, words[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) })
        else { return nil }
        method = String(words[0])
        var hosts: [String] = []
        for line in lines where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
                !line[..<colon].contains(where: { $0 == " " || $0 == "\t" })
            else { return nil }
            guard line[..<colon].lowercased() == "host" else { continue }
            var value = line[line.index(after: colon)...]
            while value.first == " " || value.first == "\t" { value.removeFirst() }
            while value.last == " " || value.last == "\t" { value.removeLast() }
            hosts.append(String(value))
        }
        guard hosts.count <= 1 else { return nil }
        var target = words[1][...]
        if target.hasPrefix("http://") {
            // The whole address, as a proxy is sent it: it says for whom, whatever `Host` says.
            target = target.dropFirst(7)
            let end = target.firstIndex(of: "/") ?? target.endIndex
            hosts = [String(target[..<end])]
            target = target[end...]
            if target.isEmpty { target = "/" }
        }
        guard target.hasPrefix("/") else { return nil }
        // It must say for whom (RFC 9112, section 3.2); older clients need not.
        guard words[2] == "HTTP/1.0" || !hosts.isEmpty else { return nil }
        path = String(target.prefix { $0 != "?" && $0 != "#" })
        host = hosts.first
    }

    /// Whether the request is meant for this machine: a web page that had its own name resolved
    /// to a loopback address (DNS rebinding) says that name.
    package var isForLoopback: Bool {
        guard let host else { return true }
        let name: Substring
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            name = host[...end]
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || HTTPRequestHead.isPort(rest) else { return false }
        } else {
            name = host.prefix { $0 != ":" }
            let rest = host[name.endIndex...]
            guard rest.isEmpty || HTTPRequestHead.isPort(rest) else { return false }
        }
        if name.lowercased() == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
            }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.hasPrefix(":") && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
