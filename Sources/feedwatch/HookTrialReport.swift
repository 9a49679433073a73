internal import Daemon
internal import Delivery
internal import FeedModel
internal import ServiceHost
internal import WatchCore

/// What became of a sample, shown; no address in full, as it may be a secret.
struct HookTrialReport {
    /// The hook.
    let hook: HookSettings
    /// The attempt.
    let trial: HookTrial

    private var result: HookResult { trial.result }

    /// `exec /usr/local/bin/notify`, `POST https://hooks.example.org/…`.
    private var target: String {
        switch hook.channel {
        case .exec(let command):
            return "exec " + command.joined(separator: " ")
        case .webhook(let webhook):
            let scheme = webhook.url.lowercased().hasPrefix("https:") ? "https" : "http"
            return "POST \(scheme)://\(URLRedaction.host(of: webhook.url))/…"
        case .mail(let mail):
            return "mail to \(mail.recipients.joined(separator: ", ")) by \(mail.server)"
        }
    }

    /// For people.
    var lines: [String] {
        var lines = ["hook \(hook.id): \(target)"]
        let form = trial.message.isGroup ? "a group of \(trial.message.records.count)" : "one match"
        lines.append("sent: \(form), id \(trial.message.id)")
        let verdict = result.isDelivered ? "delivered" : "not delivered"
        lines.append("\(verdict): \(result.isDelivered ? ending : result.message)")
        for (name, text) in [("output", result.output), ("error output", result.errorOutput)]
        where !text.isEmpty {
            lines.append("\(name):")
            lines += text.split(whereSeparator: \.isNewline).map { "  \($0)" }
        }
        if !result.isDelivered {
            let next =
                switch result.failure.kind {
                case .temporary: "the daemon would try again, for three days"
                case .refused: "the daemon would try again a few times, then give this one up"
                case .gone: "the daemon would disable the hook"
                }
            lines.append(next)
        }
        return lines.map(VisibleText.escape)
    }

    private var ending: String {
        switch result.ending {
        case .exited(let status): "exit status \(status)"
        case .answered(let status, _): "status \(status)"
        default: result.message
        }
    }

    /// For programs: one JSON object, newline included.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.integer(1)
        json.key("hook")
        json.string(hook.id.rawValue)
        json.key("id")
        json.string(trial.message.id)
        json.key("records")
        json.integer(trial.message.records.count)
        json.key("delivered")
        json.bool(result.isDelivered)
        json.key("message")
        json.string(result.isDelivered ? ending : result.message)
        json.key("output")
        json.string(result.output)
        json.key("error_output")
        json.string(result.errorOutput)
        json.endObject()
        json.newline()
        return json.bytes
    }
}
