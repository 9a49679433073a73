package import FeedModel

/// A log line with its number, as it must stand in the log.
package struct LogLine: Hashable, Sendable {
    /// The number.
    package var seq: Int64
    /// The line, newline included.
    package var bytes: [UInt8]

    /// A line.
    package init(seq: Int64, bytes: [UInt8]) {
        self.seq = seq
        self.bytes = bytes
    }
}

/// How far a log is known to be written and synced.
///
/// May trail the file, never lead it.
package struct LogPosition: Hashable, Sendable {
    /// The number of the last line that is in the log; 0: none.
    package var seq: Int64
    /// The device of the file the position is in.
    package var device: UInt64
    /// The inode of the file the position is in; 0: no file yet.
    package var inode: UInt64
    /// The offset behind that line.
    package var offset: Int64
    /// The boot in which the note was made (`/proc/sys/kernel/random/boot_id`).
    package var bootID: String

    /// A position.
    package init(
        seq: Int64 = 0,
        device: UInt64 = 0,
        inode: UInt64 = 0,
        offset: Int64 = 0,
        bootID: String = ""
    ) {
        self.seq = seq
        self.device = device
        self.inode = inode
        self.offset = offset
        self.bootID = bootID
    }
}

/// One promise to one hook.
package struct Delivery: Hashable, Sendable {
    /// The hook.
    package var hook: HookID
    /// The log of the record.
    package var stream: LogStream
    /// The record's number.
    package var seq: Int64
    /// The record's stable identity.
    package var id: String
    /// The record: the log line without its newline.
    package var record: [UInt8]
    /// How many attempts were made before.
    package var attempts: Int
    /// When the promise was made.
    package var created: Timestamp

    /// A delivery.
    package init(
        hook: HookID,
        stream: LogStream,
        seq: Int64,
        id: String,
        record: [UInt8],
        attempts: Int,
        created: Timestamp
    ) {
        self.hook = hook
        self.stream = stream
        self.seq = seq
        self.id = id
        self.record = record
        self.attempts = attempts
        self.created = created
    }
}

/// What became of an attempt to deliver.
package enum DeliveryOutcome: Hashable, Sendable {
    /// The hook took it.
    case delivered
    /// It will be tried again at that time.
    case retry(at: Timestamp, message: String)
    /// It is given up; kept for replay.
    case dead(message: String)
}

/// What the deliverer remembers by: lines to append, promises to keep.
package protocol Outbox: Sendable {
    /// The last noted position of a log.
    func position(of stream: LogStream) async throws(StoreError) -> LogPosition
    /// Lines after number `seq`, in order, whole lines up to about `limit` bytes (at least one).
    func lines(
        of stream: LogStream,
        after seq: Int64,
        limit: ByteCount
    ) async throws(StoreError)
        -> [LogLine]
    /// Notes how far a log got. Only after its file was synced.
    func note(_ position: LogPosition, of stream: LogStream) async throws(StoreError)
    /// The oldest promise to `hook` whose record is noted as appended, that is neither kept nor
    /// dead, whether or not its time has come, and that time; nil: none.
    func nextDelivery(
        to hook: HookID
    ) async throws(StoreError) -> (
        delivery: Delivery, due: Timestamp
    )?
    /// Notes what became of an attempt.
    func note(_ outcome: DeliveryOutcome, of delivery: Delivery) async throws(StoreError)
    /// Gives up the promises to hooks that are not among `hooks` (they were taken out of the
    /// configuration): marks them dead.
    func retain(hooks: [HookID]) async throws(StoreError)
}
