package import FeedModel
package import WatchCore

// The outbox's part of the store: promises to hooks.
extension SQLiteStore {
    package func nextDelivery(
        to hook: HookID
    ) throws(StoreError) -> (delivery: Delivery, due: Timestamp)? {
        try opened().deliveries.next(to: hook)
    }

    package func deliveries(
        to hook: HookID,
        of stream: LogStream,
        in group: String?,
        limit: DeliveryGroup.Limit
    ) throws(StoreError) -> [Delivery] {
        try opened().deliveries.deliveries(to: hook, of: stream, in: group, limit: limit)
    }

    package func bind(_ deliveries: [Delivery], into group: String) throws(StoreError) {
        let database = try opened()
        try database.write("grouping deliveries") { () throws(StoreError) in
            try database.deliveries.bind(deliveries, into: group)
        }
    }

    package func note(_ notes: [DeliveryNote]) throws(StoreError) {
        let database = try opened()
        try database.write("noting deliveries") { () throws(StoreError) in
            for note in notes {
                try database.deliveries.note(note)
                if let pause = note.pause {
                    try database.pauseTable.set(pause, of: note.group.hook)
                }
            }
            try database.record(notes.flatMap(\.events))
        }
    }

    package func hasten(by shift: Duration, now: Timestamp) throws(StoreError) {
        let database = try opened()
        try database.write("hastening deliveries") { () throws(StoreError) in
            try database.deliveries.hasten(by: shift, now: now)
        }
    }

    package func latestMoment() throws(StoreError) -> Timestamp {
        try opened().deliveries.latestMoment()
    }

    package func pauses() throws(StoreError) -> [HookID: HookPause] {
        try opened().pauseTable.pauses()
    }

    package func setPause(_ pause: HookPause?, of hook: HookID) throws(StoreError) {
        let database = try opened()
        try database.write("noting a pause") { () throws(StoreError) in
            try database.pauseTable.set(pause, of: hook)
        }
    }

    package func openPromises(before moment: Timestamp?) throws(StoreError) -> [HookID: Int] {
        try opened().deliveries.openPromises(before: moment)
    }

    package func giveUp(
        _ hook: HookID,
        before moment: Timestamp,
        message: String,
        events: [LogDraft]
    ) throws(StoreError) {
        let database = try opened()
        try database.write("giving up deliveries") { () throws(StoreError) in
            try database.deliveries.giveUp(hook, before: moment, message: message)
            try database.record(events)
        }
    }

    /// Lets deliveries be made anew: those of records and groups named in `ids` or, without any,
    /// all that are dead, and those that wait at once; answers how many were revived.
    ///
    /// Hooks that were gone are told again. With `hook`, only its own.
    package func retryDeliveries(
        _ ids: [String],
        of hook: HookID?,
        now: Timestamp
    ) throws(StoreError) -> Int {
        let database = try opened()
        return try database.write("reviving deliveries") { () throws(StoreError) in
            try database.replay.retry(ids, of: hook, now: now)
        }
    }

    /// Lets what is open or dead of the records and groups named in `ids` be told no more;
    /// answers how many deliveries that were.
    package func dropDeliveries(_ ids: [String], of hook: HookID?) throws(StoreError) -> Int {
        let database = try opened()
        return try database.write("dropping deliveries") { () throws(StoreError) in
            try database.replay.drop(ids, of: hook)
        }
    }
}
