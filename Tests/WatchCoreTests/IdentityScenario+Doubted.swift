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
