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
    ]
}
