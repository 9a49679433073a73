import FeedModel

extension FeedBuilder {
    /// The element of the collected text ends: its text goes where it belongs.
    mutating func finishCapture() {
        defer { capture = Capture() }
        let start = capture.start
        let rank = capture.rank
        switch capture.field {
        case .none, .personText: break
        case .title, .description, .content: finishText()
        case .id: setID(trimmedTail(from: start), rank: rank)
        case .guid:
            setID(trimmedTail(from: start), rank: rank, isPermalink: !capture.isNotPermalink)
            hasSurePermalink = capture.isSurePermalink
        case .link: setURL(settleURL(from: start), rank: 4)
        case .origLink: setURL(settleURL(from: start), rank: 5)
        case .comments:
            let span = settleURL(from: start)
            if !span.isEmpty { item.commentsURL = span }
        case .published, .updated: finishDate()
        case .language: setLanguage(trimmedTail(from: start), rank: rank + 1)
        case .category: addCategory(settlePlain())
        case .creator:
            let span = settlePlain()
            if !span.isEmpty { addPerson(ParsedPerson(name: span)) }
        case .author:
            let span = settlePlain()
            addPeople(span)
        case .personName: FeedBuilder.replace(&person.name, by: settlePlain())
        case .personEmail: FeedBuilder.replace(&person.email, by: trimmedTail(from: start))
        case .personURL: FeedBuilder.replace(&person.url, by: settleURL(from: start))
        case .sourceTitle, .sourceText:
            let span = settlePlain()
            item.source?.title = span
        case .sourceID:
            let span = trimmedTail(from: start)
            item.source?.id = span
        case .imageURL: setImage(settleURL(from: start), rank: 4)
        case .logo: setImage(settleURL(from: start), rank: 3)
        case .icon: setImage(settleURL(from: start), rank: 2)
        case .ttl, .updatePeriod, .updateFrequency, .updateBase, .skipHour, .skipDay:
            finishSchedule()
        }
    }

    private static func replace(_ old: inout TextSpan, by new: TextSpan) {
        if !new.isEmpty { old = new }
    }

    private mutating func finishText() {
        let rank = capture.rank
        switch (capture.field, isInItem) {
        case (.title, true):
            guard rank >= itemRanks.title else { return dropTail(from: capture.start) }
            let span = settlePlain()
            guard !span.isEmpty else { return }
            itemRanks.title = rank
            item.title = span
        case (.title, false):
            guard rank >= feedRanks.title else { return dropTail(from: capture.start) }
            let span = settlePlain()
            guard !span.isEmpty else { return }
            feedRanks.title = rank
            feed.title = span
        case (.description, false):
            guard rank >= feedRanks.description else { return dropTail(from: capture.start) }
            let span = settlePlain()
            guard !span.isEmpty else { return }
            feedRanks.description = rank
            feed.description = span
        case (.description, true):
            guard rank >= itemRanks.description else { return dropTail(from: capture.start) }
            let text = settleText()
            guard !text.isEmpty else { return }
            itemRanks.description = rank
            item.summary = text
        default:
            guard isInItem, rank >= itemRanks.content else { return dropTail(from: capture.start) }
            let text = settleText()
            guard !text.isEmpty else { return }
            itemRanks.content = rank
            item.content = text
        }
    }

    private mutating func finishDate() {
        setDate(capture.field, trimmedTail(from: capture.start), rank: capture.rank)
    }

    /// Takes a date of the item or the feed.
    mutating func setDate(_ field: Field, _ span: TextSpan, rank: UInt8) {
        guard !span.isEmpty else { return }
        var timestamp = feed.bytes.withUnsafeBufferPointer { DateReader.read($0.part(span.range)) }
        // The zeros of Unix (1970), .NET (year 1) and MySQL (year -1) are a program that knew no
        // date; nobody published then.
        if let moment = timestamp, moment.milliseconds == 0 || moment.civil.year < 100 {
            timestamp = nil
        }
        if timestamp == nil {
            note("bad-date", "the date \(feed.string(span).prefix(80)) is not understood")
        }
        let date = ParsedDate(text: span, timestamp: timestamp)
        switch (field, isInItem) {
        case (.published, true): replace(&item.published, &itemRanks.published, date, rank)
        case (.published, false): replace(&feed.published, &feedRanks.published, date, rank)
        case (.updated, true): replace(&item.updated, &itemRanks.updated, date, rank)
        default: replace(&feed.updated, &feedRanks.updated, date, rank)
        }
    }

    /// A date that could not be read never replaces one that could.
    private func replace(
        _ old: inout ParsedDate,
        _ oldRank: inout UInt8,
        _ new: ParsedDate,
        _ rank: UInt8
    ) {
        if old.timestamp != nil, new.timestamp == nil || rank < oldRank { return }
        if old.timestamp == nil, new.timestamp == nil, rank < oldRank { return }
        old = new
        oldRank = rank
    }

    private mutating func finishSchedule() {
        let span = trimmedTail(from: capture.start)
        let number = feed.bytes.withUnsafeBufferPointer { $0.part(span.range).decimal }
        switch capture.field {
        case .ttl: feed.ttlMinutes = number ?? feed.ttlMinutes
        case .skipHour:
            // Netscape counted from 1 to 24, Userland from 0 to 23.
            if let number, number <= 24, !feed.skipHours.contains(number % 24) {
                feed.skipHours.append(number % 24)
            }
        case .skipDay: if !span.isEmpty { feed.skipDays.append(span) }
        case .updateFrequency: updateFrequency = number ?? updateFrequency
        case .updateBase:
            let base = feed.bytes.withUnsafeBufferPointer { DateReader.read($0.part(span.range)) }
            feed.updateBase = base ?? feed.updateBase
        case .updatePeriod:
            let periods: [(StaticString, Int)] = [
                ("hourly", 3_600), ("daily", 86_400), ("weekly", 604_800),
                ("monthly", 2_592_000), ("yearly", 31_536_000),
            ]
            feed.bytes.withUnsafeBufferPointer { bytes in
                for (name, seconds) in periods
                where bytes.part(span.range).equalsIgnoringCase(name) {
                    updatePeriod = seconds
                }
            }
        default: break
        }
    }
}
