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
    /// True new items that look like known ones.
    static let trueNews: [IdentityScenario] = [
        IdentityScenario(
            "bulletins of one title and page without identifier, dated",
            [
                [item("9", link: "\(host)/radio", "News", prose(9), hour: -0.1)],
                [item("10", link: "\(host)/radio", "News", prose(10), hour: 0.9)],
                [item("11", link: "\(host)/radio", "News", prose(11), hour: 1.9)],
            ],
            new: [["9"], ["10"], ["11"]]
        ),
        IdentityScenario(
            "bulletins of one title and page without identifier and date",
            [
                [item("9", link: "\(host)/radio", "News", prose(9))],
                [item("10", link: "\(host)/radio", "News", prose(10))],
                [item("11", link: "\(host)/radio", "News", prose(11))],
            ],
            new: [["9"], ["10"], ["11"]]
        ),
        IdentityScenario(
            "bulletins of one title and page, several in a window",
            [
                [
                    item("9", link: "\(host)/r", "News", prose(9)),
                    item("8", link: "\(host)/r", "News", prose(8)),
                ],
                [
                    item("10", link: "\(host)/r", "News", prose(10)),
                    item("9", link: "\(host)/r", "News", prose(9)),
                ],
            ],
            new: [["8", "9"], ["10"]]
        ),
        IdentityScenario(
            "bulletins with identifiers",
            [
                [item("9", id: "b9", link: "\(host)/radio", "News", prose(9), hour: -0.1)],
                [item("10", id: "b10", link: "\(host)/radio", "News", prose(10), hour: 0.9)],
            ],
            new: [["9"], ["10"]]
        ),
        IdentityScenario(
            "bulletins under one identifier and page",
            [
                [item("9", id: "\(host)/r", link: "\(host)/r", "News", prose(9), hour: -0.1)],
                [item("10", id: "\(host)/r", link: "\(host)/r", "News", prose(10), hour: 0.9)],
            ],
            new: [["9"], ["10"]]
        ),
        IdentityScenario(
            "weather of one form, figures changed, dated",
            [
                [
                    item(
                        "9",
                        link: "\(host)/w",
                        "Weather in Kyiv",
                        "\(prose(1)) 21 degrees",
                        hour: -0.1
                    )
                ],
                [
                    item(
                        "10",
                        link: "\(host)/w",
                        "Weather in Kyiv",
                        "\(prose(1)) 24 degrees",
                        hour: 0.9
                    )
                ],
            ],
            new: [["9"], ["10"]]
        ),
        IdentityScenario(
            "a weekly open thread with its own identifier and page",
            [
                [item("1", id: "t1", link: "\(host)/open-thread-411", "Open thread")],
                [
                    item("2", id: "t2", link: "\(host)/open-thread-412", "Open thread"),
                    item("1", id: "t1", link: "\(host)/open-thread-411", "Open thread"),
                ],
                [item("3", id: "t3", link: "\(host)/open-thread-413", "Open thread")],
            ],
            new: [["1"], ["2"], ["3"]]
        ),
        IdentityScenario(
            "a weekly open thread without identifier",
            [
                [item("1", link: "\(host)/open-thread-411", "Open thread", "Talk here.")],
                [item("2", link: "\(host)/open-thread-412", "Open thread", "Talk here.")],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a window full of open threads, all replaced after an outage",
            [
                (1...5).map { item("\($0)", id: "t\($0)", link: "\(host)/t/\($0)", "Open thread") },
                (6...9).map { item("\($0)", id: "t\($0)", link: "\(host)/t/\($0)", "Open thread") },
            ],
            new: [["1", "2", "3", "4", "5"], ["6", "7", "8", "9"]]
        ),
        IdentityScenario(
            "posts of a live blog under its address",
            [
                [item("1", id: "l1", link: "\(host)/live", "Live", prose(1))],
                [
                    item("2", id: "l2", link: "\(host)/live", "Live", prose(2)),
                    item("1", id: "l1", link: "\(host)/live", "Live", prose(1)),
                ],
                [
                    item("3", id: "l3", link: "\(host)/live", "Live", prose(3)),
                    item("2", id: "l2", link: "\(host)/live", "Live", prose(2)),
                ],
            ],
            new: [["1"], ["2"], ["3"]]
        ),
        IdentityScenario(
            "a live blog of one item, each post under a new title",
            [
                [
                    item(
                        "1",
                        id: "\(host)/live",
                        link: "\(host)/live",
                        "09:10 Shelling near the bridge",
                        prose(1),
                        hour: -0.1
                    )
                ],
                [
                    item(
                        "2",
                        id: "\(host)/live",
                        link: "\(host)/live",
                        "10:05 Talks begin in Geneva",
                        prose(2),
                        hour: 0.9
                    )
                ],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a series of one title, texts differ",
            [
                [item("1", id: "s1", link: "\(host)/s/1", "Letter from Seoul", prose(1))],
                [item("2", id: "s2", link: "\(host)/s/2", "Letter from Seoul", prose(2))],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a correction with a story of its own",
            [
                [item("1", id: "c1", link: "\(host)/story", "Sappers for Kursk", prose(1))],
                [
                    item(
                        "2",
                        id: "c2",
                        link: "\(host)/story-correction",
                        "Correction: Sappers for Kursk",
                        amended(1)
                    ), item("1", id: "c1", link: "\(host)/story", "Sappers for Kursk", prose(1)),
                ],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a podcast whose episodes share title and description",
            [
                [
                    item(
                        "1",
                        id: "e1",
                        link: "\(host)/show",
                        "Morning show",
                        prose(1),
                        file: "\(host)/audio/1.mp3"
                    )
                ],
                [
                    item(
                        "2",
                        id: "e2",
                        link: "\(host)/show",
                        "Morning show",
                        prose(1),
                        hour: 0.5,
                        file: "\(host)/audio/2.mp3"
                    ),
                    item(
                        "1",
                        id: "e1",
                        link: "\(host)/show",
                        "Morning show",
                        prose(1),
                        file: "\(host)/audio/1.mp3"
                    ),
                ],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a podcast of a window of one, with pages",
            [
                [
                    item(
                        "1",
                        id: "e1",
                        link: "\(host)/e/1",
                        "Morning show",
                        prose(1),
                        file: "\(host)/audio/1.mp3"
                    )
                ],
                [
                    item(
                        "2",
                        id: "e2",
                        link: "\(host)/e/2",
                        "Morning show",
                        prose(1),
                        file: "\(host)/audio/2.mp3"
                    )
                ],
            ],
            new: [["1"], ["2"]]
        ),
        IdentityScenario(
            "a changelog: one page, versions as titles",
            [
                [item("1", link: "\(host)/changelog", "Version 1.2.3", "Fixes")],
                [
                    item("2", link: "\(host)/changelog", "Version 1.2.4", "Fixes"),
                    item("1", link: "\(host)/changelog", "Version 1.2.3", "Fixes"),
                ],
                [item("3", link: "\(host)/changelog", "Version 1.2.5", "Fixes")],
            ],
            new: [["1"], ["2"], ["3"]]
        ),
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
    ]

    /// What cannot be told: a double is better than a loss.
    static let doubted: [IdentityScenario] = [
        IdentityScenario(
            "a corrected headline with other figures, no identifier, no text",
            [
                (1...3).map {
                    item("\($0)", link: "\(host)/story/\($0)", "Blast kills \($0) at plant")
                },
                (1...3).map {
                    item("\($0)", link: "\(host)/story/\($0)", "Blast kills \($0 + 5) at plant")
                },
            ],
            new: [["1", "2", "3"], ["1", "2", "3"]]
        ),
        IdentityScenario(
            "an edited notice without identifier and link",
            [[item("1", "Notice", "Water is cut.")], [item("1", "Notice", "Water is cut off.")]],
            new: [["1"], ["1"]]
        ),
        IdentityScenario(
            "an amended text with a later date, no identifier",
            [
                [item("1", link: "\(host)/a-story", "Story", prose(1), hour: -1)],
                [item("1", link: "\(host)/a-story", "Story", amended(1), hour: 0.5)],
            ],
            new: [["1"], ["1"]]
        ),
    ]
}
