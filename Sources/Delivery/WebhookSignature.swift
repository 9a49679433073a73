internal import CCrypto
internal import WatchCore

/// The signature of a webhook's message (Standard Webhooks, symmetric).
package enum WebhookSignature {
    /// The value of `webhook-signature`: one signature for each key, parted by blanks.
    package static func value(
        id: String,
        seconds: Int64,
        body: [UInt8],
        keys: [[UInt8]]
    ) -> String {
        let signed = Array("\(id).\(seconds).".utf8) + body
        return keys.map { "v1," + Base64.encode(code(of: signed, key: $0)) }.joined(separator: " ")
    }

    /// HMAC-SHA256.
    private static func code(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Int(crypto_sha256_length))
        let done = crypto_hmac_sha256(key, key.count, bytes, bytes.count, &code)
        precondition(done == 1, "libcrypto cannot compute an HMAC")
        return code
    }
}
