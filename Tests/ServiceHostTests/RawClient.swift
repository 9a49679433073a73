import CPosix
import Dispatch
import Glibc
import WatchCore

/// Runs what blocks on a thread outside the pool that tasks run on.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "feedwatch.test.blocking").async {
            continuation.resume(returning: work())
        }
    }
}

/// Leaves a socket at `path` that nobody listens at, as a killed daemon does.
func leaveSocket(at path: String) -> Bool {
    let descriptor = cposix_local_socket(Int32(SOCK_STREAM.rawValue))
    defer { close(descriptor) }
    return cposix_local_bind(descriptor, path, 0o660) == 0 && listen(descriptor, 1) == 0
}

/// A client that does not keep to the rules of the socket it asks at.
final class RawClient: Sendable {
    private let descriptor: Int32

    /// A connection to `path`.
    init?(_ path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        // Blocking, so that a full queue of connections is waited for.
        guard cposix_local_connect(descriptor, path) == 0 else {
            close(descriptor)
            return nil
        }
    }

    /// A connection to an HTTP endpoint.
    init?(_ address: EndpointAddress) {
        switch address {
        case .local(let path):
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard cposix_local_connect(descriptor, path) == 0 else {
                close(descriptor)
                return nil
            }
        case .loopback(let bytes, let port):
            let family = bytes.count == 4 ? AF_INET : AF_INET6
            descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
            guard RawClient.connect(descriptor, to: bytes, port: port) else {
                close(descriptor)
                return nil
            }
        }
    }

    private static func connect(_ descriptor: Int32, to bytes: [UInt8], port: UInt16) -> Bool {
        if bytes.count == 4 {
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &place.sin_addr) { $0.copyBytes(from: bytes) }
            return withUnsafePointer(to: place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
        var place = sockaddr_in6()
        place.sin6_family = sa_family_t(AF_INET6)
        place.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &place.sin6_addr) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }

    deinit { close(descriptor) }

    /// Sends all of it, or as much as is taken.
    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Everything up to the end of the connection; gives up after 20 s without a byte.
    func readToEnd() -> [UInt8] {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 20_000) == 1 else { return Array("nothing within 20 s".utf8) }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return received }
            received.append(contentsOf: chunk[..<count])
        }
    }
}
