/// Reads a value that may be kept elsewhere: a string, or `{ credential | file | env = … }`.
///
/// No message and no source line ever shows what it reads.
struct SecretReader {
    /// The longest secret.
    private static let largest = 64 << 10

    /// Where problems go, and what resolves paths.
    let builder: ConfigBuilder
    /// The file, by its index.
    let file: Int

    private var context: LoadContext { builder.context }

    /// A reader of values in a file.
    init(builder: ConfigBuilder, file: Int) {
        self.builder = builder
        self.file = file
    }

    /// The value; nil: it is missing, and that was noted.
    func read(_ value: TOMLValue, for name: String) -> String? {
        let place = ConfigPlace(file: file, span: value.span)
        if let text = value.string {
            context.hide(place)
            warnOfOpenSecret(named: name, at: place)
            return text
        }
        guard value.kind == .table else {
            context.hide(place)
            context.error(
                "\(name) wants a string or a secret, not \(value.kind.described)",
                at: place,
                hint: "write { credential = \"NAME\" }, { file = \"PATH\" } or { env = \"NAME\" }"
            )
            return nil
        }
        let reader = TableReader(value, in: file, as: ConfigSchema.secret, context: context)
        guard value.children.count == 1 else {
            context.error("a secret has exactly one of credential, file and env", at: place)
            return nil
        }
        if let name = reader.string("credential") { return credential(name) }
        if let path = reader.string("file") { return content(of: path) }
        return reader.string("env").flatMap(variable)
    }

    private func warnOfOpenSecret(named name: String, at place: ConfigPlace) {
        let lower = name.lowercased()
        let isSecret = ["authorization", "cookie", "key", "token", "secret", "password"]
            .contains { lower.contains($0) }
        guard isSecret else { return }
        context.warning(
            "\(name) stands open in this file",
            at: place,
            hint: "keep it as { credential = \"NAME\" }, { file = \"PATH\" } or { env = \"NAME\" }"
        )
    }

    private func credential(_ name: Located<String>) -> String? {
        guard !name.value.utf8.contains(UInt8(ascii: "/")), !name.value.utf8.contains(0),
            name.value != ".", name.value != ".."
        else {
            context.error("credential wants a name, not a path", at: name.place)
            return nil
        }
        guard let directory = context.environment.credentialsDirectory else {
            context.error(
                "the credential \(name.value) is missing: there is no credentials directory",
                at: name.place,
                hint: "outside the service set CREDENTIALS_DIRECTORY to the folder that holds it"
            )
            return nil
        }
        // systemd names the files of a directory that is loaded whole after its own id
        // (systemd.exec(5), LoadCredential=): for secret:/etc/… that is secret_NAME.
        for file in [name.value, "secret_" + name.value] {
            do throws(FileFlaw) {
                return text(of: try readBytes(directory + "/" + file), at: name.place)
            } catch {
                continue
            }
        }
        context.error(
            "the credential \(name.value) is missing from \(directory)",
            at: name.place,
            hint: "a file of that name, or secret_\(name.value), must be readable there"
        )
        return nil
    }

    private func content(of path: Located<String>) -> String? {
        guard let full = builder.absolute(path, key: "file") else { return nil }
        do throws(FileFlaw) {
            return text(of: try readBytes(full), at: path.place)
        } catch {
            context.error("the secret cannot be read: \(error.reason)", at: path.place)
            return nil
        }
    }

    private func variable(_ name: Located<String>) -> String? {
        guard let value = context.environment.variables[name.value], !value.isEmpty else {
            context.error("the environment variable \(name.value) is not set", at: name.place)
            return nil
        }
        return value
    }

    private func readBytes(_ path: String) throws(FileFlaw) -> [UInt8] {
        try FileAccess.read(path, largest: Self.largest)
    }

    /// The secret in a file: an editor's line break at its end is not part of it.
    private func text(of bytes: [UInt8], at place: ConfigPlace) -> String? {
        var bytes = bytes[...]
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else {
            context.error("the secret is empty", at: place)
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            context.error("the secret is no UTF-8 text", at: place)
            return nil
        }
        return text
    }
}
