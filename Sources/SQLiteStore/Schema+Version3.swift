extension Schema {
    /// When and where to poll: what a feed's cadence is, what it asks for, where it has moved to.
    static let version3 = """
        ALTER TABLE feed ADD COLUMN cadence BLOB;
        ALTER TABLE feed ADD COLUMN wishes BLOB;
        ALTER TABLE feed ADD COLUMN move BLOB;
        ALTER TABLE poll ADD COLUMN not_before INTEGER;
        ALTER TABLE poll ADD COLUMN host_held_until INTEGER;
        ALTER TABLE poll ADD COLUMN gone_looks INTEGER NOT NULL DEFAULT 0;
        """
}
