package import FeedModel
package import WatchCore

/// A match that never was, to try a hook with.
package enum HookSample {
    /// A message such as `hook` would get, at `now`: one record, or two where it groups.
    package static func message(for hook: HookSettings, now: Timestamp) -> HookMessage {
        let topic = hook.topics?.first?.rawValue ?? "test"
        let stamp = String(now.milliseconds, radix: 36)
        let isGroup = hook.group != nil
        let records = (1...(isGroup ? 2 : 1)).map { number in
            record("test-\(stamp)-\(number)", topic: topic, number: number, hook, now)
        }
        return HookMessage(
            id: isGroup ? "test-\(stamp)" : "test-\(stamp)-1",
            stream: .matches,
            records: records,
            isGroup: isGroup,
            attempt: 1
        )
    }

    private static func record(
        _ id: String,
        topic: String,
        number: Int,
        _ hook: HookSettings,
        _ now: Timestamp
    ) -> [UInt8] {
        let title = "feedwatch tests the hook \(hook.id): <b>&\"quotes\"</b> Привет 한국어 #\(number)"
        let texts: [(String, String?)] = [
            ("id", id), ("time", now.rfc3339), ("topic", topic), ("topic_title", "Test of a hook"),
            ("feed", "feedwatch"), ("feed_title", "feedwatch"),
            ("feed_url", "https://example.org/feed"), ("item", "0000000000000000"),
            ("guid", nil), ("title", title), ("url", "https://example.org/test"),
            ("summary", "A sample that 'feedwatch hook test' sends. Nothing was found."),
        ]
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("seq")
        json.integer(0)
        for (name, text) in texts {
            json.key(named: name)
            json.string(orNull: text)
        }
        for name in ["authors", "categories"] {
            json.key(named: name)
            json.beginArray()
            json.endArray()
        }
        for (name, text) in [("language", "en"), ("published", now.rfc3339), ("updated", nil)] {
            json.key(named: name)
            json.string(orNull: text)
        }
        json.key("revision")
        json.integer(0)
        json.key("hits")
        json.beginArray()
        json.endArray()
        json.key("excerpt")
        json.string("A sample that 'feedwatch hook test' sends.")
        json.key("score")
        json.integer(1)
        for name in ["story", "duplicate_of", "similarity", "origin", "prev"] {
            json.key(named: name)
            json.null()
        }
        json.endObject()
        return json.bytes
    }
}
