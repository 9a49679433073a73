import FeedModel

/// Writes one feed as JSON.
struct FeedJSON {
    let feed: ParsedFeed
    let bytes: Bytes
    var writer: JSONWriter

    /// Writes the object.
    mutating func write(file: String) {
        writer.beginObject()
        writer.key("file")
        writer.string(file)
        writer.key("format")
        writer.string(feed.format.rawValue)
        writer.key("encoding")
        writer.string(feed.encoding)
        writer.key("feed")
        writeFeed()
        writer.key("entries")
        writer.beginArray()
        for item in feed.items { write(item) }
        writer.endArray()
        writer.key("problems")
        writer.beginArray()
        for problem in feed.problems {
            writer.beginObject()
            writer.key("code")
            writer.string(problem.code)
            writer.key("line")
            writer.integer(problem.line)
            writer.key("message")
            writer.string(problem.message)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private mutating func writeFeed() {
        writer.beginObject()
        write("id", feed.id)
        write("title", feed.title)
        write("description", feed.description)
        write("url", feed.url)
        write("self_url", feed.selfURL)
        write("hub_urls", feed.hubURLs)
        write("next_url", feed.nextURL)
        write("language", feed.language)
        write("published", feed.published)
        write("updated", feed.updated)
        writer.key("ttl")
        writer.integer(orNull: feed.ttlMinutes)
        writer.key("update_hint_s")
        writer.integer(orNull: feed.updateHintSeconds)
        writer.key("skip_hours")
        writer.beginArray()
        for hour in feed.skipHours { writer.integer(hour) }
        writer.endArray()
        write("skip_days", feed.skipDays)
        write("image", feed.image)
        write(feed.authors)
        write("categories", feed.categories)
        write(feed.links)
        writer.endObject()
    }

    private mutating func write(_ item: ParsedItem) {
        writer.beginObject()
        write("id", item.id)
        writer.key("id_is_permalink")
        writer.bool(item.idIsPermalink)
        write("url", item.url)
        write("title", item.title)
        writeText("summary", item.summary)
        writeMarkup("summary_html", item.summary, item)
        writeText("content", item.content)
        writeMarkup("content_html", item.content, item)
        write(item.authors)
        write("categories", item.categories)
        write("published", item.published)
        write("updated", item.updated)
        write("language", item.language)
        writer.key("enclosures")
        writer.beginArray()
        for file in item.enclosures {
            writer.beginObject()
            write("url", file.url)
            write("type", file.type)
            writer.key("length")
            writer.integer(orNull: file.length.map { Int($0) })
            writer.endObject()
        }
        writer.endArray()
        writer.key("source")
        if let source = item.source {
            writer.beginObject()
            write("title", source.title)
            write("url", source.url)
            write("id", source.id)
            writer.endObject()
        } else {
            writer.null()
        }
        write("comments_url", item.commentsURL)
        write(item.links)
        writer.endObject()
    }

    private mutating func write(_ name: StaticString, _ span: TextSpan) {
        writer.key(name)
        write(span)
    }

    private mutating func write(_ span: TextSpan) {
        if span.isEmpty { writer.null() } else { writer.string(bytes.part(span.range)) }
    }

    private mutating func write(_ name: StaticString, _ spans: [TextSpan]) {
        writer.key(name)
        writer.beginArray()
        for span in spans { write(span) }
        writer.endArray()
    }

    private mutating func write(_ name: StaticString, _ date: ParsedDate) {
        writer.key(name)
        writer.string(orNull: date.timestamp?.rfc3339Seconds)
    }

    private mutating func write(_ people: [ParsedPerson]) {
        writer.key("authors")
        writer.beginArray()
        for person in people {
            writer.beginObject()
            write("name", person.name)
            write("email", person.email)
            write("url", person.url)
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func write(_ links: [ParsedLink]) {
        writer.key("links")
        writer.beginArray()
        for link in links {
            writer.beginObject()
            write("rel", link.rel)
            write("href", link.href)
            write("type", link.type)
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func writeText(_ name: StaticString, _ text: ParsedText) {
        writer.key(name)
        guard !text.isEmpty else { return writer.null() }
        var plain: [UInt8] = []
        PlainText.append(
            bytes.part(text.span.range),
            isMarkup: text.isMarkup,
            paragraphs: false,
            to: &plain
        )
        guard !plain.isEmpty else { return writer.null() }
        plain.withUnsafeBufferPointer { writer.string($0) }
    }

    private mutating func writeMarkup(
        _ name: StaticString,
        _ text: ParsedText,
        _ item: ParsedItem
    ) {
        writer.key(name)
        guard !text.isEmpty, text.isMarkup else { return writer.null() }
        let bases = [text.base, feed.url, item.url]
        let base = bases.first { URLReference.isAbsolute(bytes.part($0.range)) } ?? .none
        let markup = AbsoluteMarkup.make(bytes.part(text.span.range), base: bytes.part(base.range))
        markup.withUnsafeBufferPointer { writer.string($0) }
    }
}
