internal import FeedModel

/// Writing the items of a document.
extension SimulatedSource {
    private static let vocabulary = [
        "river", "minister", "signed", "bridge", "market", "winter", "report", "soldiers",
        "harbour", "engine", "council", "border", "letters", "grain", "factory", "museum",
        "vote", "storm", "railway", "doctors", "island", "budget", "teachers", "coal",
        "satellite", "forest", "judge", "festival", "pipeline", "farmers", "tunnel", "bank",
        "valley", "painter", "strike", "orchestra", "clinic", "election", "glacier", "cable",
        "airport", "union", "library", "hunger", "senate", "reactor", "ferry", "village",
        "treaty", "novel", "customs", "drought", "garden", "convoy", "mayor", "prison",
        "steel", "archive", "patrol", "summit", "lawyer", "beacon", "quarry", "school",
    ].map { Array($0.utf8) }
    private static let sentence = Array(" The ministry declined to comment on it.".utf8)
    private static let matching = Array(" Later it was about Kursk.".utf8)
    /// How many old items an archive brings.
    private static let archiveItems = 80
    /// For how long it does.
    static let archiveTime: Duration = .seconds(2 * 86_400)
    /// Stories from this number on are the archive's.
    static let archiveStart = 900_000

    /// The document at `now`, with the last of the stories that are published.
    mutating func document(now: Timestamp, published: Int) -> [UInt8] {
        let first = max(0, published - style.window)
        if cache.count > style.window * 4 { cache = cache.filter { $0.key >= first } }
        let hasTurned = now >= turn
        let nonce = Int(now.milliseconds / 14_400_000)
        var items: [SimulatedItem] = []
        for index in (first..<published).reversed() {
            items.append(item(index, now: now, nonce: nonce, hasTurned: hasTurned))
        }
        switch trouble {
        case .pins, .floodsUnderPin:
            if first > 0 { items.insert(pinned(), at: 0) }
        case .reorders:
            var random = SeededRandom(seed: UInt64(nonce))
            items.shuffle(using: &random)
        case .migrates where hasTurned: items.reverse()
        case .republishes where hasTurned && now < turn + SimulatedSource.archiveTime:
            for number in 0..<SimulatedSource.archiveItems {
                var item = written(SimulatedSource.archiveStart + number, isMatch: number % 4 == 0)
                item.date = turn - .seconds(Int64(30 + number) * 86_400)
                items.append(item)
            }
        default: break
        }
        return SimulatedDocument.encoded(items, older: olderThanWindow)
    }

    /// Some of the stories as a page of older items shows them, the newest first.
    mutating func items(_ stories: Range<Int>, now: Timestamp) -> [SimulatedItem] {
        let nonce = Int(now.milliseconds / 14_400_000)
        var items: [SimulatedItem] = []
        for index in stories.reversed() {
            items.append(item(index, now: now, nonce: nonce, hasTurned: now >= turn))
        }
        if trouble == .migrates, now >= turn { items.reverse() }
        return items
    }

    private func pinned() -> SimulatedItem {
        var item = written(800_000, isMatch: false)
        if style.hasDates { item.date = turn - .seconds(400 * 86_400) }
        return item
    }

    private mutating func item(
        _ index: Int,
        now: Timestamp,
        nonce: Int,
        hasTurned: Bool
    ) -> SimulatedItem {
        let story = stories[index]
        var item = cache[index] ?? written(index, isMatch: story.isMatch)
        if cache[index] == nil { cache[index] = item }
        if style.hasDates { item.date = story.appears }
        if let edited = story.edited, edited <= now {
            if style.words > 0 || story.becomesMatch {
                item.text +=
                    story.becomesMatch
                    ? SimulatedSource.matching : SimulatedSource.sentence
            }
        }
        switch trouble {
        case .datesEarly: item.date = story.appears - .seconds(Int64(index % 7) * 1_000)
        case .redates: item.date = now - .seconds(Int64(published(after: index)))
        case .tracks: item.link += Array("?utm_source=rss&utm_campaign=c\(nonce)".utf8)
        case .secures where hasTurned:
            item.link = secure(item.link)
            item.id = secure(item.id)
        case .renames where hasTurned: item.id = Array("urn:x:\(index &* 7_919)".utf8)
        case .renamesAlways where hasTurned:
            item.id = Array("urn:x:\(index &* 7_919)-\(nonce)".utf8)
        case .relinks where hasTurned: relink(&item, index)
        case .migrates where hasTurned:
            item.id = Array("\(500_000 + index)".utf8)
            relink(&item, index)
            item.text += Array(" Read more".utf8)
        default: break
        }
        return item
    }

    /// How many stories came after one, so that dates of now keep their order.
    private func published(after index: Int) -> Int { max(0, (delivered ?? 0) - index) }

    private func relink(_ item: inout SimulatedItem, _ index: Int) {
        let wasLink = item.id == item.link && !item.id.isEmpty
        item.link = Array("http://\(host)/news/read.php?nr=\(index)".utf8)
        if wasLink { item.id = item.link }
    }

    private func secure(_ address: [UInt8]) -> [UInt8] {
        address.starts(with: "http:".utf8) ? Array("https:".utf8) + address.dropFirst(5) : address
    }

    /// The story with a number as it is first written.
    private func written(_ story: Int, isMatch: Bool) -> SimulatedItem {
        var random = SeededRandom(seed: UInt64(number) << 32 | UInt64(story))
        func words(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
            var text: [UInt8] = []
            for word in 0..<count {
                if word > 0 { text.append(0x20) }
                let pick = Int(random.next() >> 40) % SimulatedSource.vocabulary.count
                text += SimulatedSource.vocabulary[pick]
            }
            return text
        }
        let token = SimulatedToken.word(feed: number, story: story)
        var item = SimulatedItem()
        item.title = trouble == .bulletins ? Array("News at the hour".utf8) : words(6, &random)
        let slug = trouble == .bulletins ? "bulletin" : "s\(random.next() >> 44)"
        item.link = Array("http://\(host)/2025/06/\(slug)-\(story)".utf8)
        switch style.identifiers {
        case 0: item.id = Array("tag:\(host),2025:\(story)".utf8)
        case 1: item.id = item.link
        default: break
        }
        let mark = isMatch ? Array(" Kursk".utf8) : []
        if style.words > 0 || trouble == .bulletins {
            item.text = words(max(12, style.words), &random) + mark + [0x20] + token
        } else {
            item.title += mark + [0x20] + token
        }
        return item
    }
}

/// The word that says in an item's text which one it is.
enum SimulatedToken {
    private static let mark = Array("zqz".utf8)

    /// The word of a story: letters only, as figures mean something to those who compare titles.
    static func word(feed: Int, story: Int) -> [UInt8] {
        var rest = feed * 1_000_000 + story
        var word = mark
        repeat {
            word.append(UInt8(0x61 + rest % 25))
            rest /= 25
        } while rest > 0
        return word
    }

    /// The story that a record is of; nil: it holds no such word.
    static func find(in record: [UInt8]) -> (feed: Int, story: Int)? {
        var index = 0
        while index + 3 < record.count {
            guard record[index] == mark[0], record[index + 1] == mark[1],
                record[index + 2] == mark[2]
            else {
                index += 1
                continue
            }
            var value = 0
            var place = 1
            for byte in record[(index + 3)...] {
                guard (0x61...0x79).contains(byte) else { break }
                value += Int(byte - 0x61) * place
                place *= 25
            }
            return (value / 1_000_000, value % 1_000_000)
        }
        return nil
    }
}
