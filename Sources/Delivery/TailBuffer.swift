/// Keeps the last bytes of a stream.
struct TailBuffer {
    private let limit: Int
    private var bytes: [UInt8] = []
    private var dropped = false

    /// A buffer that keeps about `limit` bytes.
    init(limit: Int) { self.limit = limit }

    /// Takes bytes in and forgets the oldest.
    mutating func append(_ piece: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: piece.suffix(limit))
        // Forgetting in steps of the limit keeps the cost of a flood linear.
        if bytes.count > 2 * limit {
            bytes.removeFirst(bytes.count - limit)
            dropped = true
        }
    }

    /// What is kept; a line whose beginning is lost is left out.
    var text: String {
        var kept = bytes[...]
        if kept.count > limit {
            kept = kept.suffix(limit)
        } else if !dropped {
            return String(decoding: kept, as: UTF8.self)
        }
        if let newline = kept.firstIndex(of: UInt8(ascii: "\n")), newline + 1 < kept.endIndex {
            kept = kept[(newline + 1)...]
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
