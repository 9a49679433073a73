import FeedModel

extension FeedHealth {
    private static let version: UInt8 = 1
    private static let never = Int64.min

    /// The packed form: a version byte, flags, numbers and times, the probe and the times of an
    /// outage where there are any, then the pauses.
    package var packed: [UInt8] {
        var writer = ByteWriter(capacity: 80 + pauses.count * 4)
        writer.put(FeedHealth.version)
        let flags: [Bool] = [
            isInterrupted, false, hasGap, isSilenceTold, probe != nil, outage != nil,
            outageEnd != nil, standingSince != nil,
        ]
        writer.put(
            flags.enumerated().reduce(UInt8(0)) { $0 | ($1.element ? 1 << UInt8($1.offset) : 0) }
        )
        writer.put(report.rawValue)
        writer.put(falseAnswers)
        writer.put(pauseDay)
        writer.put(notModified)
        for moment in [
            quietSince, floodTold, lastNotModified, lastDocument, distrustedSince, reportTime,
        ] {
            writer.put(moment?.milliseconds ?? FeedHealth.never)
        }
        if let probe {
            writer.put(counted: (probe.etag ?? "").utf8)
            writer.put(counted: (probe.lastModified ?? "").utf8)
        }
        for moment in [outage, outageEnd, standingSince].compactMap({ $0 }) {
            writer.put(moment.milliseconds)
        }
        for pause in pauses { writer.put(pause) }
        return writer.bytes
    }

    /// Reads the packed form; nil if it is damaged or of a later version.
    package init?(packed bytes: [UInt8]) {
        self.init()
        var reader = ByteReader(bytes)
        guard
            let version: UInt8 = reader.take(), version == FeedHealth.version,
            let flags: UInt8 = reader.take(), let reportCode: UInt8 = reader.take(),
            let report = Report(rawValue: reportCode), let answers: UInt8 = reader.take(),
            let day: UInt32 = reader.take(), let notModified: UInt32 = reader.take()
        else { return nil }
        isInterrupted = flags & 1 != 0
        hasGap = flags & 4 != 0
        isSilenceTold = flags & 8 != 0
        self.report = report
        falseAnswers = answers
        pauseDay = day
        self.notModified = notModified
        var moments: [Timestamp?] = []
        for _ in 0..<6 {
            guard let moment: Int64 = reader.take() else { return nil }
            moments.append(moment == FeedHealth.never ? nil : Timestamp(milliseconds: moment))
        }
        quietSince = moments[0]
        floodTold = moments[1]
        lastNotModified = moments[2]
        lastDocument = moments[3]
        distrustedSince = moments[4]
        reportTime = moments[5]
        if flags & 16 != 0 {
            guard let etag = reader.takeCounted(), let date = reader.takeCounted() else {
                return nil
            }
            func text(_ bytes: ArraySlice<UInt8>) -> String? {
                bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
            }
            probe = Validators(etag: text(etag), lastModified: text(date))
        }
        if flags & 32 != 0 {
            guard let moment: Int64 = reader.take() else { return nil }
            outage = Timestamp(milliseconds: moment)
        }
        if flags & 64 != 0 {
            guard let moment: Int64 = reader.take() else { return nil }
            outageEnd = Timestamp(milliseconds: moment)
        }
        if flags & 128 != 0 {
            guard let moment: Int64 = reader.take() else { return nil }
            standingSince = Timestamp(milliseconds: moment)
        }
        guard reader.remaining % 4 == 0 else { return nil }
        while let pause: UInt32 = reader.take() { pauses.append(pause) }
    }
}
