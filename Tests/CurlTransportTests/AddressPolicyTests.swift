import Glibc
import Testing
import WatchCore

@testable import CurlTransport

@Suite struct AddressPolicyTests {
    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(SocketAddress.bytes(of: text), "\(text)")
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.1.1",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700::1111",
        "2a00:1450::1", "2003::1", "3ffd::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ])
    func publicAddressesMayBeReached(text: String) throws {
        #expect(AddressPolicy(allowed: []).permits(try bytes(text)))
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.175.48.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:2::1",
        "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::1",
        "2002:808:808::1", "2620:4f:8000::1", "3ffe::1", "3fff::1", "3fff:fff::1", "4000::1",
        "5f00::1", "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1",
    ])
    func specialAddressesMayNot(text: String) throws {
        #expect(!AddressPolicy(allowed: []).permits(try bytes(text)))
    }

    @Test(arguments: [
        ("10.1.2.3", 16, "10.1.255.255", true), ("10.1.2.3", 16, "10.2.0.0", false),
        ("10.1.2.3", 32, "10.1.2.3", true), ("10.1.2.3", 32, "10.1.2.2", false),
        ("0.0.0.0", 0, "127.0.0.1", true), ("0.0.0.0", 0, "::1", false),
        ("127.0.0.0", 9, "127.127.0.1", true), ("127.0.0.0", 9, "127.128.0.1", false),
        ("127.0.0.0", 8, "::ffff:127.0.0.1", true), ("::1", 128, "::1", true),
        ("fd00::", 8, "fd12::1", true), ("fd00::", 8, "fe80::1", false),
        ("::", 200, "::1", false),
    ])
    func theConfigurationMayAllowANetwork(
        network: String,
        length: Int,
        address: String,
        isAllowed: Bool
    ) throws {
        let range = NetworkRange(address: try bytes(network), prefixLength: length)
        #expect(AddressPolicy(allowed: [range]).permits(try bytes(address)) == isAllowed)
    }

    @Test func anAddressOfAnotherLengthIsRefused() {
        #expect(!AddressPolicy(allowed: []).permits([]))
        #expect(!AddressPolicy(allowed: []).permits([8, 8, 8]))
    }
}
