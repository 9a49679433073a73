/// A request that the lab was sent, and how it was answered.
package struct LabRequest: Hashable, Sendable, Codable {
    /// The request's method.
    package var method: String
    /// The path, with the query where there was one.
    package var path: String
    /// The status of the answer; nil while (or because) there is none.
    package var status: Int?
    /// `If-None-Match`, byte for byte.
    package var ifNoneMatch: String?
    /// `If-Modified-Since`, byte for byte.
    package var ifModifiedSince: String?
    /// `User-Agent`.
    package var userAgent: String?
    /// `Accept-Encoding`.
    package var acceptEncoding: String?
    /// `Authorization`.
    package var authorization: String?
    /// `X-Api-Key`.
    package var key: String?
    /// `Host`.
    package var host: String?
    /// When it arrived, in milliseconds since the lab's start.
    package var milliseconds: Int

    /// Whether a validator was sent with it.
    package var isConditional: Bool { ifNoneMatch != nil || ifModifiedSince != nil }
}
