internal import ServiceHost

/// Shows matches to people: time, topic, source, title with the matched words marked, link.
struct MatchFormatter {
    /// Whether words are marked by colour instead of by brackets.
    let isColoured: Bool

    /// The lines for a match.
    func text(of match: MatchLine) -> String {
        let time = match.time.prefix(16).map { $0 == "T" ? " " : String($0) }.joined()
        let source = match.feed_title ?? match.feed
        var lines = [
            "\(faint(time))  \(strong(VisibleText.escape(match.topic_title)))"
                + "  \(faint(VisibleText.escape(source)))"
        ]
        let titleHits = match.hits.filter { $0.field == "title" }
        lines.append("  " + marked(match.title ?? "(no title)", titleHits))
        if titleHits.isEmpty, let excerpt = match.excerpt, !excerpt.isEmpty {
            lines.append("  … " + markedWords(excerpt, match.hits.map(\.text)))
        }
        if let url = match.url { lines.append("  " + faint(VisibleText.escape(url))) }
        return lines.joined(separator: "\n")
    }

    /// The text with the places of `hits` marked.
    private func marked(_ text: String, _ hits: [MatchLine.Hit]) -> String {
        let scalars = Array(text.unicodeScalars)
        var isHit = Array(repeating: false, count: scalars.count)
        for hit in hits where hit.start >= 0 && hit.start < hit.end {
            for index in hit.start..<min(hit.end, scalars.count) { isHit[index] = true }
        }
        return render(scalars, isHit)
    }

    /// The text with every occurrence of `words` marked.
    private func markedWords(_ text: String, _ words: [String]) -> String {
        let scalars = Array(text.unicodeScalars)
        var isHit = Array(repeating: false, count: scalars.count)
        for word in Set(words) {
            let wanted = Array(word.unicodeScalars)
            guard !wanted.isEmpty, wanted.count <= scalars.count else { continue }
            for start in 0...(scalars.count - wanted.count)
            where scalars[start..<start + wanted.count].elementsEqual(wanted) {
                for index in start..<start + wanted.count { isHit[index] = true }
            }
        }
        return render(scalars, isHit)
    }

    private func render(_ scalars: [Unicode.Scalar], _ isHit: [Bool]) -> String {
        var result = ""
        var start = 0
        while start < scalars.count {
            var end = start
            while end < scalars.count, isHit[end] == isHit[start] { end += 1 }
            var run = String.UnicodeScalarView()
            run.append(contentsOf: scalars[start..<end])
            let visible = VisibleText.escape(String(run))
            result += isHit[start] ? mark(visible) : visible
            start = end
        }
        return result
    }

    private func mark(_ text: String) -> String {
        isColoured ? "\u{1B}[1;30;43m\(text)\u{1B}[0m" : "[\(text)]"
    }

    private func strong(_ text: String) -> String {
        isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private func faint(_ text: String) -> String {
        isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }
}
