import FeedModel

extension ArchiveWalk {
    private static let version: UInt8 = 1
    private static let never = Int64.min

    /// The walk as the store keeps it: a version byte, flags, numbers and times, then addresses.
    package var packed: [UInt8] {
        var writer = ByteWriter(capacity: 128 + visited.count * 8 + (next?.utf8.count ?? 0))
        writer.put(ArchiveWalk.version)
        writer.put(UInt8((isTold ? 1 : 0) | (next == nil ? 0 : 2)))
        writer.put(end?.rawValue ?? 0)
        for moment in [from, until, begun, notBefore, reached, told] {
            writer.put(moment?.milliseconds ?? ArchiveWalk.never)
        }
        for number in [
            frontier, pages, items, matches, itemsRead, failures, restarts, dayPages,
        ] {
            writer.put(UInt32(clamping: number))
        }
        writer.put(day)
        writer.put(lastBody)
        writer.put(counted: (reason?.rawValue ?? "").utf8)
        writer.put(counted: (next ?? "").utf8)
        for hash in visited { writer.put(hash) }
        return writer.bytes
    }

    /// Reads the packed form; nil if it is damaged or of a later version.
    package init?(packed bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let version: UInt8 = reader.take(), version == ArchiveWalk.version,
            let flags: UInt8 = reader.take(), let code: UInt8 = reader.take()
        else { return nil }
        var moments: [Timestamp?] = []
        for _ in 0..<6 {
            guard let moment: Int64 = reader.take() else { return nil }
            moments.append(moment == ArchiveWalk.never ? nil : Timestamp(milliseconds: moment))
        }
        var numbers: [Int] = []
        for _ in 0..<8 {
            guard let number: UInt32 = reader.take() else { return nil }
            numbers.append(Int(number))
        }
        guard let from = moments[0], let until = moments[1], let begun = moments[2],
            let notBefore = moments[3], let day: UInt32 = reader.take(),
            let lastBody: UInt64 = reader.take(), let reason = reader.takeCounted(),
            let next = reader.takeCounted(), reader.remaining % 8 == 0
        else { return nil }
        let gap = Gap(from: from, until: until, frontier: numbers[0], url: "", link: nil)
        self.init(gap, now: begun)
        self.notBefore = notBefore
        reached = moments[4]
        told = moments[5]
        (pages, items, matches) = (numbers[1], numbers[2], numbers[3])
        (itemsRead, failures) = (numbers[4], numbers[5])
        (restarts, dayPages) = (numbers[6], numbers[7])
        self.day = day
        self.lastBody = lastBody
        isTold = flags & 1 != 0
        end = End(rawValue: code)
        self.reason = FailureReason(rawValue: String(decoding: reason, as: UTF8.self))
        if flags & 2 != 0 { self.next = String(decoding: next, as: UTF8.self) }
        while let hash: UInt64 = reader.take() { visited.append(hash) }
    }
}
