/// Documents that are wrong on purpose.
enum FaultyDocument {
    /// How a feed without end begins.
    static let endlessHead = """
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0"><channel><title>No end</title><link>https://lab.example/</link>

        """

    /// What a feed without end repeats.
    static let endlessItem = """
        <item><title>And another thing</title><description>The speaker did not yield the floor, \
        and the clerk went on writing until the ink was gone and a new bottle came.</description>\
        </item>

        """

    /// The page of a guest network.
    static let htmlPage = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Welcome to the guest network</title>
        <link rel="stylesheet" href="/style.css"></head>
        <body><h1>Please sign in</h1><p>Accept the terms &amp; go on to the page you wanted.<br>
        <form method="post"><input name="room"><button>Sign in</button></form></body></html>

        """

    /// Bytes that are no XML, a NUL and broken UTF-8 among them.
    static let garbage: [UInt8] = (0..<2_048).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }

    /// Entities of entities: 10 to the 9th laughs, were they expanded.
    static let doctypeBomb: String = {
        var text = "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [\n <!ENTITY lol0 \"laugh \">\n"
        for level in 1...9 {
            let below = String(repeating: "&lol\(level - 1);", count: 10)
            text += " <!ENTITY lol\(level) \"\(below)\">\n"
        }
        return text + """
            ]>
            <rss version="2.0"><channel><title>Bomb</title><link>https://lab.example/</link>
            <item><title>&lol9;</title><guid>bomb</guid></item></channel></rss>

            """
    }()

    /// 64 MiB of blanks in a few dozen kilobytes.
    static let gzipBomb: [UInt8] = {
        let mebibyte = [UInt8](repeating: UInt8(ascii: " "), count: 1_048_576)
        return Gzip.compress(mebibyte, times: 64) ?? []
    }()
}
