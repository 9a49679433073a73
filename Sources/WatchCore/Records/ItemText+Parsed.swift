package import FeedModel
package import TopicQuery

extension ItemText {
    /// Takes over what topics look at of an item of a document; the buffer is used again.
    ///
    /// `language` is that of items that name none.
    package mutating func fill(
        from item: ParsedItem,
        of document: ParsedFeed,
        language fallback: String?,
        reader: any DocumentReader
    ) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: document.bytes[item.title.range])
        title = 0..<bytes.count
        reader.appendPlainText(of: item.summary, in: document, to: &bytes)
        summary = title.upperBound..<bytes.count
        reader.appendPlainText(of: item.content, in: document, to: &bytes)
        content = summary.upperBound..<bytes.count
        language =
            document.stringIfPresent(item.language) ?? document.stringIfPresent(document.language)
            ?? fallback ?? ""
        url = document.string(item.url)
        authors = item.authors.map { document.string($0.name) }
        categories = item.categories.map { document.string($0) }
    }
}
