internal import FeedModel

// Version 1, little-endian, 151 bytes or fewer:
//   1  version
//   8  learned until, milliseconds
//   4  window
//   4  claimed period, seconds; 0: none
//   2  each cell, as the upper half of its 32-bit float; none where nothing was learned

extension Cadence {
    private static let version: UInt8 = 1

    /// The cadence as the store keeps it; empty where nothing is known.
    ///
    /// Counts lose their last digits (one part in 256): what is learned goes on from them.
    package var packed: [UInt8] {
        guard self != Cadence() else { return [] }
        var writer = ByteWriter(capacity: 17 + Cell.count * 2)
        writer.put(Cadence.version)
        writer.put(learnedUntil?.milliseconds ?? .min)
        writer.put(UInt32(clamping: window))
        writer.put(UInt32(clamping: (claimedPeriod?.wholeMilliseconds ?? 0) / 1_000))
        for cell in cells {
            // Rounded to the nearest: cut off, small counts would shrink at every restart.
            writer.put(UInt16(truncatingIfNeeded: (cell.bitPattern &+ 0x8000) >> 16))
        }
        return writer.bytes
    }

    /// The cadence that `packed` kept; nil where the bytes are damaged.
    package init?(packed: [UInt8]) {
        self.init()
        guard !packed.isEmpty else { return }
        var reader = ByteReader(packed)
        guard let version: UInt8 = reader.take(), version == Cadence.version,
            let until: Int64 = reader.take(), let window: UInt32 = reader.take(),
            let period: UInt32 = reader.take(),
            reader.remaining == 0 || reader.remaining == Cell.count * 2
        else { return nil }
        learnedUntil = until == .min ? nil : Timestamp(milliseconds: until)
        self.window = Int(window)
        claimedPeriod = period == 0 ? nil : .seconds(Int64(period))
        cells.reserveCapacity(Cell.count)
        while let half: UInt16 = reader.take() {
            let cell = Float(bitPattern: UInt32(half) << 16)
            guard cell.isFinite, cell >= 0 else { return nil }
            cells.append(cell)
        }
    }
}
