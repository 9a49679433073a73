extension Schema {
    /// How a feed behaves: its pauses, its gaps, what was told of it.
    static let version6 = """
        ALTER TABLE poll ADD COLUMN health BLOB;
        """
}
