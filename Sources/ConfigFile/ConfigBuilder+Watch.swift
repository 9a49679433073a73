import FeedModel
import TopicQuery
import WatchCore

extension ConfigBuilder {
    /// What stands beside the match log, or in the state directory.
    private static let ownFiles: Set = [
        "events.jsonl", "state.sqlite", "state.sqlite-wal", "state.sqlite-shm", "lock",
        "control.sock", "metrics.sock",
    ]

    /// Reads `[watch]`.
    func readWatch(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.watch, context: context)
        if let contact = reader.string("contact") { watch.contact = checkedContact(contact) }
        readIntervals(ofWatch: reader)
        if let baseline = reader.string("baseline") {
            let words: [(String, Baseline)] = [("silent", .silent), ("match", .match)]
            watch.baseline = reader.word(baseline, of: words, as: "baseline") ?? .silent
        }
        if let history = reader.duration("history", from: .seconds(1)) {
            watch.history = history.value
        }
        if let state = reader.string("state") {
            watch.statePath = absolute(state, key: "state") ?? ""
        }
        if let log = reader.string("log") {
            if log.value.hasSuffix("/") {
                context.error("log names a directory, not a file", at: log.place)
            }
            watch.logPath = absolute(log, key: "log") ?? ""
            let name = watch.logPath.split(separator: "/").last.map(String.init) ?? ""
            if ConfigBuilder.ownFiles.contains(name) {
                context.error(
                    "log cannot be \(name): feedwatch has a file of its own by that name",
                    at: log.place,
                    hint: "matches.jsonl is usual"
                )
            }
        }
        proxy = readProxy(reader)
        readKeeping(reader)
        watch.languages = languages(reader.strings("languages"), key: "languages")
    }

    /// Reads what is kept of logs and state, and how the logs are divided.
    private func readKeeping(_ reader: TableReader) {
        if let rotate = reader.string("rotate") { watch.rotation.rule = rotationRule(rotate) }
        if let keep = reader.integer("keep", in: 0...100_000) { watch.rotation.kept = keep.value }
        if let limit = reader.size("state_limit", in: .mebibytes(1)...(.mebibytes(1 << 20))) {
            watch.stateLimit = limit.value
        }
    }

    private func rotationRule(_ text: Located<String>) -> LogRotation.Rule? {
        if text.value == "daily" { return .daily }
        let least = ByteCount.kibibytes(4)
        if let size = ValueGrammar.size(text.value), size >= least { return .size(size) }
        context.error(
            "rotate is neither a size from \(least) nor daily: \(text.value)",
            at: text.place,
            hint: "write \"100MiB\" or \"daily\""
        )
        return nil
    }

    /// The contact goes into a header field of each request.
    private func checkedContact(_ contact: Located<String>) -> String {
        if contact.value.unicodeScalars.contains(where: { !(0x20...0x7E).contains($0.value) }) {
            context.error(
                "contact may hold visible ASCII characters only",
                at: contact.place,
                hint: "write a mailto: address or the address of a page"
            )
        }
        return contact.value
    }

    /// Reads `[limits]`.
    func readLimits(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.limits, context: context)
        if let size = reader.size("document", in: .kibibytes(1)...(.mebibytes(1_024))) {
            limits.document = size.value
        }
        let hour = Duration.seconds(3_600)
        if let time = reader.duration("response_time", from: .milliseconds(10), to: hour) {
            limits.responseTime = time.value
        }
        if let time = reader.duration("connect_time", from: .milliseconds(10), to: hour) {
            limits.connectTime = time.value
        }
        if let time = reader.duration("stall_time", from: .seconds(1), to: hour) {
            limits.stallTime = time.value
        }
        if let count = reader.integer("redirects", in: 0...50) { limits.redirects = count.value }
        if let count = reader.integer("connections", in: 1...10_000) {
            limits.connections = count.value
        }
        if let count = reader.integer("connections_per_host", in: 1...100) {
            limits.connectionsPerHost = count.value
        }
        if let time = reader.duration("host_spacing", from: .zero, to: hour) {
            limits.hostSpacing = time.value
        }
        readIntervals(ofLimits: reader)
        if let count = reader.integer("archive_pages", in: 0...200) {
            limits.archivePages = count.value
        }
        for network in reader.strings("allow_networks") ?? [] {
            do throws(NetworkRange.Flaw) {
                limits.allowNetworks.append(try NetworkRange(text: network.value))
            } catch {
                let message = "no network in CIDR form: \(network.value)"
                context.error(message, at: network.place, hint: error.hint)
            }
        }
        for folder in reader.strings("allow_files") ?? [] {
            guard let path = absolute(folder, key: "allow_files") else { continue }
            limits.allowFiles.append(path)
        }
        readCertificateFile(reader)
    }

    private func readCertificateFile(_ reader: TableReader) {
        guard let path = reader.string("ca_file"), let full = absolute(path, key: "ca_file") else {
            return
        }
        limits.certificateFile = full
        if !FileAccess.isReadable(full) {
            context.warning("ca_file cannot be read: https will fail", at: path.place)
        }
    }

    /// Reads `[matching]`.
    func readMatching(_ table: TOMLValue, in file: Int) {
        let reader = TableReader(table, in: file, as: ConfigSchema.matching, context: context)
        if let fields = textFields(reader) { self.fields = fields }
    }

    /// The fields that `fields` names; nil where it names none.
    func textFields(_ reader: TableReader) -> [TextField]? {
        let words = TextField.allCases.map { ($0.name, $0) }
        let named = reader.strings("fields")?
            .compactMap { reader.word($0, of: words, as: "fields") }
        guard let named, !named.isEmpty else { return nil }
        return TextField.allCases.filter(named.contains)
    }

    /// Language tags, checked.
    func languages(_ texts: [Located<String>]?, key: String) -> [String] {
        (texts ?? [])
            .compactMap { text in
                if ValueGrammar.isLanguage(text.value) { return text.value }
                context.error(
                    "\(key) holds no language: \(text.value)",
                    at: text.place,
                    hint: "write a code such as en, ru or zh-Hant"
                )
                return nil
            }
    }
}
