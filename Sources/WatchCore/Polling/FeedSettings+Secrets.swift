extension FeedSettings {
    /// Whether a text of a server's holds what it was sent to prove who we are: such a text is
    /// kept nowhere and shown to nobody.
    func isRepeated(in text: String) -> Bool {
        var secrets = headers.map(\.value)
        switch options.authorization {
        case .basic(_, let password)?: secrets.append(password)
        case .bearer(let token)?: secrets.append(token)
        case nil: break
        }
        // What is too short to be a secret stands everywhere.
        return secrets.contains { $0.utf8.count >= 4 && text.contains($0) }
    }
}
