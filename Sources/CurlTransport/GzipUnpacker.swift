import CDeflate
import CZlib

/// Unpacks gzip bodies that have come as a whole, at twice the speed of libcurl's way.
///
/// What is not as it should be is read once more, step by step, and comes out as libcurl has it.
/// Confined to the transport's queue.
final class GzipUnpacker {
    /// What became of a body.
    enum Outcome {
        case unpacked([UInt8])
        /// Larger than the limit.
        case tooLarge
        /// Packed to do harm.
        case bomb
        /// There is no memory for it now.
        case noMemory
        /// No gzip, or damaged.
        case damaged
    }

    /// How much is made at a time of what is read step by step.
    private static let step = 64 << 10

    private let handle: OpaquePointer

    /// An unpacker for any number of bodies.
    init() {
        guard let handle = libdeflate_alloc_decompressor() else {
            preconditionFailure("libdeflate is out of memory")
        }
        self.handle = handle
    }

    deinit { libdeflate_free_decompressor(handle) }

    /// Unpacks `packed` to at most `limit` bytes, if `mayTake` grants as many.
    func unpack(_ packed: [UInt8], limit: Int, mayTake: (Int) -> Bool) -> Outcome {
        guard !packed.isEmpty else { return .unpacked([]) }
        // Its last four bytes are the size of a whole one.
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        if size > 0, size <= limit, !ResponseRecorder.isBomb(size, received: packed.count) {
            guard mayTake(size) else { return .noMemory }
            if let body = unpack(packed, size: size) { return .unpacked(body) }
        }
        return read(packed, limit: limit, mayTake: mayTake)
    }

    /// The document in a whole, single and sound gzip member that has `size` bytes unpacked.
    private func unpack(_ packed: [UInt8], size: Int) -> [UInt8]? {
        var isWhole = false
        // SAFETY: libdeflate writes at most `size` bytes and says how many; it keeps no pointer.
        let body = [UInt8](unsafeUninitializedCapacity: size) { room, count in
            var used = 0
            let result = libdeflate_gzip_decompress_ex(
                handle,
                packed,
                packed.count,
                room.baseAddress,
                size,
                &used,
                &count
            )
            isWhole = result == LIBDEFLATE_SUCCESS && used == packed.count
            // Of what failed nothing is taken.
            if !isWhole { count = 0 }
        }
        return isWhole ? body : nil
    }

    /// Unpacks step by step; a body that is cut off gives what there is of it.
    private func read(_ packed: [UInt8], limit: Int, mayTake: (Int) -> Bool) -> Outcome {
        // zlib wants the stream to stay where it is.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { return .noMemory }
        defer { _ = inflateEnd(stream) }
        var input = packed
        var body: [UInt8] = []
        var room = [UInt8](repeating: 0, count: GzipUnpacker.step)
        // SAFETY: the stream's pointers are used within this block only, where both arrays stay.
        return input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(clamping: input.count)
            while true {
                let (code, made) = room.withUnsafeMutableBufferPointer { room in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    let code = inflate(stream, Z_NO_FLUSH)
                    return (code, room.count - Int(stream.pointee.avail_out))
                }
                guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(code) else { return .damaged }
                let total = body.count + made
                if total > limit { return .tooLarge }
                let received = input.count - Int(stream.pointee.avail_in)
                if ResponseRecorder.isBomb(total, received: received) { return .bomb }
                guard mayTake(total) else { return .noMemory }
                body.append(contentsOf: room[..<made])
                if code == Z_STREAM_END {
                    return stream.pointee.avail_in == 0 ? .unpacked(body) : .damaged
                }
                if made < room.count { return .unpacked(body) }
            }
        }
    }
}
