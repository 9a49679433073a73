import FeedModel
import Glibc
import Testing

@testable import ServiceHost

@Suite struct SystemClockTests {
    @Test func theCivilTimeIsTheKernels() {
        let before = Int64(time(nil))
        let now = SystemClock().now().milliseconds
        #expect(now >= before * 1000)
        #expect(now < before * 1000 + 10_000)
    }

    @Test func uptimeNeverGoesBack() {
        let clock = SystemClock()
        var last = clock.uptime()
        for _ in 0..<1_000 {
            let next = clock.uptime()
            #expect(next >= last)
            last = next
        }
    }
}
