package import FeedModel

/// Writes what was read of a document as the JSON of `feedwatch parse`.
package enum ParseJSON {
    /// Writes the object for a document that was read, feed or not.
    package static func append(
        _ reading: DocumentReading,
        file: String,
        to writer: inout JSONWriter
    ) {
        switch reading {
        case .feed(let feed): append(feed, file: file, to: &writer)
        case .notAFeed(let message, let announced):
            writer.beginObject()
            writer.key("file")
            writer.string(file)
            writer.key("error")
            writer.beginObject()
            writer.key("code")
            writer.string("not-a-feed")
            writer.key("message")
            writer.string(message)
            writer.endObject()
            writer.key("announced")
            writer.beginArray()
            for feed in announced { append(feed, to: &writer) }
            writer.endArray()
            writer.endObject()
        }
    }

    private static func append(_ feed: AnnouncedFeed, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("url")
        writer.string(feed.url)
        writer.key("title")
        writer.string(orNull: feed.title)
        writer.key("type")
        writer.string(orNull: feed.type)
        writer.endObject()
    }

    /// Writes the object for a feed.
    package static func append(_ feed: ParsedFeed, file: String, to writer: inout JSONWriter) {
        feed.bytes.withUnsafeBufferPointer { bytes in
            var json = FeedJSON(feed: feed, bytes: bytes, writer: writer)
            // The buffer is handed over and back, so that it is not copied.
            writer = JSONWriter()
            json.write(file: file)
            writer = json.writer
        }
    }
}
