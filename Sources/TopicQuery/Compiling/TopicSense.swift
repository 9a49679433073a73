/// What is certain about a topic before it sees a text: that nothing can match it, or that
/// nearly everything does.
struct TopicSense {
    /// How much a query leaves out.
    enum Breadth {
        case narrow
        /// It asks for nothing but filters.
        case filtered
        case everything
    }

    private let nodes: [QueryNode]
    private let leaves: [Leaf]
    /// What cannot occur where a node does not hold, by the node.
    private var covers: [Int: Set<Int>] = [:]
    private var source = TopicSource(id: "", query: "")
    private var forbidden: [Int] = []
    private var filters: [(kind: FilterKind, pattern: String)] = []

    init(nodes: [QueryNode], leaves: [Leaf]) {
        self.nodes = nodes
        self.leaves = leaves
    }

    // MARK: Never

    /// Whether no text can match; false also where that is not certain.
    mutating func isNever(_ topic: CompiledTopic) -> Bool {
        source = topic.source
        forbidden.removeAll(keepingCapacity: true)
        filters.removeAll(keepingCapacity: true)
        gather(topic.query)
        if let exclude = topic.exclude { forbidden.append(exclude) }
        for node in forbidden where covers[node] == nil {
            var cover: Set<Int> = []
            addCover(of: node, to: &cover)
            covers[node] = cover
        }
        return isFalse(topic.query, topic.fields)
    }

    /// Notes what must not hold, and the filters that must.
    private mutating func gather(_ node: Int) {
        switch nodes[node] {
        case .all(let children): for child in children { gather(child) }
        case .not(let child): forbidden.append(child)
        case .filter(let kind, let pattern): filters.append((kind, pattern.written))
        case .leaf, .set, .any, .proximity, .field, .atLeast: break
        }
    }

    /// Adds the nodes that each make a node hold.
    private func addCover(of node: Int, to cover: inout Set<Int>) {
        cover.insert(node)
        switch nodes[node] {
        case .set(_, let child): addCover(of: child, to: &cover)
        case .any(let children, _): for child in children { addCover(of: child, to: &cover) }
        case .leaf, .all, .not, .proximity, .field, .filter, .atLeast: break
        }
    }

    private func isForbidden(_ node: Int) -> Bool {
        forbidden.contains { covers[$0]?.contains(node) == true }
    }

    /// Whether a node cannot hold together with what else the topic asks for.
    private func isFalse(_ node: Int, _ mask: FieldMask) -> Bool {
        if isForbidden(node) { return true }
        switch nodes[node] {
        case .leaf: return mask.isEmpty
        case .set(_, let child): return isFalse(child, mask)
        case .any(let children, _):
            return !children.isEmpty && children.allSatisfy { isFalse($0, mask) }
        case .all(let children): return children.contains { isFalse($0, mask) }
        case .not: return false
        case .proximity(let proximity, let children):
            if case .notIn = proximity, isWithin(children) { return true }
            let needed = proximity.isNegated ? children.prefix(1) : children[...]
            return needed.contains { isFalse($0, mask) }
        case .field(let fields, let child, _): return isFalse(child, mask.intersection(fields))
        case .filter(let kind, let pattern): return isFalse(kind, pattern.written)
        case .atLeast(let count, let child): return count > 0 && isFalse(child, mask)
        }
    }

    /// Whether each place of the first node is one of another, and so is left out by NOT IN.
    private func isWithin(_ children: [Int]) -> Bool {
        guard let first = children.first else { return false }
        var cover: Set<Int> = []
        for other in children.dropFirst() { addCover(of: other, to: &cover) }
        return isCovered(first, by: cover)
    }

    private func isCovered(_ node: Int, by cover: Set<Int>) -> Bool {
        if cover.contains(node) { return true }
        switch nodes[node] {
        case .set(_, let child): return isCovered(child, by: cover)
        case .any(let children, _): return children.allSatisfy { isCovered($0, by: cover) }
        case .proximity(.notIn, let children):
            return children.first.map { isCovered($0, by: cover) } ?? false
        case .leaf, .all, .not, .proximity, .field, .filter, .atLeast: return false
        }
    }

    private func isFalse(_ kind: FilterKind, _ pattern: String) -> Bool {
        if filters.contains(where: { $0.kind == kind && exclude($0.pattern, pattern, kind) }) {
            return true
        }
        switch kind {
        case .feed:
            let pattern = GlobPattern(pattern)
            return !source.feeds.isEmpty && !source.feeds.contains { pattern.matches($0) }
        case .lang:
            let languages = source.languages
            return !languages.isEmpty && languages.allSatisfy { exclude($0, pattern, kind) }
        case .author, .category, .url: return false
        }
    }

    /// Whether no item passes both of two filters.
    private func exclude(_ first: String, _ second: String, _ kind: FilterKind) -> Bool {
        guard !first.contains("*"), !second.contains("*") else { return false }
        let (one, other) = (GlobPattern(first), GlobPattern(second))
        switch kind {
        case .feed, .url: return !one.matches(second) && !other.matches(first)
        case .lang: return !one.matches(language: second) && !other.matches(language: first)
        // An item may have several of these.
        case .author, .category: return false
        }
    }

    // MARK: Everything

    /// How much a query leaves out.
    func breadth(of node: Int) -> Breadth {
        switch nodes[node] {
        case .leaf(let leaf):
            return TopicSense.commonWords.contains(leaves[leaf].written) ? .everything : .narrow
        case .set(_, let child), .field(_, let child, _): return breadth(of: child)
        case .filter(let kind, _): return kind == .lang || kind == .feed ? .filtered : .narrow
        case .any(let children, _):
            var isFiltered = !children.isEmpty
            for child in children {
                switch breadth(of: child) {
                case .everything: return .everything
                case .filtered: break
                case .narrow: isFiltered = false
                }
            }
            return isFiltered ? .filtered : .narrow
        case .all(let children):
            var result = Breadth.everything
            for child in children {
                if case .not = nodes[child] { continue }
                switch breadth(of: child) {
                case .everything: break
                case .filtered: result = .filtered
                case .narrow: return .narrow
                }
            }
            return result
        case .proximity(let proximity, let children):
            return proximity.isNegated ? children.first.map { breadth(of: $0) } ?? .narrow : .narrow
        case .atLeast(let count, _): return count == 0 ? .everything : .narrow
        case .not: return .narrow
        }
    }

    /// Words that nearly every text of their language has; as they are written in a query, so
    /// that abbreviations in capitals are not among them.
    private static let commonWords: Set<String> = [
        "the", "of", "and", "to", "in", "for", "with",
        "der", "die", "das", "und", "von",
        "le", "la", "les", "des", "et", "du", "el", "los", "las", "del",
        "и", "в", "во", "на", "не", "с", "по", "і", "й", "з", "та",
        "的", "了", "の", "は",
    ]
}

extension TopicCompiler {
    /// Adds the warnings about topics that match nothing, or nearly everything.
    mutating func warn(topics: [CompiledTopic], ranges: [Range<Int>?]) {
        var sense = TopicSense(nodes: nodes, leaves: table.leaves)
        var breadths: [Int: TopicSense.Breadth] = [:]
        for (number, topic) in topics.enumerated() {
            guard let range = ranges[number] else { continue }
            if sense.isNever(topic) {
                warn(
                    "W207",
                    "topic can never match",
                    range,
                    .query(topic: number),
                    help:
                        "NOT, NOT IN, exclude, or another filter or field leaves out what it asks for"
                )
                continue
            }
            let breadth = breadths[topic.query] ?? sense.breadth(of: topic.query)
            breadths[topic.query] = breadth
            if breadth == .narrow { continue }
            warn(
                "W208",
                breadth == .everything
                    ? "topic matches nearly everything"
                    : "topic matches all that passes its filters",
                range,
                .query(topic: number),
                help: "say what must occur: … AND …"
            )
        }
    }
}
