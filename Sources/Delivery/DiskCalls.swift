internal import CPosix
internal import Glibc

/// The calls by which a log is changed and made durable, so that tests can let them fail.
package struct DiskCalls: Sendable {
    /// What a call answered.
    package enum Answer: Hashable, Sendable {
        /// It worked; for a write, on so many bytes.
        case done(Int)
        /// It failed with this `errno` value.
        case failed(Int32)
    }

    /// Writes bytes at the end of a file.
    package var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Answer
    /// Reserves room behind an offset without changing the file's length.
    package var reserve: @Sendable (_ descriptor: Int32, _ offset: Int64, _ count: Int) -> Answer
    /// Makes a file, or a folder's entries, durable.
    package var sync: @Sendable (_ descriptor: Int32) -> Answer

    /// Calls of one's own.
    package init(
        write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Answer,
        reserve: @escaping @Sendable (Int32, Int64, Int) -> Answer,
        sync: @escaping @Sendable (Int32) -> Answer
    ) {
        self.write = write
        self.reserve = reserve
        self.sync = sync
    }

    /// The operating system's.
    package static let system = DiskCalls(
        write: { descriptor, bytes in
            let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            return written < 0 ? .failed(errno) : .done(written)
        },
        reserve: { descriptor, offset, count in
            let failure = fw_reserve(descriptor, offset, Int64(count))
            return failure == 0 ? .done(0) : .failed(failure)
        },
        sync: { descriptor in
            while fsync(descriptor) < 0 {
                guard errno == EINTR else { return .failed(errno) }
            }
            return .done(0)
        }
    )
}

/// The system's words for an `errno` value.
func describe(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}
