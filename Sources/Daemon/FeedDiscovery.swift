internal import ConfigFile
package import FeedModel
internal import WatchCore

/// Looks for the feeds of a page: what it announces in its header and its elements, and else the
/// places where feeds usually are.
///
/// Asks one address after the other, and no host faster than `limits.host_spacing` allows.
package struct FeedDiscovery: Sendable {
    /// A feed that was found, and read.
    package struct Found: Sendable {
        /// The address to watch.
        package var url: String
        /// The feed's title, or else the one it was announced under.
        package var title: String?
        /// What the feed is.
        package var feed: ParsedFeed
        /// How it was found, for people.
        package var origin: String
    }

    /// What came of a search.
    package struct Outcome: Sendable {
        /// The feeds.
        package var found: [Found] = []
        /// What was asked in vain: the address and why, for people.
        package var misses: [(url: String, message: String)] = []
        /// How many requests were made.
        package var requests = 0
    }

    /// Something to look at.
    private struct Candidate {
        var url: String
        var title: String?
        var origin: String
    }

    /// The most requests of one search.
    private static let mostRequests = 25
    /// Where feeds are, in the order of how often they are there.
    private static let usualPlaces = [
        "/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss", "/feed.json",
        "/feeds/posts/default", "/?feed=rss2", "/feed/atom", "/blog/feed", "/news/rss.xml",
    ]

    private let probe: Probe
    private let spacing: Duration
    private let looksEverywhere: Bool

    /// A search; `looksEverywhere`: the usual places are asked also where feeds were announced.
    package init(probe: Probe, spacing: Duration, looksEverywhere: Bool) {
        self.probe = probe
        self.spacing = spacing
        self.looksEverywhere = looksEverywhere
    }

    /// Looks for the feeds of a page.
    package func search(_ url: String) async -> Outcome {
        var outcome = Outcome()
        var seen: Set<String> = [url]
        guard let page = await ask(url, &outcome) else { return outcome }
        var candidates = Self.linked(in: page)
        switch probe.read(page) {
        case .feed(let feed):
            outcome.found.append(
                Found(
                    url: Self.lasting(page, asked: url),
                    title: feed.stringIfPresent(feed.title),
                    feed: feed,
                    origin: "the address itself"
                )
            )
        case .notAFeed(_, let announced):
            candidates += announced.map {
                Candidate(url: $0.url, title: $0.title, origin: "announced by the page")
            }
        }
        for candidate in candidates { await look(at: candidate, &seen, &outcome) }
        if looksEverywhere || outcome.found.isEmpty, let origin = Self.origin(of: page.url) {
            for place in Self.usualPlaces {
                let candidate = Candidate(url: origin + place, origin: "a usual place")
                await look(at: candidate, &seen, &outcome)
                if !looksEverywhere, !outcome.found.isEmpty { break }
            }
        }
        return outcome
    }

    private func look(
        at candidate: Candidate,
        _ seen: inout Set<String>,
        _ outcome: inout Outcome
    ) async {
        // Pages announce `feed:` addresses, too.
        var candidate = candidate
        candidate.url = LenientAddress.address(candidate.url)
        guard seen.insert(candidate.url).inserted, let response = await ask(candidate.url, &outcome)
        else { return }
        guard case .feed(let feed) = probe.read(response) else {
            outcome.misses.append((candidate.url, "no feed"))
            return
        }
        let url = Self.lasting(response, asked: candidate.url)
        guard !outcome.found.contains(where: { $0.url == url }) else { return }
        let title = feed.stringIfPresent(feed.title) ?? candidate.title
        outcome.found.append(Found(url: url, title: title, feed: feed, origin: candidate.origin))
    }

    /// Asks an address, after a while; nil: there is no document.
    private func ask(_ url: String, _ outcome: inout Outcome) async -> HTTPResponse? {
        guard outcome.requests < Self.mostRequests else { return nil }
        if outcome.requests > 0 {
            // Cancelled, it asks at once, and that is the last time.
            try? await Task.sleep(for: spacing)
        }
        outcome.requests += 1
        let result = await probe.fetch(PollRequest(feed: FeedID("discover"), url: url))
        let state = FeedState(id: result.feed, url: url, nextPoll: Timestamp(milliseconds: 0))
        let verdict = PollPolicy(watch: WatchSettings())
            .classify(result, state: state, now: Timestamp(milliseconds: 0))
        switch verdict {
        case .document(let response): return response
        case .notModified: return nil
        case .failed(let failure):
            outcome.misses.append((url, "\(failure.reason.rawValue): \(failure.message)"))
            // Who is asked to wait does not go on asking.
            if failure.reason == .rateLimited { outcome.requests = Self.mostRequests }
            return nil
        }
    }

    // MARK: Where to look

    /// The address to watch: where the way there lasts, its end.
    private static func lasting(_ response: HTTPResponse, asked url: String) -> String {
        let lasts = response.hops.allSatisfy { $0.status == 301 || $0.status == 308 }
        return lasts && !response.hops.isEmpty ? response.url : url
    }

    /// The scheme, host and port of an address.
    private static func origin(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = String(url[scheme.upperBound...].prefix { !"/?#".contains($0) })
        return String(url[..<scheme.upperBound]) + authority
    }

    /// The feeds that `Link` fields name (RFC 8288), relative ones resolved.
    private static func linked(in response: HTTPResponse) -> [Candidate] {
        LinkField.links(of: response)
            .compactMap { link in
                guard link.relations.contains("alternate") || link.relations.contains("feed"),
                    let type = link.type?.lowercased(),
                    ["rss", "atom", "rdf", "feed+json"].contains(where: { type.contains($0) }),
                    let url = link.url(at: response.url)
                else { return nil }
                let origin = "announced by a Link field"
                return Candidate(url: url, title: link.title, origin: origin)
            }
    }
}
