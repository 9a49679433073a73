package import FeedModel
package import WatchCore

/// A message as a webhook is sent it: header fields and body.
///
/// The body is the same on each attempt; the time and so the signature are the attempt's.
package struct WebhookMessage: Sendable {
    /// The header fields.
    package let headers: [RequestHeader]
    /// The body.
    package let body: [UInt8]

    /// The message to `hook` for an attempt at `now`.
    package init(
        _ message: HookMessage,
        to webhook: WebhookSettings,
        of hook: HookID,
        now: Timestamp
    ) {
        let fields = message.fields
        let contentType: String
        switch webhook.body {
        case .feedwatch:
            contentType = "application/json"
            body = WebhookMessage.envelope(message, fields)
        case .cloudevents:
            contentType = "application/cloudevents+json"
            body = WebhookMessage.cloudEvent(message, fields)
        case .text(let template, let line):
            contentType = webhook.contentType
            let text = HookText(message, fields, webhook)
            body = Array(text.filled(template, line: line).utf8)
        }
        let seconds = now.milliseconds / 1_000
        var headers = [
            RequestHeader(name: "Content-Type", value: contentType),
            RequestHeader(name: "webhook-id", value: message.id),
            RequestHeader(name: "webhook-timestamp", value: String(seconds)),
            // Two hooks may tell one receiver of the same record, in forms of their own.
            RequestHeader(name: "Idempotency-Key", value: "\"\(message.identity(at: hook))\""),
        ]
        if !webhook.keys.isEmpty {
            let signature = WebhookSignature.value(
                id: message.id,
                seconds: seconds,
                body: body,
                keys: webhook.keys
            )
            headers.append(RequestHeader(name: "webhook-signature", value: signature))
        }
        self.headers = headers + webhook.headers
    }

    private static func envelope(_ message: HookMessage, _ fields: [RecordFields]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("type")
        json.string(message.kind(fields))
        json.key("timestamp")
        json.string(fields.time)
        json.key("data")
        write(message, to: &json)
        json.endObject()
        return json.bytes
    }

    private static func cloudEvent(_ message: HookMessage, _ fields: [RecordFields]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("specversion")
        json.string("1.0")
        json.key("id")
        json.string(message.id)
        json.key("source")
        json.string("/feedwatch")
        json.key("type")
        json.string("feedwatch." + message.kind(fields))
        json.key("time")
        json.string(fields.time)
        if let subject = fields.common("topic") ?? fields.common("feed") {
            json.key("subject")
            json.string(subject)
        }
        json.key("datacontenttype")
        json.string("application/json")
        json.key("data")
        write(message, to: &json)
        json.endObject()
        return json.bytes
    }

    /// The record, or the group: `{"id", "count", "records"}`.
    private static func write(_ message: HookMessage, to json: inout JSONWriter) {
        guard message.isGroup else { return json.json(message.records[0]) }
        json.beginObject()
        json.key("id")
        json.string(message.id)
        json.key("count")
        json.integer(message.records.count)
        json.key("records")
        json.beginArray()
        for record in message.records { json.json(record) }
        json.endArray()
        json.endObject()
    }
}
