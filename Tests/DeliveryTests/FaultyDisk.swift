import Delivery
import Glibc
import Synchronization

/// The system's calls, which fail or stop half-way when a test says so.
final class FaultyDisk: Sendable {
    struct Faults {
        /// How many bytes can still be written; nil: no limit.
        ///
        /// A write that meets the limit is short, and the next one fails.
        var room: Int?
        /// What a write without room fails with.
        var code: Int32 = ENOSPC
        /// Whether room can be reserved: a full disk is then seen before anything is written.
        var canReserve = true
        /// Whether syncs only pretend: where many runs make up a test, they take its time.
        var pretendsSync = false
        /// Whether syncs fail.
        var failsSync = false
        /// How many writes are interrupted before they begin.
        var interrupts = 0
        /// How many syncs were made.
        var syncs = 0
    }

    private let faults = Mutex(Faults())

    /// Changes what fails.
    func set(_ change: (inout sending Faults) -> Void) { faults.withLock { change(&$0) } }

    /// How many syncs were made.
    var syncs: Int { faults.withLock { $0.syncs } }

    /// The calls.
    var calls: DiskCalls {
        DiskCalls(
            write: { descriptor, bytes in self.write(descriptor, bytes) },
            reserve: { descriptor, offset, count in
                self.reserve(count) ?? DiskCalls.system.reserve(descriptor, offset, count)
            },
            sync: { descriptor in self.sync(descriptor) }
        )
    }

    private func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> DiskCalls.Answer {
        let limit: Int? = faults.withLock { faults in
            if faults.interrupts > 0 {
                faults.interrupts -= 1
                return -Int(EINTR)
            }
            guard let room = faults.room else { return bytes.count }
            let count = min(room, bytes.count)
            faults.room = room - count
            return count > 0 ? count : -Int(faults.code)
        }
        guard let limit, limit > 0 else { return .failed(Int32(-(limit ?? 0))) }
        return DiskCalls.system.write(
            descriptor,
            UnsafeRawBufferPointer(rebasing: bytes[..<limit])
        )
    }

    /// How reserving fails; nil: the system shall do it.
    private func reserve(_ count: Int) -> DiskCalls.Answer? {
        faults.withLock { faults in
            guard faults.canReserve else { return .failed(EOPNOTSUPP) }
            guard let room = faults.room, room < count else { return nil }
            return .failed(faults.code)
        }
    }

    private func sync(_ descriptor: Int32) -> DiskCalls.Answer {
        let (fails, pretends) = faults.withLock { faults in
            faults.syncs += 1
            return (faults.failsSync, faults.pretendsSync)
        }
        guard !fails else { return .failed(EIO) }
        return pretends ? .done(0) : DiskCalls.system.sync(descriptor)
    }
}
