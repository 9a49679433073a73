import FeedModel
import Testing
import WatchCore

@Suite struct LogRotationTests {
    private static let noon = Timestamp(seconds: 1_750_161_600)

    @Test(
        arguments: [
            // Size, bytes to add, hours since the last write; due by size, due by day.
            (0, 500, 48, false, false), (900, 100, 0, false, false), (900, 101, 0, true, false),
            (2_000, 0, 0, false, false), (10, 0, 11, false, false), (10, 0, 13, false, true),
            (10, 5, -48, false, false),
        ] as [(Int64, Int, Int, Bool, Bool)]
    )
    func aRotationIsDueBySizeOrByDay(
        size: Int64,
        adding: Int,
        hours: Int,
        bySize: Bool,
        byDay: Bool
    ) {
        func isDue(_ rule: LogRotation.Rule?) -> Bool {
            LogRotation(rule: rule)
                .isDue(
                    size: size,
                    adding: adding,
                    lastWrite: Self.noon - .seconds(hours * 3_600),
                    now: Self.noon
                )
        }
        #expect(isDue(.size(ByteCount(1_000))) == bySize)
        #expect(isDue(.daily) == byDay)
        #expect(!isDue(nil))
    }
}
