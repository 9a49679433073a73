/// A number of bytes.
package struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    package let bytes: Int

    /// So many bytes.
    package init(_ bytes: Int) { self.bytes = bytes }

    /// So many binary kilobytes.
    package static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }

    /// So many binary megabytes.
    package static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }

    package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    /// The number in the largest unit that divides it: `16MiB`, `300B`.
    package var description: String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        where bytes != 0 && bytes & ((1 << shift) - 1) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)B"
    }
}
