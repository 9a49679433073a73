extension Schema {
    /// The walk through a feed's older pages, to close a gap.
    static let version7 = """
        ALTER TABLE feed ADD COLUMN walk BLOB;
        """
}
