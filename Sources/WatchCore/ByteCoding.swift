/// Appends little-endian numbers and counted byte strings.
struct ByteWriter {
    /// What was written.
    private(set) var bytes: [UInt8]

    /// A writer with room for `capacity` bytes.
    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Writes a number.
    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a byte string with its length before it (4 bytes).
    mutating func put(counted string: some Collection<UInt8>) {
        put(UInt32(clamping: string.count))
        bytes.append(contentsOf: string)
    }
}

/// Writes little-endian numbers into memory whose size was reckoned before.
struct RawWriter {
    private let room: UnsafeMutableRawBufferPointer
    /// How many bytes were written.
    private(set) var count = 0

    /// A writer into `room`, which must hold all that is written.
    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    /// Writes a number.
    @inline(__always)
    mutating func put<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        room.storeBytes(of: number.littleEndian, toByteOffset: count, as: Number.self)
        count += Number.bitWidth / 8
    }
}

/// Reads what `ByteWriter` wrote; nil at the end or where the bytes are damaged.
struct ByteReader {
    private let bytes: [UInt8]
    private var offset = 0

    /// A reader of `bytes`.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many bytes are left.
    var remaining: Int { bytes.count - offset }

    /// Reads a number.
    mutating func take<Number: FixedWidthInteger>() -> Number? {
        let size = Number.bitWidth / 8
        guard remaining >= size else { return nil }
        defer { offset += size }
        return bytes.withUnsafeBytes { buffer in
            Number(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }

    /// Reads a byte string with its length before it.
    mutating func takeCounted() -> ArraySlice<UInt8>? {
        guard let count: UInt32 = take(), remaining >= Int(count) else { return nil }
        defer { offset += Int(count) }
        return bytes[offset..<offset + Int(count)]
    }
}
