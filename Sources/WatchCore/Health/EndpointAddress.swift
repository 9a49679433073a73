/// Where the daemon answers to HTTP: nowhere but on its own machine.
package enum EndpointAddress: Hashable, Sendable, CustomStringConvertible {
    /// An address of the loopback interface, 4 or 16 bytes in network order; port 0: any free one.
    case loopback([UInt8], port: UInt16)
    /// A socket file, by its absolute path.
    case local(path: String)

    /// Whether an address, 4 or 16 bytes, is one of the loopback interface.
    package static func isLoopback(_ address: [UInt8]) -> Bool {
        switch address.count {
        case 4: address[0] == 127
        case 16: address.dropLast().allSatisfy { $0 == 0 } && address[15] == 1
        default: false
        }
    }

    /// The address as the configuration writes it.
    package var description: String {
        switch self {
        case .loopback(let address, let port):
            address.count == 4
                ? address.map(String.init).joined(separator: ".") + ":\(port)" : "[::1]:\(port)"
        case .local(let path): "unix:" + path
        }
    }
}
