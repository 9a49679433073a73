import FeedModel

extension FeedBuilder {
    /// The item ends: what rests on several of its elements is settled.
    mutating func finishItem() {
        guard isInItem else { return }
        guard feed.items.count < FeedBuilder.itemLimit else { return refuseItem() }
        if item.url.isEmpty { chooseURL() }
        if item.id.isEmpty { note("missing-id", "an item has no identifier", line: item.line) }
        feed.items.append(item)
        item = ParsedItem()
        isInItem = false
        hasSurePermalink = false
    }

    /// The document has more items than any feed; the first ones count.
    private mutating func refuseItem() {
        if !shouldStop { note("too-many-items", "only \(FeedBuilder.itemLimit) items are read") }
        shouldStop = true
        isInItem = false
    }

    /// The item has no link: its identifier may be an address, or it has a file.
    private mutating func chooseURL() {
        let id = item.id
        let isWeb = feed.bytes.withUnsafeBufferPointer { URLReference.isWeb($0.part(id.range)) }
        if !id.isEmpty, isWeb {
            item.url = id
        } else if item.idIsPermalink, !id.isEmpty,
            hasSurePermalink || feed.bytes[Int(id.start)] == UInt8(ascii: "/")
        {
            item.url = appendURL(Array(feed.bytes[id.range]))
        } else if let enclosure = item.enclosures.first {
            item.url = enclosure.url
        }
    }

    private mutating func appendURL(_ text: [UInt8]) -> TextSpan {
        text.withUnsafeBufferPointer { appendURL($0) }
    }

    /// Settles what needs the whole document, and gives the feed.
    mutating func finish(contentLanguage: String?) -> ParsedFeed {
        if isInItem, keepsOpenItem { finishItem() }
        if updatePeriod != nil || updateFrequency != nil {
            // A frequency alone is one a day (the syndication module's default period).
            feed.updateHintSeconds = (updatePeriod ?? 86_400) / max(1, updateFrequency ?? 1)
        }
        if feed.language.isEmpty, let contentLanguage {
            feed.language = Array(contentLanguage.utf8).withUnsafeBufferPointer {
                let end = $0.firstOffset(of: UInt8(ascii: ",")) ?? $0.count
                return appendTrimmed($0.part(0..<end))
            }
        }
        if hasRelativeURL { resolveByChannel() }
        noteDuplicates()
        return feed
    }

    /// Addresses that had no base are resolved against the feed's own link.
    private mutating func resolveByChannel() {
        let isUsable = feed.bytes.withUnsafeBufferPointer {
            URLReference.isAbsolute($0.part(feed.url.range))
        }
        if isUsable { bases = [feed.url] } else { bases = [] }
        var isUnresolved = false
        func settle(_ span: TextSpan) -> TextSpan {
            let isAbsolute = feed.bytes.withUnsafeBufferPointer {
                URLReference.isAbsolute($0.part(span.range))
            }
            if span.isEmpty || isAbsolute { return span }
            if !isUsable {
                isUnresolved = true
                return span
            }
            return appendURL(Array(feed.bytes[span.range]))
        }
        feed.url = settle(feed.url)
        feed.selfURL = settle(feed.selfURL)
        feed.nextURL = settle(feed.nextURL)
        feed.image = settle(feed.image)
        for index in feed.hubURLs.indices { feed.hubURLs[index] = settle(feed.hubURLs[index]) }
        for index in feed.links.indices { feed.links[index].href = settle(feed.links[index].href) }
        for index in feed.items.indices {
            var item = feed.items[index]
            item.url = settle(item.url)
            item.commentsURL = settle(item.commentsURL)
            for link in item.links.indices { item.links[link].href = settle(item.links[link].href) }
            for file in item.enclosures.indices {
                item.enclosures[file].url = settle(item.enclosures[file].url)
            }
            if let url = item.source?.url { item.source?.url = settle(url) }
            feed.items[index] = item
        }
        if isUnresolved { note("relative-url", "an address is relative and has no base", line: 0) }
    }

    private mutating func noteDuplicates() {
        var seen = Set<UInt64>(minimumCapacity: feed.items.count)
        for item in feed.items where !item.id.isEmpty {
            let hash = feed.bytes.withUnsafeBufferPointer {
                ContentHash.of(UnsafeRawBufferPointer($0.part(item.id.range)))
            }
            if !seen.insert(hash).inserted {
                note("duplicate-id", "an identifier stands for two items", line: item.line)
            }
        }
    }
}
