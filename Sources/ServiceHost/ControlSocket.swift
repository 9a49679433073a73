internal import CPosix
internal import Dispatch
package import FeedModel
internal import Glibc
internal import QueueExecution

/// How much a client of the control socket may ask for.
package struct ControlLimits: Sendable {
    /// The largest answer, on either side.
    static let longestAnswer = ByteCount.kibibytes(64)

    /// The most clients whose request is not complete; one more drops the oldest of them.
    package var waitingClients = 16
    /// The most requests that wait for their answer; one more is refused.
    package var openRequests = 16
    /// The time in which a request must be complete.
    package var requestTime: Duration = .seconds(5)
    /// The largest request.
    package var requestSize = ByteCount.kibibytes(4)

    /// The defaults.
    package init() {}
}

/// The local socket at which a running daemon is asked to reload, to rotate, or whether it lives.
///
/// A client sends one line, the name of a `ControlRequest`, gets one line of JSON, and is closed.
/// Clients are not trusted: each has little time and room, and none keeps another out. Requests
/// are handled one after the other. The file system says who may connect: the owner's group.
package actor ControlSocket {
    private nonisolated let executor = QueueExecutor(label: "feedwatch.control")
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private struct Client {
        let descriptor: Int32
        var received: [UInt8] = []
        var hasAsked = false
    }

    private struct OpenRequest: Sendable {
        let client: Int
        let request: ControlRequest
    }

    private let watcher: DescriptorWatcher
    private let acceptor: ConnectionAcceptor
    private let path: String
    private let limits: ControlLimits
    private let requests: AsyncStream<OpenRequest>
    private let open: AsyncStream<OpenRequest>.Continuation
    private let handler: @Sendable (ControlRequest) async -> ControlAnswer
    private var file: LocalSocketFile?
    /// Clients by number; numbers rise, so the lowest is the oldest.
    private var clients: [Int: Client] = [:]
    private var lastNumber = 0

    /// A socket that is not open yet.
    package init(
        path: String,
        limits: ControlLimits = ControlLimits(),
        handler: @escaping @Sendable (ControlRequest) async -> ControlAnswer
    ) {
        watcher = DescriptorWatcher(on: executor)
        acceptor = ConnectionAcceptor(on: executor)
        self.path = path
        self.limits = limits
        self.handler = handler
        (requests, open) = AsyncStream.makeStream()
    }

    /// Opens the socket; returns when clients can connect.
    ///
    /// To be called once. A socket that a daemon left behind when it was killed is replaced.
    package func start() throws(ControlError) {
        let (descriptor, file) = try LocalSocketFile.listen(at: path)
        self.file = file
        acceptor.assumeIsolated {
            $0.start(descriptor) { [weak self] client in
                guard let self else { return _ = close(client) }
                self.assumeIsolated { $0.admit(client) }
            }
        }
        Task { await answerAll() }
    }

    /// Closes the socket and takes its file away.
    ///
    /// A request under way is carried out and not answered any more.
    package func stop() {
        acceptor.assumeIsolated { $0.stop() }
        file?.remove()
        file = nil
        open.finish()
        for number in clients.keys { drop(number) }
    }

    // MARK: Clients

    private func admit(_ descriptor: Int32) {
        let waiting = clients.filter { !$0.value.hasAsked }.keys
        if waiting.count >= limits.waitingClients, let oldest = waiting.min() { drop(oldest) }
        lastNumber += 1
        let number = lastNumber
        // A source for each client would stop the process now and then: DescriptorWatcher.
        let code = watcher.assumeIsolated {
            $0.watch(descriptor) { [weak self] in
                self?.assumeIsolated { $0.receive(from: number) }
            }
        }
        guard code == 0 else {
            close(descriptor)
            return
        }
        clients[number] = Client(descriptor: descriptor)
        executor.queue.asyncAfter(deadline: .now() + limits.requestTime / .seconds(1)) {
            self.assumeIsolated { $0.dropIfWaiting(number) }
        }
    }

    private func receive(from number: Int) {
        guard var client = clients[number] else { return }
        var chunk = [UInt8](repeating: 0, count: limits.requestSize.bytes)
        let count = recv(client.descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return drop(number) }
        client.received.append(contentsOf: chunk[..<count])
        clients[number] = client
        if let end = client.received.firstIndex(of: UInt8(ascii: "\n")) {
            take(String(decoding: client.received[..<end], as: UTF8.self), from: number)
        } else if client.received.count >= limits.requestSize.bytes {
            answer(number, ControlAnswer(done: false, message: "the request is too long"))
        }
    }

    private func take(_ line: String, from number: Int) {
        guard let request = ControlRequest(line: line) else {
            let known = ControlRequest.names.joined(separator: ", ")
            let message = "unknown request; known are: \(known)"
            return answer(number, ControlAnswer(done: false, message: message))
        }
        guard clients.count(where: { $0.value.hasAsked }) < limits.openRequests else {
            let message = "too many requests are waiting"
            return answer(number, ControlAnswer(done: false, message: message))
        }
        // Nothing more is read: an end of the client's side would fire the source for ever.
        if let client = clients[number] {
            watcher.assumeIsolated { $0.ignore(client.descriptor) }
        }
        clients[number]?.hasAsked = true
        open.yield(OpenRequest(client: number, request: request))
    }

    private func answerAll() async {
        for await item in requests {
            // A client that gave up meanwhile still gets done what it asked for.
            answer(item.client, await handler(item.request))
        }
    }

    private func answer(_ number: Int, _ answer: ControlAnswer) {
        guard let client = clients[number] else { return }
        var line = answer.line
        if line.count > ControlLimits.longestAnswer.bytes {
            line = ControlAnswer(done: answer.done, message: "the answer is too long").line
        }
        // Nothing was sent on this connection before, so that the socket's buffer has room for
        // all of it. Without a look at the result: the client is dropped in any case.
        _ = send(client.descriptor, line, line.count, Int32(MSG_NOSIGNAL))
        drop(number)
    }

    private func dropIfWaiting(_ number: Int) {
        if clients[number]?.hasAsked == false { drop(number) }
    }

    private func drop(_ number: Int) {
        guard let client = clients.removeValue(forKey: number) else { return }
        watcher.assumeIsolated { $0.close(client.descriptor) }
    }
}
