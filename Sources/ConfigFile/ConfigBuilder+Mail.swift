import FeedModel
import WatchCore

extension ConfigBuilder {
    /// Reads what `mail` and its keys say; nil: something was noted as wrong.
    func mail(_ reader: TableReader) -> MailSettings? {
        reader.require("from", hint: "from = \"feedwatch@example.org\"")
        reader.require("smtp", hint: "smtp = \"smtp://mail.example.org:587\"")
        let recipients = reader.strings("mail", orOne: true) ?? []
        if let value = reader.value("mail"), value.kind == .array, value.children.isEmpty {
            context.error("mail is empty: nobody would be written to", at: reader.place(of: value))
        }
        let addresses = recipients.compactMap { mailbox($0, "mail") }
        let sender = reader.string("from").flatMap { mailbox($0, "from") }
        let server = reader.string("smtp").flatMap(mailServer)
        guard let sender, let server, !addresses.isEmpty else { return nil }
        var settings = MailSettings(server: server, sender: sender, recipients: addresses)
        settings.requiresTLS = reader.boolean("starttls")?.value ?? true
        readLogin(reader, &settings)
        return settings
    }

    private func readLogin(_ reader: TableReader, _ settings: inout MailSettings) {
        let secrets = SecretReader(builder: self, file: reader.file)
        settings.user = reader.string("user").map(\.value)
        settings.password = reader.value("password").flatMap { secrets.read($0, for: "password") }
        for (key, other) in [("user", "password"), ("password", "user")]
        where reader.value(key) != nil && reader.value(other) == nil {
            context.error("\(key) goes with \(other) only", at: reader.keyPlace(key))
        }
        let isOpen = !settings.requiresTLS && settings.server.hasPrefix("smtp:")
        if isOpen, reader.value("password") != nil {
            context.error(
                "the password would be sent for everybody to read",
                at: reader.keyPlace("starttls"),
                hint: "leave starttls out, or use smtps"
            )
        }
    }

    /// An address without a name: `desk@example.org`.
    private func mailbox(_ text: Located<String>, _ key: String) -> String? {
        let parts = text.value.split(separator: "@", omittingEmptySubsequences: false)
        let special = "<>()[]\\,;:\" ".utf8
        let isPlain = text.value.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !special.contains(byte)
        }
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), isPlain,
            text.value.utf8.count <= 254
        else {
            context.error(
                "\(key) is no address of mail: \(text.value)",
                at: text.place,
                hint: "write the address alone, in ASCII: desk@example.org"
            )
            return nil
        }
        return text.value
    }

    /// `smtp://host:port` or `smtps://host:port`, and nothing more.
    private func mailServer(_ text: Located<String>) -> String? {
        let schemes = ["smtp://", "smtps://"]
        guard let scheme = schemes.first(where: text.value.hasPrefix) else {
            context.error(
                "smtp wants an address of a mail server",
                at: text.place,
                hint: "write smtp://mail.example.org:587 or smtps://mail.example.org:465"
            )
            return nil
        }
        let rest = text.value.dropFirst(scheme.count)
        guard !rest.contains(where: { "/@?#".contains($0) }) else {
            context.hide(text.place)
            context.error(
                "smtp wants a host and a port only",
                at: text.place,
                hint: "user and password have keys of their own"
            )
            return nil
        }
        do throws(FeedURL.Flaw) {
            _ = try FeedURL("http://" + rest)
        } catch {
            context.error("smtp: \(error.message)", at: text.place)
            return nil
        }
        return text.value
    }
}
