/// A key of a table, with what docs/configuration.md says of it.
struct ConfigKey {
    /// The key.
    let name: String
    /// The type, in words.
    let type: String
    /// The default, in words; `required` where there is none.
    let standard: String

    /// A key.
    init(_ name: String, _ type: String, _ standard: String) {
        self.name = name
        self.type = type
        self.standard = standard
    }
}

/// A kind of table.
struct ConfigSection {
    /// The header: `[watch]`.
    let header: String
    /// The keys.
    let keys: [ConfigKey]
    /// Keys of the contract that this version cannot honour.
    var unavailable: [String] = []

    /// Whether the table knows a key.
    func knows(_ name: String) -> Bool { keys.contains { $0.name == name } }
}

/// All tables and keys.
///
/// What is read, what is suggested for a slip and what is documented come from here.
enum ConfigSchema {
    /// The top of a file.
    static let root = ConfigSection(
        header: "top of the file",
        keys: [
            ConfigKey("include", "string or list of strings", "none"),
            ConfigKey("watch", "table", "see [watch]"),
            ConfigKey("limits", "table", "see [limits]"),
            ConfigKey("health", "table", "see [health]"),
            ConfigKey("metrics", "table", "see [metrics]"),
            ConfigKey("feed", "list of tables", "none"),
            ConfigKey("feeds", "list of tables", "none"),
            ConfigKey("matching", "table", "see [matching]"),
            ConfigKey("terms", "table of tables", "none"),
            ConfigKey("topic", "list of tables", "none"),
            ConfigKey("hook", "list of tables", "none"),
        ]
    )

    /// `[watch]`.
    static let watch = ConfigSection(
        header: "[watch]",
        keys: [
            ConfigKey("contact", "string", "none"),
            ConfigKey("interval", "auto or duration", "auto"),
            ConfigKey("mean_interval", "duration", "15m"),
            ConfigKey("baseline", "silent or match", "silent"),
            ConfigKey("history", "duration", "90d"),
            ConfigKey("state", "path", "see Paths"),
            ConfigKey("log", "path", "see Paths"),
            ConfigKey("rotate", "size or daily", "none"),
            ConfigKey("keep", "integer", "all"),
            ConfigKey("state_limit", "size", "none"),
            ConfigKey("languages", "list of strings", "none"),
            ConfigKey("proxy", "string or table", "none"),
        ]
    )

    /// `[health]`.
    static let health = ConfigSection(
        header: "[health]",
        keys: [
            ConfigKey("failing_after", "duration", "1h"),
            ConfigKey("heartbeat", "duration", "never"),
            ConfigKey("heartbeat_url", "string or secret", "none"),
            ConfigKey("heartbeat_method", "post or get", "post"),
        ]
    )

    /// `[metrics]`.
    static let metrics = ConfigSection(
        header: "[metrics]",
        keys: [
            ConfigKey("file", "path", "none"),
            ConfigKey("interval", "duration", "15s"),
            ConfigKey("listen", "string", "none"),
        ]
    )

    /// `[limits]`.
    static let limits = ConfigSection(
        header: "[limits]",
        keys: [
            ConfigKey("document", "size", "16MiB"),
            ConfigKey("response_time", "duration", "60s"),
            ConfigKey("connect_time", "duration", "10s"),
            ConfigKey("stall_time", "duration", "30s"),
            ConfigKey("redirects", "integer", "5"),
            ConfigKey("connections", "integer", "64"),
            ConfigKey("connections_per_host", "integer", "2"),
            ConfigKey("host_spacing", "duration", "1s"),
            ConfigKey("min_interval", "duration", "1m"),
            ConfigKey("max_interval", "duration", "6h"),
            ConfigKey("archive_pages", "integer", "20"),
            ConfigKey("allow_networks", "list of strings", "none"),
            ConfigKey("allow_files", "list of paths", "none"),
            ConfigKey("ca_file", "path", "/etc/ssl/certs/ca-certificates.crt"),
        ]
    )

    /// `[[feed]]`.
    static let feed = ConfigSection(
        header: "[[feed]]",
        keys: [
            ConfigKey("url", "string", "required"),
            ConfigKey("id", "string", "derived from the address"),
            ConfigKey("title", "string", "the feed's own"),
            ConfigKey("folder", "string or list of strings", "none"),
            ConfigKey("interval", "auto or duration", "interval of [watch]"),
            ConfigKey("min_interval", "duration", "min_interval of [limits]"),
            ConfigKey("max_interval", "duration", "max_interval of [limits]"),
            ConfigKey("language", "string", "none"),
            ConfigKey("topics", "list of strings", "all topics"),
            ConfigKey("headers", "table of strings or secrets", "none"),
            ConfigKey("auth", "table", "none"),
            ConfigKey("proxy", "string or table", "proxy of [watch]"),
            ConfigKey("user_agent", "string", "that of feedwatch"),
            ConfigKey("ca_file", "path", "ca_file of [limits]"),
            ConfigKey("http_version", "auto, 1.1 or 2", "auto"),
            ConfigKey("allow_downgrade", "boolean", "false"),
            ConfigKey("no_conditional", "boolean", "false"),
        ]
    )

    /// `[[feeds]]`.
    static let feeds = ConfigSection(
        header: "[[feeds]]",
        keys: [
            ConfigKey("opml", "path", "required"),
            ConfigKey("folder", "string", "all folders"),
            ConfigKey("interval", "auto or duration", "interval of [watch]"),
            ConfigKey("min_interval", "duration", "min_interval of [limits]"),
            ConfigKey("max_interval", "duration", "max_interval of [limits]"),
            ConfigKey("language", "string", "none"),
            ConfigKey("topics", "list of strings", "all topics"),
        ]
    )

    /// `auth` of a `[[feed]]`.
    static let auth = ConfigSection(
        header: "auth",
        keys: [
            ConfigKey("user", "string", "none"),
            ConfigKey("password", "string or secret", "none"),
            ConfigKey("bearer", "string or secret", "none"),
        ]
    )

    /// `proxy` of a `[[feed]]`, or of `[watch]`.
    static let proxy = ConfigSection(
        header: "proxy",
        keys: [
            ConfigKey("url", "string", "required"),
            ConfigKey("user", "string", "none"),
            ConfigKey("password", "string or secret", "none"),
        ]
    )

    /// A secret in place of a string.
    static let secret = ConfigSection(
        header: "a secret",
        keys: [
            ConfigKey("credential", "string", "none"),
            ConfigKey("file", "path", "none"),
            ConfigKey("env", "string", "none"),
        ]
    )

    /// `[matching]`.
    static let matching = ConfigSection(
        header: "[matching]",
        keys: [ConfigKey("fields", "list of strings", "title, summary, content")]
    )

    /// `[terms.NAME]`: beside `not_in`, any key.
    static let terms = ConfigSection(
        header: "[terms.NAME]",
        keys: [
            ConfigKey("any word", "string or list of strings", "none"),
            ConfigKey("not_in", "string or list of strings", "none"),
        ]
    )

    /// `[[topic]]`.
    static let topic = ConfigSection(
        header: "[[topic]]",
        keys: [
            ConfigKey("id", "string", "required"),
            ConfigKey("query", "string", "required"),
            ConfigKey("exclude", "string", "none"),
            ConfigKey("title", "string", "the id"),
            ConfigKey("fields", "list of strings", "fields of [matching]"),
            ConfigKey("languages", "list of strings", "any"),
            ConfigKey("feeds", "list of strings", "any"),
            ConfigKey("min_score", "integer", "0"),
            ConfigKey("enabled", "boolean", "true"),
            ConfigKey("test", "list of tables", "none"),
        ]
    )

    /// `[[topic.test]]`.
    static let test = ConfigSection(
        header: "[[topic.test]]",
        keys: [
            ConfigKey("text", "string", "none"),
            ConfigKey("title", "string", "none"),
            ConfigKey("summary", "string", "none"),
            ConfigKey("content", "string", "none"),
            ConfigKey("lang", "string", "the topic's first language"),
            ConfigKey("match", "boolean", "true"),
            ConfigKey("hits", "string or list of strings", "none"),
        ]
    )

    /// `[[hook]]`.
    static let hook = ConfigSection(
        header: "[[hook]]",
        keys: [
            ConfigKey("id", "string", "required"),
            ConfigKey("exec", "list of strings", "none"),
            ConfigKey("webhook", "string or secret", "none"),
            ConfigKey("mail", "string or list of strings", "none"),
            ConfigKey("topics", "list of strings", "all topics"),
            ConfigKey("on", "string or list of strings", "match"),
            ConfigKey("timeout", "duration", "30s"),
            ConfigKey("group", "duration", "none"),
            ConfigKey("rate", "string", "none"),
            ConfigKey("secret", "string or secret", "none"),
            ConfigKey("previous_secret", "string or secret", "none"),
            ConfigKey("headers", "table of strings or secrets", "none"),
            ConfigKey("body", "feedwatch, cloudevents or text", "feedwatch"),
            ConfigKey("template", "string", "required for text"),
            ConfigKey("line", "string", "{title} {url}"),
            ConfigKey("content_type", "string", "text/plain; charset=utf-8"),
            ConfigKey("escape", "none or html", "none"),
            ConfigKey("smtp", "string", "required for mail"),
            ConfigKey("from", "string", "required for mail"),
            ConfigKey("user", "string", "none"),
            ConfigKey("password", "string or secret", "none"),
            ConfigKey("starttls", "boolean", "true"),
        ],
        unavailable: ["stories"]
    )

    /// All of them, in the order of the documentation.
    static let sections = [
        root, watch, limits, health, metrics, feed, auth, proxy, secret, feeds, matching, terms,
        topic, test, hook,
    ]
}
