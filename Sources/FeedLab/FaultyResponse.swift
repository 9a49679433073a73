import FlyingFox

/// Answers that are wrong on purpose.
enum FaultyResponse {
    /// Nobody waits that long, and the lab's end cancels it.
    static let never = Duration.seconds(3_600)

    /// The answer of a faulty feed; `right` is what it would have been.
    static func make(
        _ fault: LabFault,
        right: Representation,
        to request: HTTPRequest
    ) async throws -> HTTPResponse {
        switch fault {
        case .status(let code, let retryAfter):
            var headers = HTTPHeaders()
            headers[.contentType] = "text/plain"
            headers[HTTPHeader("Retry-After")] = retryAfter.map { "\($0)" }
            return answer(code, headers, Array("The lab says \(code).\n".utf8))
        case .redirect(let code, let target):
            var headers = HTTPHeaders()
            headers[.location] = target
            return answer(code, headers, [])
        case .delay(let duration):
            try await Task.sleep(for: duration)
            return right.response(to: request)
        case .silence:
            try await Task.sleep(for: never)
            return answer(503, HTTPHeaders(), [])
        case .unconditional:
            return right.response(to: request, isConditional: false)
        case .stale304:
            return HTTPResponse(statusCode: .notModified, headers: right.headers)
        case .empty:
            return answer(200, right.headers, [])
        case .stall, .cut, .length, .drip:
            return transfer(fault, right)
        case .endless, .htmlPage, .garbage, .doctypeBomb, .gzipBomb, .cutGzip:
            return document(fault, right)
        }
    }

    /// Answers whose transfer goes wrong.
    private static func transfer(_ fault: LabFault, _ right: Representation) -> HTTPResponse {
        let whole = right.body
        switch fault {
        case .stall(let count):
            let start = Array(whole.prefix(count))
            return scripted(right.headers, whole.count, [.send(start), .pause(never), .hangUp])
        case .cut(let count):
            let start = Array(whole.prefix(count))
            return scripted(right.headers, whole.count, [.send(start), .hangUp])
        case .length(let count):
            return scripted(right.headers, count, [.send(whole), .hangUp])
        case .drip(let count):
            let pieces = stride(from: 0, to: whole.count, by: count).flatMap { start in
                [
                    ScriptedBody.Step.send(Array(whole[start...].prefix(count))),
                    .pause(.milliseconds(100)),
                ]
            }
            return scripted(right.headers, whole.count, pieces)
        default:
            return answer(200, right.headers, whole)
        }
    }

    /// Answers whose document is wrong.
    private static func document(_ fault: LabFault, _ right: Representation) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers[.contentType] = "application/rss+xml; charset=utf-8"
        switch fault {
        case .endless:
            let item = Array(FaultyDocument.endlessItem.utf8)
            let many = (0..<100).flatMap { _ in item }
            let steps: [ScriptedBody.Step] = [
                .send(Array(FaultyDocument.endlessHead.utf8)), .sendForEver(many),
            ]
            let body = HTTPBodySequence(from: ScriptedBody(steps: steps))
            return HTTPResponse(statusCode: .ok, headers: headers, body: body)
        case .htmlPage:
            headers[.contentType] = "text/html; charset=utf-8"
            return answer(200, headers, Array(FaultyDocument.htmlPage.utf8))
        case .garbage:
            return answer(200, headers, FaultyDocument.garbage)
        case .doctypeBomb:
            return answer(200, headers, Array(FaultyDocument.doctypeBomb.utf8))
        case .gzipBomb:
            headers[.contentEncoding] = "gzip"
            return answer(200, headers, FaultyDocument.gzipBomb)
        case .cutGzip:
            headers[.contentEncoding] = "gzip"
            let packed = Gzip.compress(right.body) ?? []
            return answer(200, headers, Array(packed.prefix(packed.count / 2)))
        default:
            return answer(200, right.headers, right.body)
        }
    }

    private static func answer(
        _ code: Int,
        _ headers: HTTPHeaders,
        _ body: [UInt8]
    ) -> HTTPResponse {
        HTTPResponse(
            statusCode: HTTPStatusCode(code, phrase: "Lab"),
            headers: headers,
            body: HTTPBodySequence(body)
        )
    }

    private static func scripted(
        _ headers: HTTPHeaders,
        _ count: Int,
        _ steps: [ScriptedBody.Step]
    ) -> HTTPResponse {
        let body = HTTPBodySequence(from: ScriptedBody(steps: steps), count: count)
        return HTTPResponse(statusCode: .ok, headers: headers, body: body)
    }
}
