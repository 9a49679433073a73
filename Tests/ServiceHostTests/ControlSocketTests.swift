import Glibc
import Synchronization
import Testing

@testable import ServiceHost

@Suite struct ControlSocketTests {
    private let scratch = Scratch()
    private var path: String { scratch.file("control.sock") }

    /// Asks on a thread of its own, as the client blocks.
    private func ask(
        _ path: String,
        _ request: ControlRequest,
        timeout: Duration = .seconds(20)
    ) async -> Result<ControlAnswer, ControlError> {
        await onThread {
            Result { () throws(ControlError) in
                try ControlClient.ask(path: path, request: request, timeout: timeout)
            }
        }
    }

    @Test func aRequestIsHandledAndAnswered() async throws {
        let asked = Mutex<[ControlRequest]>([])
        let socket = ControlSocket(path: path) { request in
            asked.withLock { $0.append(request) }
            return ControlAnswer(done: request != .rotate, message: "\(request.line)\nдва")
        }
        try await socket.start()
        #expect(await ask(path, .reload) == .success(.init(done: true, message: "reload\nдва")))
        #expect(await ask(path, .rotate) == .success(.init(done: false, message: "rotate\nдва")))
        #expect(asked.withLock { $0 } == [.reload, .rotate])
        await socket.stop()
    }

    @Test func ownerAndGroupMayUseItAndItGoesWithTheDaemon() async throws {
        let socket = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "") }
        try await socket.start()
        var status = stat()
        try #require(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o660)
        await socket.stop()
        #expect(access(path, F_OK) != 0)
        #expect(await ask(path, .ping) == .failure(.nobodyListens(paths: [path])))
    }

    @Test func theSocketOfAKilledDaemonIsReplaced() async throws {
        try #require(leaveSocket(at: path))
        #expect(await ask(path, .ping) == .failure(.nobodyListens(paths: [path])))
        let socket = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "new") }
        try await socket.start()
        #expect(await ask(path, .ping) == .success(.init(done: true, message: "new")))
        await socket.stop()
    }

    @Test func aSecondDaemonIsRefusedAndTheFirstKeepsItsSocket() async throws {
        let first = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "first") }
        try await first.start()
        let second = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "2nd") }
        await #expect(throws: ControlError.alreadyListening(path: path)) {
            try await second.start()
        }
        await second.stop()
        #expect(await ask(path, .ping) == .success(.init(done: true, message: "first")))
        await first.stop()
    }

    @Test func aFileInTheWayIsNotTouched() async throws {
        let file = creat(path, 0o600)
        close(file)
        let socket = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "") }
        await #expect(throws: ControlError.notASocket(path: path)) { try await socket.start() }
        await socket.stop()
        #expect(access(path, F_OK) == 0)
    }

    @Test func aMissingFolderIsNamed() async throws {
        let path = scratch.file("missing/control.sock")
        let socket = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "") }
        await #expect(throws: ControlError.failed(call: "bind", path: path, code: ENOENT)) {
            try await socket.start()
        }
        await socket.stop()
    }

    @Test func aPathLongerThanASocketAddressWorks() async throws {
        var folder = scratch.path
        for _ in 0..<3 {
            folder += "/" + String(repeating: "d", count: 60)
            mkdir(folder, 0o700)
        }
        let path = folder + "/control.sock"
        let socket = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "far") }
        try await socket.start()
        #expect(await ask(path, .ping) == .success(.init(done: true, message: "far")))
        await socket.stop()
        #expect(access(path, F_OK) != 0)
    }

    @Test func theFirstPathWhereADaemonListensIsTaken() async throws {
        let socket = ControlSocket(path: path) { _ in ControlAnswer(done: true, message: "here") }
        try await socket.start()
        let paths = [scratch.file("none"), path]
        let answer = await onThread {
            try? ControlClient.ask(paths: paths, request: .ping, timeout: .seconds(20))
        }
        #expect(answer?.message == "here")
        await socket.stop()
        let error = await onThread { () -> String in
            do throws(ControlError) {
                _ = try ControlClient.ask(paths: paths, request: .ping, timeout: .seconds(1))
                return ""
            } catch { return error.description }
        }
        #expect(error == "no daemon is listening at \(paths[0]) or \(paths[1])")
    }

    @Test func requestsAreHandledOneAfterTheOther() async throws {
        let busy = Mutex(0)
        let most = Mutex(0)
        let socket = ControlSocket(path: path) { _ in
            let now = busy.withLock { value -> Int in
                value += 1
                return value
            }
            most.withLock { $0 = max($0, now) }
            for _ in 0..<20 { await Task.yield() }
            busy.withLock { $0 -= 1 }
            return ControlAnswer(done: true, message: "")
        }
        try await socket.start()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    if case .success(let answer) = await ask(path, .reload) {
                        answer.done
                    } else {
                        false
                    }
                }
            }
            for await isDone in group { #expect(isDone) }
        }
        #expect(most.withLock { $0 } == 1)
        await socket.stop()
    }

    @Test func aDaemonThatDoesNotAnswerIsGivenUp() async throws {
        let (never, hold) = AsyncStream<Void>.makeStream()
        let socket = ControlSocket(path: path) { _ in
            for await _ in never {}
            return ControlAnswer(done: true, message: "late")
        }
        try await socket.start()
        let limit = Duration.milliseconds(100)
        #expect(await ask(path, .ping, timeout: limit) == .failure(.timedOut(limit)))
        hold.finish()
        await socket.stop()
    }

    @Test func anAnswerTooLongToSendStillSaysWhetherItWasDone() async throws {
        let socket = ControlSocket(path: path) { _ in
            ControlAnswer(done: true, message: String(repeating: "x", count: 200_000))
        }
        try await socket.start()
        let expected = ControlAnswer(done: true, message: "the answer is too long")
        #expect(await ask(path, .ping) == .success(expected))
        await socket.stop()
    }
}
