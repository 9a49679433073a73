internal import Glibc

/// The kernel's name for the current boot; empty where it may not be read.
///
/// Under `ProcSubset=pid` it is hidden; a unit can hand it over (`%b`).
package func currentBootID() -> String {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    let digits = bytes.prefix(max(0, count)).filter { byte in
        byte != UInt8(ascii: "-") && byte > UInt8(ascii: " ")
    }
    return String(decoding: digits, as: UTF8.self)
}
