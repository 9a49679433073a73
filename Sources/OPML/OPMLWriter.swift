/// Writes subscription lists: OPML 2.0 in UTF-8.
package enum OPMLWriter {
    /// A list of feeds in their folders, folders in the order of their first feed.
    ///
    /// `date` is an RFC 822 date.
    package static func write(_ feeds: [OPMLFeed], title: String, date: String) -> String {
        var root = Folder()
        for feed in feeds { root.add(feed, in: feed.folders[...]) }
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <opml version="2.0">
              <head>
                <title>\(escaped(title))</title>
                <dateCreated>\(escaped(date))</dateCreated>
              </head>
              <body>

            """
        root.append(to: &text, indent: "    ")
        return text + "  </body>\n</opml>\n"
    }

    /// An outline with others in it.
    private struct Folder {
        private var feeds: [OPMLFeed] = []
        private var names: [String] = []
        private var folders: [String: Folder] = [:]

        mutating func add(_ feed: OPMLFeed, in path: ArraySlice<String>) {
            guard let name = path.first else { return feeds.append(feed) }
            if folders[name] == nil { names.append(name) }
            folders[name, default: Folder()].add(feed, in: path.dropFirst())
        }

        func append(to text: inout String, indent: String) {
            for feed in feeds {
                let title = OPMLWriter.escaped(feed.title ?? feed.url)
                text += "\(indent)<outline type=\"rss\" text=\"\(title)\" title=\"\(title)\""
                text += " xmlUrl=\"\(OPMLWriter.escaped(feed.url))\""
                if let page = feed.page { text += " htmlUrl=\"\(OPMLWriter.escaped(page))\"" }
                text += "/>\n"
            }
            for name in names {
                let title = OPMLWriter.escaped(name)
                text += "\(indent)<outline text=\"\(title)\" title=\"\(title)\">\n"
                folders[name]?.append(to: &text, indent: indent + "  ")
                text += "\(indent)</outline>\n"
            }
        }
    }

    /// Text for an attribute; what XML 1.0 has no place for becomes U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\n": result.append(contentsOf: "&#10;".unicodeScalars)
            case "\r": result.append(contentsOf: "&#13;".unicodeScalars)
            case "\t": result.append(contentsOf: "&#9;".unicodeScalars)
            case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value):
                result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
