internal import CPosix
internal import Dispatch
package import FeedModel
internal import Glibc
internal import QueueExecution
package import WatchCore

// How to read this file: a client is read until its request is complete, then answered, then
// waited for until it hangs up. Each of these has its time limit, and there are only so many
// clients; nothing here waits for one of them.

/// How much clients of the HTTP endpoint may ask for.
package struct EndpointLimits: Sendable {
    /// The most connections; one more takes the place of one that has its answer, else of the
    /// oldest that has not asked yet.
    package var connections = 64
    /// The time in which a request must be complete.
    package var requestTime: Duration = .seconds(5)
    /// The time after which a client is told that there is no answer.
    package var answerTime: Duration = .seconds(10)
    /// The time in which a client has to hang up when it was answered.
    package var lingerTime: Duration = .seconds(1)
    /// The largest request.
    package var requestSize = ByteCount.kibibytes(8)

    /// The defaults.
    package init() {}
}

/// A small HTTP server for those who look after the daemon: GET and HEAD, an answer a connection,
/// on its own machine only.
///
/// Clients are not trusted: each has little time and room, and none keeps another out. Answers are
/// asked for one after the other, so that many requests are no more work for the daemon than one.
package actor HTTPEndpoint {
    private nonisolated let executor = QueueExecutor(label: "feedwatch.endpoint")
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private enum Phase {
        case reading
        case answering
        case leaving
    }

    private struct Client {
        let descriptor: Int32
        var received: [UInt8] = []
        var phase = Phase.reading
        var isHead = false
    }

    private struct OpenRequest: Sendable {
        let client: Int
        let path: String
    }

    private let address: EndpointAddress
    private let limits: EndpointLimits
    private let watcher: DescriptorWatcher
    private let acceptor: ConnectionAcceptor
    private let requests: AsyncStream<OpenRequest>
    private let open: AsyncStream<OpenRequest>.Continuation
    private let handler: @Sendable (String) async -> EndpointAnswer?
    private var file: LocalSocketFile?
    /// Clients by number; numbers rise, so the lowest is the oldest.
    private var clients: [Int: Client] = [:]
    private var lastNumber = 0

    /// An endpoint that does not listen yet; `handler` gives the answer for a path, nil: there is
    /// nothing there.
    ///
    /// `/healthz` is answered by the endpoint itself: whoever gets that answer knows that the
    /// process lives, whatever it waits for.
    package init(
        _ address: EndpointAddress,
        limits: EndpointLimits = EndpointLimits(),
        handler: @escaping @Sendable (String) async -> EndpointAnswer?
    ) {
        self.address = address
        self.limits = limits
        self.handler = handler
        watcher = DescriptorWatcher(on: executor)
        acceptor = ConnectionAcceptor(on: executor)
        (requests, open) = AsyncStream.makeStream()
    }

    /// Begins to listen; returns the address at which clients can connect, with its port.
    ///
    /// To be called once.
    package func start() throws(ControlError) -> EndpointAddress {
        let descriptor: Int32
        var bound = address
        switch address {
        case .local(let path):
            (descriptor, file) = try LocalSocketFile.listen(at: path)
        case .loopback(let bytes, let port):
            precondition(EndpointAddress.isLoopback(bytes), "the endpoint is for this machine only")
            descriptor = fw_listen(bytes, Int32(bytes.count), port)
            guard descriptor >= 0 else {
                throw .failed(call: "listen", path: "\(address)", code: errno)
            }
            bound = .loopback(bytes, port: UInt16(clamping: fw_bound_port(descriptor)))
        }
        acceptor.assumeIsolated {
            $0.start(descriptor) { [weak self] client in
                guard let self else { return _ = close(client) }
                self.assumeIsolated { $0.admit(client) }
            }
        }
        Task { await answerAll() }
        return bound
    }

    /// Listens no more and drops all clients; a socket's file is taken away.
    package func stop() {
        acceptor.assumeIsolated { $0.stop() }
        file?.remove()
        file = nil
        open.finish()
        for number in clients.keys { drop(number) }
    }

    // MARK: Clients

    private func admit(_ descriptor: Int32) {
        if clients.count >= limits.connections {
            func oldest(_ phase: Phase) -> Int? {
                clients.lazy.filter { $0.value.phase == phase }.map(\.key).min()
            }
            guard let victim = oldest(.leaving) ?? oldest(.reading) else {
                return _ = close(descriptor)
            }
            drop(victim)
        }
        // An answer fits into it whole, so that none waits for its client. Without a look at the
        // result: what does not fit is noticed when it is sent.
        _ = fw_want_send_room(descriptor, 256 * 1_024)
        lastNumber += 1
        clients[lastNumber] = Client(descriptor: descriptor)
        watch(lastNumber)
        leave(lastNumber, in: .reading, after: limits.requestTime)
    }

    private func watch(_ number: Int) {
        guard let client = clients[number] else { return }
        let code = watcher.assumeIsolated {
            $0.watch(client.descriptor) { [weak self] in
                self?.assumeIsolated { $0.receive(from: number) }
            }
        }
        if code != 0 { drop(number) }
    }

    /// Ends a phase that has lasted too long.
    private func leave(_ number: Int, in phase: Phase, after time: Duration) {
        executor.queue.asyncAfter(deadline: .now() + time / .seconds(1)) {
            self.assumeIsolated { endpoint in
                guard endpoint.clients[number]?.phase == phase else { return }
                switch phase {
                case .reading:
                    endpoint.answer(
                        number,
                        EndpointAnswer(status: 408, body: "the request took too long\n")
                    )
                case .answering:
                    endpoint.answer(
                        number,
                        EndpointAnswer(status: 503, body: "the daemon did not answer in time\n")
                    )
                case .leaving: endpoint.drop(number)
                }
            }
        }
    }

    private func receive(from number: Int) {
        guard var client = clients[number] else { return }
        var chunk = [UInt8](repeating: 0, count: limits.requestSize.bytes)
        let count = recv(client.descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return drop(number) }
        // What comes behind the request is taken and left: a socket that is closed with bytes
        // unread would take the answer back.
        guard client.phase == .reading else { return }
        client.received.append(contentsOf: chunk[..<count])
        clients[number] = client
        if let end = HTTPEndpoint.endOfHead(client.received) {
            take(client.received[..<end], from: number)
        } else if client.received.count >= limits.requestSize.bytes {
            answer(number, EndpointAnswer(status: 431, body: "the request is too long\n"))
        }
    }

    /// Where the empty line ends, with or without carriage returns; nil: it has not come.
    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        var lineStart = 0
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            let line = bytes[lineStart..<index]
            if lineStart > 0, line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) {
                return index + 1
            }
            lineStart = index + 1
        }
        return nil
    }

    private func take(_ bytes: ArraySlice<UInt8>, from number: Int) {
        guard let head = HTTPRequestHead(bytes) else {
            return answer(number, EndpointAnswer(status: 400, body: "this is no request\n"))
        }
        clients[number]?.isHead = head.method == "HEAD"
        if case .loopback = address, !head.isForLoopback {
            return answer(
                number,
                EndpointAnswer(status: 421, body: "ask for 127.0.0.1, [::1] or localhost\n")
            )
        }
        guard head.method == "GET" || head.method == "HEAD" else {
            return answer(number, EndpointAnswer(status: 405, body: "GET and HEAD only\n"))
        }
        if head.path == "/healthz" {
            return answer(number, EndpointAnswer(status: 200, body: "ok\n"))
        }
        if let client = clients[number] {
            // Not watched while it waits: an end of its side would wake us for ever.
            watcher.assumeIsolated { $0.ignore(client.descriptor) }
        }
        clients[number]?.phase = .answering
        leave(number, in: .answering, after: limits.answerTime)
        open.yield(OpenRequest(client: number, path: head.path))
    }

    private func answerAll() async {
        for await request in requests where clients[request.client]?.phase == .answering {
            let found = await handler(request.path)
            guard clients[request.client]?.phase == .answering else { continue }
            answer(
                request.client,
                found
                    ?? EndpointAnswer(
                        status: 404,
                        body: "there are /metrics, /healthz and /readyz\n"
                    )
            )
        }
    }

    private func answer(_ number: Int, _ answer: EndpointAnswer) {
        guard let client = clients[number], client.phase != .leaving else { return }
        let bytes = answer.bytes(isHead: client.isHead)
        let sent = send(client.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard sent == bytes.count, shutdown(client.descriptor, Int32(SHUT_WR)) == 0 else {
            return drop(number)
        }
        clients[number]?.phase = .leaving
        clients[number]?.received = []
        if client.phase == .answering { watch(number) }
        leave(number, in: .leaving, after: limits.lingerTime)
    }

    private func drop(_ number: Int) {
        guard let client = clients.removeValue(forKey: number) else { return }
        watcher.assumeIsolated { $0.close(client.descriptor) }
    }
}
