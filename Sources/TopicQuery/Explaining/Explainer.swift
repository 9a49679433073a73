/// Explains the nodes of a query over an item that was read.
struct Explainer {
    /// More places than this are not compared for a hint.
    private static let mostCompared = 400
    /// Of more joined places than this only the first are shown.
    private static let mostShown = 20

    let program: MatcherProgram
    let item: ItemText
    let report: MatchReport
    var evaluation: Evaluation

    /// Why a node holds in the fields, or does not.
    mutating func explain(_ node: Int, _ mask: FieldMask) -> Explanation {
        let holds = evaluation.isTrue(node, mask, item, program)
        var result = Explanation(label: "", holds: holds, hits: [], note: nil, children: [])
        switch program.nodes[node] {
        case .leaf(let leaf):
            result.label = program.leaves[leaf].written
            result.hits = hits(places(node, mask))
            if !holds { result.note = missing(node, mask) }
        case .set(let name, let child):
            result.label = "@" + name
            result.hits = leafHits(node, mask)
            result.note = holds ? nil : missing(node, mask)
            if case .proximity(.notIn, let children) = program.nodes[child], children.count > 1 {
                let out = Explainer.left(places(children[0], mask), by: places(child, mask))
                if !out.isEmpty {
                    let guards = Explainer.guards(places(children[1], mask), over: out)
                    result.note = "left out: in not_in " + quoted(hits(guards))
                }
            }
        case .any(let children, _): explain(children, "OR", mask, &result)
        case .all(let children): explain(children, "AND", mask, &result)
        case .not(let child): explain([child], "NOT", mask, &result)
        case .atLeast(let count, let child):
            explain([child], "ATLEAST/\(count)", mask, &result)
            if !holds { result.note = "found \(places(child, mask).count)" }
        case .field(let fields, let child, _):
            explain([child], fields.name + ":", mask.intersection(fields), &result)
        case .filter(let kind, let pattern):
            result.label = "\(kind.rawValue):\(pattern.written)"
            if !holds { result.note = "is \(value(of: kind))" }
        case .proximity(let proximity, let children):
            explain(children, proximity.written, mask, &result)
            // Each may be as long as the text.
            let joined = places(node, mask)
            result.hits = hits(Array(joined.prefix(Explainer.mostShown)))
            if joined.count > Explainer.mostShown { result.hitCount = joined.count }
            if !holds { result.note = distance(proximity, children, mask) }
        }
        return result
    }

    private mutating func explain(
        _ children: [Int],
        _ label: String,
        _ mask: FieldMask,
        _ result: inout Explanation
    ) {
        result.label = label
        for child in children { result.children.append(explain(child, mask)) }
    }

    private mutating func places(_ node: Int, _ mask: FieldMask) -> [Place] {
        guard program.nodes[node].hasPlaces else { return [] }
        return evaluation.places(node, program).map { evaluation.pool[Int($0)] }
            .filter { $0.isIn(mask) }
    }

    /// The terms behind a set's places.
    private mutating func leafHits(_ node: Int, _ mask: FieldMask) -> [TopicHit] {
        var collector = HitCollector(program, item)
        collector.collect(node, mask, &evaluation)
        return report.hits(collector.places, program)
    }

    private func hits(_ places: [Place]) -> [TopicHit] { report.hits(places, program) }

    private func quoted(_ hits: [TopicHit]) -> String {
        hits.prefix(4).map { "“\(Explanation.shortened($0.text))”" }.joined(separator: ", ")
    }

    /// The places that are not among those kept, which stand in the same order.
    private static func left(_ all: [Place], by kept: [Place]) -> [Place] {
        var next = 0
        return all.filter { place in
            guard next < kept.count, kept[next].isSame(as: place) else { return true }
            next += 1
            return false
        }
    }

    /// Those of the guards that share a token with one of the places; both are sorted.
    private static func guards(_ guards: [Place], over places: [Place]) -> [Place] {
        var next = 0
        return guards.filter { guarding in
            while next < places.count, places[next].positionEnd <= guarding.position { next += 1 }
            return next < places.count && places[next].position < guarding.positionEnd
        }
    }

    private mutating func missing(_ node: Int, _ mask: FieldMask) -> String {
        if mask.isEmpty { return "the topic looks at no such field" }
        if mask == .text { return "not found" }
        let elsewhere = hits(places(node, .text)).first.map { "; it is in the \($0.field.name)" }
        return "not found in the \(mask.name)" + (elsewhere ?? "")
    }

    private func value(of kind: FilterKind) -> String {
        let value =
            switch kind {
            case .lang: LanguageGuess.language(of: item)
            case .feed: item.feed
            case .author: item.authors.joined(separator: ", ")
            case .category: item.categories.joined(separator: ", ")
            case .url: item.url
            }
        return value.isEmpty ? "not known" : value
    }

    /// How far from holding a proximity operator is.
    private mutating func distance(
        _ proximity: ProximityOperator,
        _ children: [Int],
        _ mask: FieldMask
    ) -> String? {
        guard children.count > 1 else { return nil }
        let first = places(children[0], mask).prefix(Explainer.mostCompared)
        let second = places(children[1], mask).prefix(Explainer.mostCompared)
        guard !first.isEmpty else { return "the left side was not found" }
        if case .notIn = proximity { return "every place is part of one of the others" }
        if proximity.isNegated { return "every place has such a neighbour" }
        guard !second.isEmpty else { return "the right side was not found" }
        var best: Int32?
        var isReversed = false
        var pair: [Place] = []
        for one in first {
            for other in second where one.field == other.field && !one.isSame(as: other) {
                let isSameParagraph = one.paragraph == other.paragraph
                if case .near = proximity, !isSameParagraph { continue }
                if case .before = proximity, !isSameParagraph { continue }
                if case .before = proximity, other.position < one.positionEnd {
                    isReversed = true
                    continue
                }
                let gap = one.gap(to: other)
                if gap >= best ?? Int32.max { continue }
                best = gap
                pair = [one, other]
            }
        }
        guard let best else {
            return isReversed ? "found only in the other order" : "never in one paragraph"
        }
        let count = (best + 1) / 2
        let words = count == 1 ? "1 word between" : "\(count) words between"
        let texts = pair.map { quoted(hits([$0])) }
        let nearest = "nearest: \(words) \(texts.joined(separator: " and "))"
        switch proximity {
        case .near(let most, _): return "not found within \(most) words (\(nearest))"
        case .before(let most, _):
            return "not found in this order within \(most) words (\(nearest))"
        case .sentence: return "never in one sentence (\(nearest))"
        case .paragraph: return "never in one paragraph (\(nearest))"
        case .notIn: return nil
        }
    }
}
