import FlyingFox
import FoundationEssentials

/// The lab's own pages, under `/lab/`: how programs in other processes direct it.
struct LabControl: Sendable {
    /// The lab behind the pages.
    let responder: LabResponder

    /// The answer to a request under `/lab/`.
    func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        do throws(LabError) {
            return try await act(on: request)
        } catch {
            return text(.badRequest, "\(error)\n")
        }
    }

    private func act(on request: HTTPRequest) async throws(LabError) -> HTTPResponse {
        switch (request.method.rawValue, request.path) {
        case ("GET", "/lab/requests"):
            return json(RequestPage(requests: await responder.requests))
        case ("POST", "/lab/clear"):
            await responder.clearRequests()
            return text(.ok, "cleared\n")
        case ("POST", "/lab/publish"):
            return try await publish(request)
        case ("POST", "/lab/fault"):
            let fault = try self.fault(request.value("fault"))
            try await responder.change(request.value("feed") ?? "") { $0.fault = fault }
            return text(.ok, "set\n")
        case ("GET", "/lab/wanted"):
            return text(.ok, await wanted())
        case ("GET", "/lab/unwanted"):
            return text(.ok, await unwanted())
        case ("GET", "/lab/feeds"):
            let lines = await responder.index().map { "\($0.id)\t\($0.path)\n" }
            return text(.ok, lines.joined())
        default:
            return text(.notFound, "no such page\n")
        }
    }

    /// Publishes a step (`?step=`) or an item (`?feed=` with the item as JSON in the body).
    private func publish(_ request: HTTPRequest) async throws(LabError) -> HTTPResponse {
        if let step = request.value("step") {
            let count = await responder.publish(step: step)
            return text(.ok, "published \(count)\n")
        }
        let item: LabItem
        do {
            item = try JSONDecoder().decode(LabItem.self, from: await request.bodyData)
        } catch {
            throw .unreadable(path: "body", message: "\(error)")
        }
        try await responder.change(request.value("feed") ?? "") { $0.publish(item) }
        return text(.ok, "published 1\n")
    }

    /// The log lines that are to come of what is published: topic, feed and link, tabs between.
    private func wanted() async -> String {
        await responder.published()
            .flatMap { item in item.topics.map { "\($0)\t\(item.feed)\t\(item.url)\n" } }
            .sorted()
            .joined()
    }

    /// The published items that must stay out of the log: feed, link and why, tabs between.
    private func unwanted() async -> String {
        await responder.published()
            .filter(\.topics.isEmpty)
            .map { "\($0.feed)\t\($0.url)\t\($0.note)\n" }
            .joined()
    }

    private func fault(_ text: String?) throws(LabError) -> LabFault? {
        guard let text, text != "none" else { return nil }
        return try LabFault(text: text)
    }

    private func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers[.contentType] = "text/plain; charset=utf-8"
        return HTTPResponse(statusCode: status, headers: headers, body: Data(text.utf8))
    }

    private func json(_ value: some Encodable) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = HTTPHeaders()
        headers[.contentType] = "application/json"
        do {
            let body = try encoder.encode(value)
            return HTTPResponse(statusCode: .ok, headers: headers, body: body)
        } catch {
            return text(.internalServerError, "\(error)\n")
        }
    }
}

/// What `GET /lab/requests` answers.
private struct RequestPage: Encodable {
    var schema = 1
    var requests: [LabRequest]
}

extension HTTPRequest {
    /// A value of the query.
    fileprivate func value(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}
