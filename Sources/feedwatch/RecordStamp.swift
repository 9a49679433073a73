internal import FoundationEssentials

/// What tells a record of a log from all others.
struct RecordStamp: Decodable {
    /// The form of the record; only this one is known.
    private let schema: Int
    /// Its number, from 1.
    let seq: Int64
    /// Its stable identity.
    let id: String
    /// The hash of the line before it; nil for the first, and where the line is older than hashes.
    let prev: String?

    /// The stamp of a line that is a whole JSON object; else nil.
    init?(_ line: some Collection<UInt8>) {
        // What is wrong with the JSON matters to nobody: the line is damaged.
        guard
            String(validating: line, as: UTF8.self) != nil,
            let value = try? JSONDecoder().decode(RecordStamp.self, from: Data(line)),
            value.schema == 1, value.seq > 0, !value.id.isEmpty
        else { return nil }
        self = value
    }
}
