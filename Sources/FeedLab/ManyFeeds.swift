/// A thousand small feeds, the same on each run: `/many/0.xml`, `/many/1.xml`, ….
///
/// Languages and dialects take turns. Of ten feeds, one tells the news of the sappers (both
/// topics), one has news from the Kursk region (topic `kursk`), and one has a near miss.
struct ManyFeeds: Sendable {
    /// How many there are.
    let count: Int
    /// How many items each shows.
    static let itemsPerFeed = 20

    /// The id of a feed.
    static func id(_ number: Int) -> String { "many-\(number)" }

    /// The path of a feed.
    static func path(_ number: Int) -> String { "/many/\(number).xml" }

    /// The feed at a path; nil where there is none.
    func feed(at path: String) -> LabFeed? {
        guard path.hasPrefix("/many/"), path.hasSuffix(".xml"),
            let number = Int(path.dropFirst(6).dropLast(4)),
            (0..<count).contains(number)
        else { return nil }
        let formats = FeedFormat.markup
        let validators: [LabValidators] = [.both, .strong, .weak, .date]
        return LabFeed(
            id: Self.id(number),
            path: path,
            format: formats[number % formats.count],
            title: "Small paper No. \(number)",
            items: (0..<Self.itemsPerFeed).map { item(number, $0) },
            validators: validators[number / 4 % validators.count],
            isGzipped: number % 3 == 0
        )
    }

    /// What is to come of the planted items.
    var expectations: [LabExpectation] {
        (0..<count).compactMap { number in
            guard let planted = Self.planted(number) else { return nil }
            let item = item(number, planted.place)
            return LabExpectation(
                feed: Self.id(number),
                item: item.id,
                url: item.link,
                topics: planted.kind.topics,
                note: planted.kind.rawValue
            )
        }
    }

    private func item(_ number: Int, _ place: Int) -> LabItem {
        let paper = ManyPaper.all[number % ManyPaper.all.count]
        let id = "\(number)-\(place)"
        let published = LabDates.noon - 600 * place
        let link = "https://small-papers.example/\(number)/\(place)"
        if let planted = Self.planted(number), planted.place == place {
            let text = paper.text(of: planted.kind)
            return LabItem(
                id: id,
                title: text.title,
                summary: text.summary,
                link: link,
                published: published
            )
        }
        let everyday = paper.everyday[(number + place) % paper.everyday.count]
        return LabItem(
            id: id,
            title: "\(everyday) (\(number)/\(place))",
            summary: paper.filler,
            link: link,
            published: published
        )
    }

    private static func planted(_ number: Int) -> (kind: ManyPaper.Kind, place: Int)? {
        let place = number / 10 % itemsPerFeed
        switch number % 10 {
        case 0: return (.sappers, place)
        case 3: return (.kursk, place)
        case 5: return (.nearMiss, place)
        default: return nil
        }
    }
}
