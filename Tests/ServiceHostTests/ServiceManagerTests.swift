import Glibc
import Testing

@testable import ServiceHost

@Suite struct ServiceManagerTests {
    private func manager(_ address: String, _ more: [String: String] = [:]) -> ServiceManager {
        var values = more
        values["NOTIFY_SOCKET"] = address
        return ServiceManager(environment: ProcessEnvironment(values), processID: 42)
    }

    @Test func everyStateReachesTheManager() {
        let scratch = Scratch()
        let receiver = NotifyReceiver(scratch.file("notify"))
        let manager = manager(scratch.file("notify"))
        #expect(manager.isPresent)
        manager.ready(status: "watching 3 feeds")
        #expect(receiver.next() == "READY=1\nSTATUS=watching 3 feeds")
        manager.status("polling")
        #expect(receiver.next() == "STATUS=polling")
        manager.watchdog()
        #expect(receiver.next() == "WATCHDOG=1")
        manager.stopping(status: "stopping")
        #expect(receiver.next() == "STOPPING=1\nSTATUS=stopping")
    }

    @Test func aReloadCarriesTheManagersOwnClock() throws {
        let scratch = Scratch()
        let receiver = NotifyReceiver(scratch.file("notify"))
        let before = SystemClock().uptime()
        manager(scratch.file("notify")).reloading()
        let message = try #require(receiver.next())
        let lines = message.split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int64($0) })
        #expect(Duration.microseconds(time) >= before - .milliseconds(1))
        #expect(Duration.microseconds(time) <= SystemClock().uptime())
    }

    @Test func anAbstractNameIsReached() {
        let name = "@feedwatch-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let receiver = NotifyReceiver(name)
        manager(name).ready(status: "up")
        #expect(receiver.next() == "READY=1\nSTATUS=up")
    }

    @Test func aStatusCannotForgeAnAssignment() {
        let scratch = Scratch()
        let receiver = NotifyReceiver(scratch.file("notify"))
        manager(scratch.file("notify")).status("one\nREADY=1")
        #expect(receiver.next() == "STATUS=one READY=1")
    }

    @Test(arguments: ["", "vsock:2:1234", "relative/path", "/nowhere/feedwatch/notify"])
    func withoutAManagerNothingHappens(address: String) {
        let manager = manager(address)
        manager.ready(status: "up")
        manager.watchdog()
        manager.reloading()
        manager.stopping(status: "down")
        #expect(manager.isPresent == (address == "/nowhere/feedwatch/notify"))
    }

    @Test func aFullQueueDoesNotHoldUpTheWatchdog() {
        let scratch = Scratch()
        let receiver = NotifyReceiver(scratch.file("notify"))
        let manager = manager(scratch.file("notify"))
        let start = SystemClock().uptime()
        for _ in 0..<2_000 { manager.watchdog() }
        #expect(SystemClock().uptime() - start < .seconds(2))
        #expect(receiver.nextNow() == "WATCHDOG=1")
    }

    @Test func thePingComesTwiceInTheManagersLimit() {
        let limit = ["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "42"]
        #expect(manager("/run/notify", limit).watchdogInterval == .seconds(30))
        let unaddressed = ["WATCHDOG_USEC": "60000000"]
        #expect(manager("/run/notify", unaddressed).watchdogInterval == .seconds(30))
    }

    @Test(arguments: [
        ["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "43"], ["WATCHDOG_PID": "42"],
        ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "soon"], [:],
    ])
    func aWatchdogThatIsNotOursIsNotFed(variables: [String: String]) {
        #expect(manager("/run/notify", variables).watchdogInterval == nil)
    }
}
