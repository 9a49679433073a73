private let host = "https://news.example"

private func item(
    _ tag: String,
    id: String = "",
    link: String = "",
    _ title: String,
    _ text: String = "",
    hour: Double? = nil,
    file: String = ""
) -> WrittenItem {
    WrittenItem(
        tag: tag,
        id: id,
        link: link,
        title: title,
        text: text,
        hour: hour,
        file: file
    )
}

extension IdentityScenario {
    /// More true new items: pages, identifiers and titles that many items share.
    static let sharedKeys: [IdentityScenario] = [
        IdentityScenario(
            "incidents of a status page",
            [
                [
                    item(
                        "1",
                        id: "i1",
                        link: "\(host)/incidents/1",
                        "Incident",
                        "This incident has been resolved."
                    )
                ],
                [
                    item(
                        "2",
                        id: "i2",
                        link: "\(host)/incidents/2",
                        "Incident",
                        "This incident has been resolved."
                    ),
                    item(
                        "1",
                        id: "i1",
                        link: "\(host)/incidents/1",
                        "Incident",
                        "This incident has been resolved."
                    ),
                ],
                [
                    item(
                        "3",
                        id: "i3",
                        link: "\(host)/incidents/3",
                        "Incident",
                        "This incident has been resolved."
                    )
                ],
            ],
            new: [["1"], ["2"], ["3"]]
        ),
        IdentityScenario(
            "one link for all items",
            [
                [item("1", link: host, "One", prose(1)), item("2", link: host, "Two", prose(2))],
                [item("3", link: host, "Three", prose(3)), item("1", link: host, "One", prose(1))],
            ],
            new: [["1", "2"], ["3"]]
        ),
        IdentityScenario(
            "one link and one identifier, one item at a time",
            [
                [item("1", id: "x", link: host, "One", prose(1))],
                [item("2", id: "x", link: host, "Two", prose(2))],
                [item("3", id: "x", link: host, "Three", prose(3))],
            ],
            new: [["1"], ["2"], ["3"]]
        ),
        IdentityScenario(
            "one title for all items",
            [
                (1...3).map { item("\($0)", link: "\(host)/page/\($0)", "Untitled", prose($0)) },
                (2...4).map { item("\($0)", link: "\(host)/page/\($0)", "Untitled", prose($0)) },
            ],
            new: [["1", "2", "3"], ["4"]]
        ),
        IdentityScenario(
            "one title for all items, links of queries, no texts",
            [
                (1...3).map { item("\($0)", link: "\(host)/index.php?p=\($0)", "Untitled") },
                (4...6).map { item("\($0)", link: "\(host)/index.php?p=\($0)", "Untitled") },
            ],
            new: [["1", "2", "3"], ["4", "5", "6"]]
        ),
        IdentityScenario(
            "empty titles",
            [
                (1...3).map { item("\($0)", id: "m\($0)", link: "\(host)/m/\($0)", "", prose($0)) },
                (2...4).map { item("\($0)", id: "m\($0)", link: "\(host)/m/\($0)", "", prose($0)) },
            ],
            new: [["1", "2", "3"], ["4"]]
        ),
        IdentityScenario(
            "missing links and one title",
            [
                (1...3).map { item("\($0)", id: "q\($0)", "Quake", "magnitude 4.\($0)") },
                (2...4).map { item("\($0)", id: "q\($0)", "Quake", "magnitude 4.\($0)") },
            ],
            new: [["1", "2", "3"], ["4"]]
        ),
        IdentityScenario(
            "a front page for a link",
            [
                [item("1", id: "f1", link: host, "Mayor resigns")],
                [item("2", id: "f2", link: host, "Bridge closed")],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a reused identifier",
            [
                [item("1", id: "latest", link: "\(host)/1", "Mayor resigns", prose(1))],
                [item("2", id: "latest", link: "\(host)/2", "Bridge closed", prose(2))],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "menus of the week, all replaced",
            [
                (1...5).map {
                    item("a\($0)", link: "\(host)/menu/a\($0)", "Menu of day \($0)", prose($0))
                },
                (1...5).map {
                    item("b\($0)", link: "\(host)/menu/b\($0)", "Menu of day \($0)", prose($0 + 10))
                },
            ],
            new: [["a1", "a2", "a3", "a4", "a5"], ["b1", "b2", "b3", "b4", "b5"]]
        ),
        IdentityScenario(
            "titles of the week without texts, all replaced, dated",
            [
                (1...5).map {
                    item("a\($0)", id: "a\($0)", "Menu of day \($0)", hour: -Double($0))
                },
                (1...5).map {
                    item("b\($0)", id: "b\($0)", "Menu of day \($0)", hour: 0.1 * Double($0))
                },
            ],
            new: [["a1", "a2", "a3", "a4", "a5"], ["b1", "b2", "b3", "b4", "b5"]]
        ),
        IdentityScenario(
            "alerts of one title and no more, told apart by their dates",
            [
                [item("1", "Alert", hour: -2), item("2", "Alert", hour: -1)],
                [item("2", "Alert", hour: -1), item("3", "Alert", hour: 0.5)],
            ],
            new: [["1", "2"], ["3"]]
        ),
        IdentityScenario(
            "a new item dated before the last poll",
            [
                [item("1", id: "1", link: "\(host)/1", "Late", prose(1), hour: -1)],
                [item("2", id: "2", link: "\(host)/2", "Later", prose(2), hour: -9)],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "posts of a planet under one path at two hosts",
            [
                [item("1", link: "https://a.example/weekly-links", "Weekly links", prose(1))],
                [item("2", link: "https://b.example/weekly-links", "Weekly links", prose(2))],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a short text repeated under a new page",
            [
                [
                    item(
                        "1",
                        id: "p1",
                        link: "\(host)/photo/1",
                        "Photo of the day",
                        "See the photo."
                    )
                ],
                [
                    item(
                        "2",
                        id: "p2",
                        link: "\(host)/photo/2",
                        "Photo of the day",
                        "See the photo."
                    )
                ],
            ],
            new: [["1"], ["2"]]
        ),
        reusedWithinAMinute,
    ]

    /// A live feed: its entry is another half a minute after the last poll, in the same minute.
    private static let reusedWithinAMinute = IdentityScenario(
        "an entry of a live feed that is reused within the minute of a poll",
        [
            (1...7).map { live($0, "\($0)", hour: -Double($0)) },
            [live(1, "8", hour: 0.008)] + (2...7).map { live($0, "\($0)", hour: -Double($0)) },
            [live(1, "8", hour: 0.008)] + (2...7).map { live($0, "\($0)", hour: -Double($0)) },
        ],
        new: [["1", "2", "3", "4", "5", "6", "7"], ["8"], []],
        hoursApart: 0.05
    )

    private static func live(_ place: Int, _ tag: String, hour: Double) -> WrittenItem {
        let number = Int(tag) ?? 0
        let words = prose(number + 400)
        return item(
            tag,
            id: "live-\(place)",
            link: "\(host)/live/\(place)",
            String(words.prefix(30)),
            words,
            hour: hour
        )
    }
}
