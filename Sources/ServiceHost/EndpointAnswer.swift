/// What the HTTP endpoint answers.
package struct EndpointAnswer: Hashable, Sendable {
    /// The status code.
    package var status: Int
    /// The type of the body.
    package var contentType: String
    /// The body.
    package var body: String

    /// An answer, plain text unless it says otherwise.
    package init(
        status: Int,
        body: String,
        contentType: String = "text/plain; charset=utf-8"
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    /// The type of the metrics (Prometheus text format, version 0.0.4).
    package static let metricsType = "text/plain; version=0.0.4; charset=utf-8"

    /// The bytes to send; `isHead`: without the body.
    ///
    /// The connection ends with them. Nothing may keep or frame them, or guess at their type.
    func bytes(isHead: Bool) -> [UInt8] {
        let reason =
            switch status {
            case 200: "OK"
            case 400: "Bad Request"
            case 404: "Not Found"
            case 405: "Method Not Allowed"
            case 408: "Request Timeout"
            case 421: "Misdirected Request"
            case 431: "Request Header Fields Too Large"
            default: "Service Unavailable"
            }
        var head = """
            HTTP/1.1 \(status) \(reason)\r
            Content-Type: \(contentType)\r
            Content-Length: \(body.utf8.count)\r
            Cache-Control: no-store\r
            X-Content-Type-Options: nosniff\r
            Connection: close\r

            """
        if status == 405 { head += "Allow: GET, HEAD\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (isHead ? [] : Array(body.utf8))
    }
}
