/// What was said on the wire for one hop of a request, secrets left out.
package struct HopTrace: Hashable, Sendable {
    /// The address that was asked.
    package var url: String
    /// The network address that answered; nil: no connection came about.
    package var peer: String?
    /// The version of HTTP: `1.1`, `2`; nil: there was no answer.
    package var version: String?
    /// The lines of the request, its first line included.
    package var sent: [String] = []
    /// The lines of the answer's header, status line and interim answers included.
    package var received: [String] = []
    /// How long the name, the connection, TLS and the first byte took, from the start of the hop.
    package var times = Times()

    /// When a hop got how far, from its start; zero: it did not, or needed not.
    package struct Times: Hashable, Sendable {
        /// The name was resolved.
        package var name: Duration = .zero
        /// The connection stood.
        package var connect: Duration = .zero
        /// TLS stood.
        package var secure: Duration = .zero
        /// The first byte of the answer came.
        package var firstByte: Duration = .zero
        /// All was there.
        package var total: Duration = .zero

        /// No times.
        package init() {}
    }

    /// A hop that has just begun.
    package init(url: String) { self.url = url }
}
