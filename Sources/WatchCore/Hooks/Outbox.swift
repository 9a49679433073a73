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
    /// The identity of the group it was bound into; nil: none yet.
    package var group: String?

    /// A delivery.
    package init(
        hook: HookID,
        stream: LogStream,
        seq: Int64,
        id: String,
        record: [UInt8],
        attempts: Int,
        created: Timestamp,
        group: String? = nil
    ) {
        self.hook = hook
        self.stream = stream
        self.seq = seq
        self.id = id
        self.record = record
        self.attempts = attempts
        self.created = created
        self.group = group
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
    /// Notes that the lines of a log up to number `seq` go with rotated files that are dropped.
    func noteDropped(_ seq: Int64, of stream: LogStream) async throws(StoreError)
    /// The oldest promise to `hook` whose record is noted as appended, that is neither kept nor
    /// dead, whether or not its time has come, and that time; nil: none.
    func nextDelivery(
        to hook: HookID
    ) async throws(StoreError) -> (
        delivery: Delivery, due: Timestamp
    )?
    /// The open promises to `hook` of a log whose records are noted as appended, oldest first, as
    /// far as the limit allows: those bound into `group` or, for nil, those that are in none and
    /// were never tried.
    func deliveries(
        to hook: HookID,
        of stream: LogStream,
        in group: String?,
        limit: DeliveryGroup.Limit
    ) async throws(StoreError) -> [Delivery]
    /// Binds promises that are still open into a group.
    func bind(_ deliveries: [Delivery], into group: String) async throws(StoreError)
    /// Notes what became of attempts, and what follows from it, in one transaction.
    func note(_ notes: [DeliveryNote]) async throws(StoreError)
    /// Lets promises that are due after `now` be due by that much earlier, as the clock was set
    /// back; none before `now`.
    func hasten(by shift: Duration, now: Timestamp) async throws(StoreError)
    /// The latest moment at which anything is known to have happened; 1970 where nothing has.
    func latestMoment() async throws(StoreError) -> Timestamp
    /// The hooks that are told nothing for now.
    func pauses() async throws(StoreError) -> [HookID: HookPause]
    /// Begins or, with nil, ends the pause of a hook.
    func setPause(_ pause: HookPause?, of hook: HookID) async throws(StoreError)
    /// How many promises are open, by hook: all, or those made before a moment.
    func openPromises(before moment: Timestamp?) async throws(StoreError) -> [HookID: Int]
    /// Gives up the open promises to a hook that were made before a moment, and records events, in
    /// one transaction.
    func giveUp(
        _ hook: HookID,
        before moment: Timestamp,
        message: String,
        events: [LogDraft]
    ) async throws(StoreError)
}
