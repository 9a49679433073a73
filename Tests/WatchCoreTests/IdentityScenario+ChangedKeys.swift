private let host = "https://news.example"

/// Five stories with identifier, link, title, text and date.
private func stories(
    _ range: ClosedRange<Int> = 1...5,
    id: (Int) -> String = { "guid-\($0)" },
    link: (Int) -> String = { "\(host)/2025/story-\($0)" },
    title: (Int) -> String = { "Headline number \($0) of the day" },
    text: (Int) -> String = { prose($0) },
    hour: (Int) -> Double? = { _ in nil }
) -> [WrittenItem] {
    range.map { number in
        WrittenItem(
            tag: "\(number)",
            id: id(number),
            link: link(number),
            title: title(number),
            text: text(number),
            hour: hour(number)
        )
    }
}

private let all = ["1", "2", "3", "4", "5"]
private func none(_ number: Int) -> String { "" }
private func permalink(_ number: Int) -> String { "\(host)/2025/story-\(number)" }

extension IdentityScenario {
    /// Items whose keys change, and which must not be told again.
    static let changedKeys: [IdentityScenario] = [
        IdentityScenario("nothing changes", [stories(), stories()], new: [all, []]),
        IdentityScenario(
            "http becomes https",
            [
                stories(id: { "http://news.example/\($0)" }, link: { "http://news.example/\($0)" }),
                stories(
                    id: { "https://news.example/\($0)" },
                    link: { "https://news.example/\($0)" }
                ),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "links with a new session at each request, no identifiers",
            (0..<3).map { poll in
                stories(id: none, link: { "\(host)/show?story=\($0)&token=\(poll)77" })
            },
            new: [all, [], []]
        ),
        IdentityScenario(
            "sessions in the link and short texts",
            (0..<3).map { poll in
                stories(id: none, link: { "\(host)/s\($0)?x=\(poll)" }, text: { "text \($0)" })
            },
            new: [all, [], []]
        ),
        IdentityScenario(
            "sessions in the link and no texts",
            (0..<3).map { poll in
                stories(id: none, link: { "\(host)/s\($0)?x=\(poll)" }, text: none)
            },
            new: [all, [], []]
        ),
        IdentityScenario(
            "sessions in the link, and one item more",
            [
                stories(id: none, link: { "\(host)/s\($0)?x=1" }),
                stories(0...5, id: none, link: { "\(host)/s\($0)?x=2" }),
            ],
            new: [all, ["0"]]
        ),
        IdentityScenario(
            "a session of PHP in a window of one",
            (0..<3).map { poll in
                stories(1...1, id: none, link: { "\(host)/\($0)?PHPSESSID=\(poll)" }, text: none)
            },
            new: [["1"], [], []]
        ),
        IdentityScenario(
            "tracking parameters",
            (0..<3).map { poll in
                stories(id: none, link: { "\(host)/\($0)?utm_source=\(poll)&fbclid=\(poll)" })
            },
            new: [all, [], []]
        ),
        IdentityScenario(
            "another host, no identifiers",
            [
                stories(id: none),
                stories(id: none, link: { "https://www.example.org/2025/story-\($0)" }),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "another host, no identifiers, no texts",
            [
                stories(id: none, text: none),
                stories(id: none, link: { "https://www.example.org/2025/story-\($0)" }, text: none),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "another host, identifiers that are the links",
            [
                stories(id: permalink),
                stories(
                    id: { "https://www.example.org/2025/story-\($0)" },
                    link: { "https://www.example.org/2025/story-\($0)" }
                ),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "another host and other paths",
            [
                stories(id: permalink),
                stories(
                    id: { "https://new.example/?p=\($0)" },
                    link: { "https://new.example/?p=\($0)" }
                ),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "regenerated identifiers",
            [stories(), stories(id: { "f00-\($0 * 7)" })],
            new: [all, []]
        ),
        IdentityScenario(
            "regenerated identifiers without links",
            [stories(link: none), stories(id: { "f00-\($0 * 7)" }, link: none)],
            new: [all, []]
        ),
        IdentityScenario(
            "regenerated identifiers and the dates of the move",
            [
                stories(hour: { -Double($0) }),
                stories(id: { "f00-\($0 * 7)" }, hour: { _ in 0.9 }),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "identifiers and links regenerated at once",
            [stories(), stories(id: { "x\($0)" }, link: { "\(host)/new/\($0 + 90)" })],
            new: [all, []]
        ),
        IdentityScenario(
            "identifiers regenerated twice",
            [stories(), stories(id: { "x\($0)" }), stories(id: { "y\($0)" })],
            new: [all, [], []]
        ),
        IdentityScenario(
            "one story posted again under a new identifier and link",
            [
                stories(),
                stories(2...5)
                    + stories(1...1, id: { _ in "new" }, link: { _ in "\(host)/again-2" }),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "a corrected headline without identifier",
            [stories(id: none), stories(id: none, title: { "Headline number \($0) of this day" })],
            new: [all, []]
        ),
        IdentityScenario(
            "a corrected headline, identifier and link the same",
            [stories(id: permalink), stories(id: permalink, title: { "Quite other words \($0)" })],
            new: [all, []]
        ),
        IdentityScenario(
            "a corrected headline of a list of headlines, no identifier, no text",
            [
                stories(id: none, text: none),
                stories(id: none, title: { "Headline number \($0) of this day" }, text: none),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "a corrected headline and address, identifier the same",
            [
                stories(),
                stories(link: { "\(host)/corrected-\($0)" }, title: { "Corrected headline \($0)" }),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "an amended text",
            [stories(), stories(text: { amended($0) })],
            new: [all, []]
        ),
        IdentityScenario(
            "an amended text without identifier",
            [stories(id: none), stories(id: none, text: { amended($0) })],
            new: [all, []]
        ),
        IdentityScenario(
            "an amended text and a later date, identifier the same",
            [
                stories(hour: { -Double($0) }),
                stories(text: { amended($0) }, hour: { 0.5 + Double($0) / 100 }),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "a live report whose text is written anew under its identifier",
            [stories(), stories(text: { prose($0 + 100) })],
            new: [all, []]
        ),
        IdentityScenario(
            "a second item under the first one's link",
            [
                stories(1...1, id: none, link: { _ in "\(host)/page" }),
                stories(1...1, id: none, link: { _ in "\(host)/page" })
                    + stories(2...2, id: none, link: { _ in "\(host)/page" }),
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "one identifier for all items, told apart by their links",
            [
                stories(id: { _ in "same" }),
                stories(0...5, id: { _ in "same" }),
                stories(0...5, id: { _ in "same" }),
            ],
            new: [all, ["0"], []]
        ),
        IdentityScenario(
            "the same item twice in a document",
            [stories(1...1) + stories(1...1), stories(1...1)],
            new: [["1"], []]
        ),
        IdentityScenario(
            "items that left and come back",
            [stories(), stories(1...1), stories()],
            new: [all, [], []]
        ),
        IdentityScenario(
            "an empty window between",
            [stories(), [], stories()],
            new: [all, [], []]
        ),
        IdentityScenario(
            "another order",
            [stories(), Array(stories().reversed())],
            new: [all, []]
        ),
        IdentityScenario(
            "all dates are the time of the request",
            [stories(hour: { _ in 0 }), stories(hour: { _ in 1 }), stories(hour: { _ in 2 })],
            new: [all, [], []]
        ),
        IdentityScenario(
            "one headline stamped with the time of the request",
            (0..<3).map { poll in
                stories(1...1, id: none, text: none, hour: { _ in Double(poll) })
            },
            new: [["1"], [], []]
        ),
        IdentityScenario(
            "neither identifier nor link",
            [stories(id: none, link: none), stories(0...5, id: none, link: none)],
            new: [all, ["0"]]
        ),
        IdentityScenario(
            "titles alone",
            [
                stories(id: none, link: none, text: none),
                stories(0...5, id: none, link: none, text: none),
            ],
            new: [all, ["0"]]
        ),
        IdentityScenario(
            "texts alone",
            [
                stories(id: none, link: none, title: none),
                stories(0...5, id: none, link: none, title: none),
            ],
            new: [all, ["0"]]
        ),
        IdentityScenario(
            "identifiers appear where there were none",
            [stories(id: none), stories()],
            new: [all, []]
        ),
        IdentityScenario(
            "identifiers go",
            [stories(), stories(id: none)],
            new: [all, []]
        ),
        IdentityScenario(
            "summaries become whole texts",
            [
                stories(text: { String(prose($0).prefix(60)) }), stories(),
            ],
            new: [all, []]
        ),
        IdentityScenario(
            "one link for all items, seen alone and together",
            [
                stories(1...1, id: none, link: { _ in host }),
                stories(1...3, id: none, link: { _ in host }),
                stories(3...3, id: none, link: { _ in host }),
                stories(1...3, id: none, link: { _ in host }),
            ],
            new: [["1"], ["2", "3"], [], []]
        ),
    ]
}
