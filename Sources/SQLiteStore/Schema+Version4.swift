extension Schema {
    /// The hash of the last line of each log, by which the next one is chained to it, and up to
    /// which number lines were dropped with rotated files.
    static let version4 = """
        ALTER TABLE log ADD COLUMN last_hash BLOB;
        ALTER TABLE log ADD COLUMN dropped_seq INTEGER NOT NULL DEFAULT 0;
        """
}
