internal import CCrypto
package import WatchCore

extension LineHash {
    /// The hash of a line, which is given with its newline.
    ///
    /// Nil where libcrypto has no memory for it.
    package init?(of line: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: crypto_sha256_length)
        guard crypto_sha256(line, line.count, &digest) == 1 else { return nil }
        self.init(bytes: digest)
    }
}
