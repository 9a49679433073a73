extension Schema {
    /// The address that gave a feed's validators, which need not be the feed's own.
    static let version2 = """
        ALTER TABLE feed ADD COLUMN document_url TEXT;
        """
}
