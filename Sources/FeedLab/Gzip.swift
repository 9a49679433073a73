import CZlib

/// Gzip members, made by zlib.
enum Gzip {
    /// The bytes as one gzip member; nil if zlib refuses.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        compress(bytes, times: 1)
    }

    /// The bytes, repeated, as one gzip member: a small answer that unpacks to a large one.
    static func compress(_ bytes: [UInt8], times: Int) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window; 16 more ask zlib for a gzip wrapper (zlib.h, deflateInit2).
        let opened = deflateInit2_(
            &stream,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard opened == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var packed: [UInt8] = []
        for round in 1...times {
            let flush = round == times ? Z_FINISH : Z_NO_FLUSH
            guard feed(bytes, to: &stream, flush: flush, into: &packed) else { return nil }
        }
        return packed
    }

    /// Gives zlib one piece and takes all that it answers.
    private static func feed(
        _ piece: [UInt8],
        to stream: inout z_stream,
        flush: Int32,
        into packed: inout [UInt8]
    ) -> Bool {
        var input = piece
        var output = [UInt8](repeating: 0, count: 65_536)
        return input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while true {
                let (status, written) = output.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    let status = deflate(&stream, flush)
                    return (status, target.count - Int(stream.avail_out))
                }
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                    return false
                }
                packed += output[..<written]
                // Room left in the output means that zlib has said all it has to say.
                if written < output.count { return true }
            }
        }
    }
}
