import WatchCore

extension ConfigBuilder {
    private static let endpointHint =
        "write 127.0.0.1:PORT, [::1]:PORT or unix:/PATH; who asks from elsewhere needs a proxy"

    /// Where the daemon answers to HTTP, as `listen` says.
    func endpoint(_ reader: TableReader) -> EndpointAddress? {
        guard let text = reader.string("listen") else { return nil }
        if text.value.hasPrefix("unix:") {
            let path = Located(value: String(text.value.dropFirst(5)), place: text.place)
            guard path.value.hasPrefix("/") else {
                context.error(
                    "listen wants the whole path of its socket",
                    at: text.place,
                    hint: "write unix:/run/feedwatch/metrics.sock"
                )
                return nil
            }
            return absolute(path, key: "listen").map { .local(path: $0) }
        }
        guard let (host, port) = Self.hostAndPort(text.value) else {
            context.error(
                "listen is no address: \(text.value)",
                at: text.place,
                hint: Self.endpointHint
            )
            return nil
        }
        let name = host.lowercased() == "localhost" ? "127.0.0.1" : host
        guard let address = NetworkRange.address(name), EndpointAddress.isLoopback(address) else {
            let isEverybody = ["", "*", "0.0.0.0", "::"].contains(host)
            context.error(
                isEverybody
                    ? "listen would answer other machines"
                    : "listen is no address of this machine's own: \(host)",
                at: text.place,
                hint: Self.endpointHint
            )
            return nil
        }
        return .loopback(address, port: port)
    }

    /// The parts of `HOST:PORT`, brackets taken away; nil: it is no such thing.
    private static func hostAndPort(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy(ValueGrammar.isASCIIDigit),
            let port = UInt16(digits)
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            return (String(host.dropFirst().dropLast()), port)
        }
        // Without brackets nobody can tell the port from the address.
        return host.contains(":") ? nil : (String(host), port)
    }

    /// Whom to tell of heartbeats, as `heartbeat_url` and `heartbeat_method` say.
    func heartbeatPing(_ reader: TableReader) -> HeartbeatPing? {
        let method = reader.string("heartbeat_method")
        let sendsRecord =
            method.flatMap {
                reader.word($0, of: [("post", true), ("get", false)], as: "heartbeat_method")
            } ?? true
        guard let value = reader.value("heartbeat_url") else {
            if method != nil {
                context.error(
                    "heartbeat_method goes with heartbeat_url only",
                    at: reader.keyPlace("heartbeat_method")
                )
            }
            return nil
        }
        // The address of a dead man's switch is its secret: it is never shown.
        let secrets = SecretReader(builder: self, file: reader.file)
        guard let url = secrets.read(value, for: "heartbeat_url") else { return nil }
        do throws(FeedURL.Flaw) {
            _ = try FeedURL(url)
        } catch {
            context.error(
                "heartbeat_url is no address that can be used: \(error.message)",
                at: reader.place(of: value)
            )
            return nil
        }
        if reader.value("heartbeat") == nil {
            context.error(
                "heartbeat_url goes with heartbeat only",
                at: reader.keyPlace("heartbeat_url"),
                hint: "heartbeat = \"1h\" says how often"
            )
        }
        return HeartbeatPing(url: url, sendsRecord: sendsRecord)
    }
}
