import Glibc
import Testing
import WatchCore

@Suite struct DescriptorTests {
    /// How many sockets this process has to the given port.
    private func sockets(to port: Int) -> Int {
        var count = 0
        for descriptor in Int32(0)..<1_024 {
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    getpeername(descriptor, pointer, &length)
                }
            }
            if result == 0, address.sin_family == AF_INET,
                UInt16(bigEndian: address.sin_port) == UInt16(port)
            {
                count += 1
            }
        }
        return count
    }

    @Test func connectionsAreKeptForTheNextPollAndClosedAtTheEnd() async throws {
        let server = try LoopbackServer { request, peer in
            request.path == "/stall" ? peer.waitForEnd() : peer.answer("<rss/>")
        }
        defer { server.stop() }
        let fetcher = Fetcher(.loopback { $0.connectionsPerHost = 4 })
        for round in 1...5 {
            await fetcher.start((0..<40).map { PollRequest(server.url("/\($0)")) })
            #expect(await fetcher.results(round * 40).count == round * 40)
        }
        #expect(server.connectionCount <= 4)
        await fetcher.start([PollRequest(server.url("/stall"))])
        await fetcher.stop()
        #expect(await fetcher.results(201).count == 201)
        #expect(sockets(to: server.port) == 0)
    }

    @Test func failedTransfersLeaveNoSocket() async throws {
        let server = try LoopbackServer { request, peer in
            switch request.path.last {
            case "0": peer.close()
            case "1": peer.send("garbage\r\n\r\n")
            case "2": peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
            default: peer.waitForEnd()
            }
            peer.close()
        }
        defer { server.stop() }
        let fetcher = Fetcher(
            .loopback {
                $0.connectionsPerHost = 16
                $0.responseTime = .milliseconds(200)
            }
        )
        await fetcher.start((0..<100).map { PollRequest(server.url("/\($0)")) })
        #expect(await fetcher.results(100).allSatisfy { $0.failure != nil })
        #expect(sockets(to: server.port) == 0)
        await fetcher.stop()
    }
}
