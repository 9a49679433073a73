internal import CZlib
internal import FeedModel
internal import FeedParsing
internal import WatchCore

/// Reads what history keeps of a poll: the items' texts, or the document they came in.
enum StoredHistory {
    /// More than this many times its size nothing is that was packed with gzip.
    private static let packingLimit = 1_100

    /// The items of a chunk.
    static func items(
        in chunk: HistoryChunk,
        row: Int64
    ) throws(StoreError) -> [HistoryItem] {
        if let items = HistoryCodec.items(in: chunk.bytes) { return items }
        let parser = FeedParser()
        guard let stored = HistoryDocument(chunk.bytes), let document = unpack(stored.packed),
            case .feed(let feed) = parser.read(document, hints: stored.hints)
        else { throw StoreError(message: "history row \(row) is damaged") }
        return stored.items(in: feed, reader: parser)
    }

    /// What a gzip member unpacks to; nil where it is damaged.
    private static func unpack(_ packed: [UInt8]) -> [UInt8]? {
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard size > 0, size <= packed.count * packingLimit else { return nil }
        // zlib wants the stream to stay where it is.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let room = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, room) == Z_OK else { return nil }
        defer { _ = inflateEnd(stream) }
        var input = packed
        var document = [UInt8](repeating: 0, count: size)
        // SAFETY: the stream's pointers are used within this block only, where both arrays stay.
        let code = input.withUnsafeMutableBufferPointer { input in
            document.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(clamping: input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(clamping: output.count)
                return inflate(stream, Z_FINISH)
            }
        }
        return code == Z_STREAM_END && stream.pointee.avail_out == 0 ? document : nil
    }
}
