import CPosix
import Glibc
import Testing

@testable import ServiceHost

@Suite struct HostileClientTests {
    private let scratch = Scratch()
    private var path: String { scratch.file("control.sock") }

    private func open(_ limits: ControlLimits = ControlLimits()) async throws -> ControlSocket {
        let socket = ControlSocket(path: path, limits: limits) { _ in
            ControlAnswer(done: true, message: "fine")
        }
        try await socket.start()
        return socket
    }

    private func isFine() async -> Bool {
        let path = path
        return await onThread {
            let answer = try? ControlClient.ask(path: path, request: .ping, timeout: .seconds(20))
            return answer?.message == "fine"
        }
    }

    @Test(arguments: [
        ("nonsense\n", "unknown request; known are: reload, rotate, ping, retry, drop"),
        ("\n", "unknown request; known are: reload, rotate, ping, retry, drop"),
        (String(repeating: "x", count: 100_000), "the request is too long"),
        ("ping\nping\nping\n", "fine"),
    ])
    func aBadRequestIsAnswered(sent: String, message: String) async throws {
        let socket = try await open()
        let client = try #require(RawClient(path))
        client.send(sent)
        let line = await onThread { client.readToEnd() }
        #expect(ControlAnswer(line: line)?.message == message)
        #expect(await isFine())
        await socket.stop()
    }

    @Test func aSilentClientIsClosedInTime() async throws {
        var limits = ControlLimits()
        limits.requestTime = .milliseconds(50)
        let socket = try await open(limits)
        let client = try #require(RawClient(path))
        client.send("pin")
        #expect(await onThread { client.readToEnd() } == [])
        #expect(await isFine())
        await socket.stop()
    }

    @Test func manySilentClientsKeepNobodyOut() async throws {
        var limits = ControlLimits()
        limits.waitingClients = 4
        limits.requestTime = .seconds(600)
        let socket = try await open(limits)
        let silent = (0..<40).compactMap { _ in RawClient(path) }
        #expect(await isFine())
        // The oldest had to go.
        #expect(await onThread { silent.first?.readToEnd() } == [])
        await socket.stop()
    }

    @Test func clientsThatAskAndLeaveDoNoHarm() async throws {
        let socket = try await open()
        for _ in 0..<100 {
            let client = try #require(RawClient(path))
            client.send("reload\n")
        }
        // Refused while theirs are in the way, but only then.
        var isServed = false
        for _ in 0..<1_000 where !isServed { isServed = await isFine() }
        #expect(isServed)
        await socket.stop()
    }

    @Test func aRequestInPiecesIsPutTogether() async throws {
        let socket = try await open()
        let client = try #require(RawClient(path))
        for piece in ["p", "in", "g", "\n"] { client.send(piece) }
        let line = await onThread { client.readToEnd() }
        #expect(ControlAnswer(line: line)?.message == "fine")
        await socket.stop()
    }

    @Test func whatIsNoDaemonIsNotBelieved() async throws {
        let listener = cposix_local_socket(Int32(SOCK_STREAM.rawValue))
        defer { close(listener) }
        try #require(cposix_local_bind(listener, path, 0o600) == 0)
        try #require(listen(listener, 4) == 0)
        let path = path
        let asking = Task {
            await onThread { () -> ControlError? in
                do throws(ControlError) {
                    _ = try ControlClient.ask(path: path, request: .ping, timeout: .seconds(20))
                    return nil
                } catch { return error }
            }
        }
        let client = await onThread { () -> Int32 in
            var ready = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            poll(&ready, 1, 20_000)
            return cposix_accept(listener)
        }
        _ = send(client, "hello\n", 6, Int32(MSG_NOSIGNAL))
        close(client)
        #expect(await asking.value == .badAnswer)
    }
}
