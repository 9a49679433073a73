extension Schema {
    /// Promises that are told together, what hooks said when they failed, and the hooks that are
    /// told nothing for now.
    static let version5 = """
        ALTER TABLE delivery ADD COLUMN grouping TEXT;
        ALTER TABLE delivery ADD COLUMN output TEXT;
        CREATE INDEX delivery_grouping ON delivery (hook, grouping) WHERE grouping IS NOT NULL;

        CREATE TABLE hook_pause (
            hook TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            since INTEGER NOT NULL,
            target INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
