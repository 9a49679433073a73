package import TopicQuery

extension TopicSource {
    /// An item to try the topic with, as `[[topic.test]]` and `feedwatch explain` describe one.
    ///
    /// `text` goes into the first of the topic's fields that nothing else is given for. Language
    /// and feed are the first that the topic asks for, where it asks for any.
    package func item(
        text: String?,
        title: String?,
        summary: String?,
        content: String?,
        language: String?
    ) -> ItemText {
        var texts: [TextField: String] = [:]
        texts[.title] = title
        texts[.summary] = summary
        texts[.content] = content
        if let text {
            let free = fields.first { texts[$0] == nil } ?? .content
            texts[free] = texts[free].map { $0 + "\n\n" + text } ?? text
        }
        var item = ItemText(
            title: texts[.title] ?? "",
            summary: texts[.summary] ?? "",
            content: texts[.content] ?? "",
            language: language ?? languages.first ?? ""
        )
        item.feed = feeds.first ?? ""
        return item
    }
}
