/// Compiles topics and sets to a program; collects what is wrong with them.
struct TopicCompiler {
    /// How deep sets may refer to one another.
    static let deepestSet = 50

    let sets: [TermSetSource]
    private let setNumbers: [String: Int]
    var diagnostics: [QueryDiagnostic] = []
    var table: LeafTable
    var nodes: [QueryNode] = []
    var gates: [Gate] = []
    /// The node of each leaf; -1: none yet.
    private var leafNodes: [Int32] = []
    private var setNodes: [Int: Int] = [:]
    private var openSets: [Int] = []
    /// Sets that something refers to.
    private(set) var usedSets: Set<Int> = []

    init(sets: [TermSetSource], topicCount: Int) {
        self.sets = sets
        setNumbers = Dictionary(
            sets.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let terms = sets.reduce(topicCount) { $0 + $1.entries.count + $1.notIn.count }
        table = LeafTable(expectedTerms: terms)
    }

    /// Compiles everything.
    static func compile(
        topics: [TopicSource],
        sets: [TermSetSource]
    ) -> (program: MatcherProgram?, diagnostics: [QueryDiagnostic]) {
        var compiler = TopicCompiler(sets: sets, topicCount: topics.count)
        for number in sets.indices { _ = compiler.node(ofSet: number) }
        compiler.usedSets.removeAll()
        compiler.noteReferencesBetweenSets()
        var compiled: [CompiledTopic] = []
        var queries: [QuerySyntax?] = []
        var ranges: [Range<Int>?] = []
        compiler.warnSets()
        for (number, topic) in topics.enumerated() {
            let (result, query) = compiler.compile(topic, number: number)
            compiled.append(result)
            ranges.append(query?.range)
            if let query { compiler.warnTerms(query, .query(topic: number), isGuarded: false) }
            // Beyond this nobody compares them, and they would take much room.
            if compiler.table.leaves.count <= TopicCompiler.mostCompared { queries.append(query) }
        }
        compiler.warnUnusedSets()
        let isFaulty = compiler.diagnostics.contains { $0.severity == .error }
        guard !isFaulty else { return (nil, compiler.diagnostics) }
        compiler.warn(topics: compiled, ranges: ranges)
        compiler.leafNodes = []
        if compiler.table.leaves.count > TopicCompiler.mostCompared { compiler.table.forgetKeys() }
        let names = Dictionary(
            compiler.setNodes.map { (sets[$0].name, $1) },
            uniquingKeysWith: { first, _ in first }
        )
        let program = MatcherProgram(
            table: compiler.table,
            nodes: compiler.nodes,
            topics: compiled,
            setNodes: names,
            gates: compiled.map {
                $0.source.isInForce ? compiler.gates[$0.query] : .leaves([])
            }
        )
        compiler.warn(queries: queries, with: program)
        return (program, compiler.diagnostics)
    }

    private mutating func compile(
        _ topic: TopicSource,
        number: Int
    ) -> (CompiledTopic, QuerySyntax?) {
        let place = QueryPlace.query(topic: number)
        let (query, problems) = QueryParser.parse(topic.query)
        diagnostics += problems.map { $0.diagnostic(at: place) }
        if let query, query.isNegative, problems.isEmpty {
            diagnostics.append(
                QueryProblem(
                    code: "E108",
                    message: "a query may not be only NOT",
                    help: "say what must occur: … AND NOT …",
                    range: query.range
                ).diagnostic(at: place)
            )
        }
        let root = query.map { node(for: $0, at: place) } ?? addNode(.any([], hasPlaces: true))
        var exclude: Int?
        if let text = topic.exclude, !text.allSatisfy(\.isWhitespace) {
            let place = QueryPlace.exclude(topic: number)
            let (query, problems) = QueryParser.parse(text)
            diagnostics += problems.map { $0.diagnostic(at: place) }
            exclude = query.map { node(for: $0, at: place) }
        }
        let fields = topic.fields.isEmpty ? FieldMask.text : FieldMask(topic.fields)
        return (
            CompiledTopic(source: topic, query: root, exclude: exclude, fields: fields), query
        )
    }

    // MARK: Nodes

    private mutating func addNode(_ node: QueryNode) -> Int {
        nodes.append(node)
        gates.append(gate(of: node))
        return nodes.count - 1
    }

    private mutating func node(for syntax: QuerySyntax, at place: QueryPlace) -> Int {
        switch syntax.kind {
        case .term(let term): return node(ofTerm: term)
        case .set(let name): return node(ofSetNamed: name, syntax.range, at: place)
        case .all(let children):
            return addNode(.all(children.map { node(for: $0, at: place) }))
        case .any(let children):
            let numbers = children.map { node(for: $0, at: place) }
            return addNode(.any(numbers, hasPlaces: syntax.hasPlaces))
        case .not(let child): return addNode(.not(node(for: child, at: place)))
        case .proximity(let proximity, let children):
            return addNode(.proximity(proximity, children.map { node(for: $0, at: place) }))
        case .field(let mask, let child):
            let number = node(for: child, at: place)
            return addNode(.field(mask, child: number, hasPlaces: child.hasPlaces))
        case .filter(let kind, let pattern): return addNode(.filter(kind, GlobPattern(pattern)))
        case .atLeast(let count, let child):
            return addNode(.atLeast(count, child: node(for: child, at: place)))
        }
    }

    private mutating func node(ofTerm term: TermSyntax) -> Int {
        let leaf = table.leaf(for: term)
        while leafNodes.count <= leaf { leafNodes.append(-1) }
        if leafNodes[leaf] >= 0 { return Int(leafNodes[leaf]) }
        let node = addNode(.leaf(leaf))
        leafNodes[leaf] = Int32(node)
        return node
    }

    private mutating func node(
        ofSetNamed name: String,
        _ range: Range<Int>,
        at place: QueryPlace
    ) -> Int {
        guard let number = setNumbers[name] else {
            let near = Spelling.nearest(to: name, among: setNumbers.keys.sorted())
            diagnostics.append(
                QueryProblem(
                    code: "E112",
                    message: "unknown term set @\(name)",
                    help: near.map { "did you mean @\($0)?" },
                    range: range
                ).diagnostic(at: place)
            )
            return addNode(.any([], hasPlaces: true))
        }
        usedSets.insert(number)
        if let start = openSets.firstIndex(of: number) {
            let names = (openSets[start...] + [number]).map { "@" + sets[$0].name }
            report(
                "E113",
                "term sets refer to one another: \(names.joined(separator: " → "))",
                range,
                place
            )
            return addNode(.any([], hasPlaces: true))
        }
        if openSets.count >= TopicCompiler.deepestSet {
            report("E113", "term sets are nested too deep", range, place)
            return addNode(.any([], hasPlaces: true))
        }
        return node(ofSet: number)
    }

    private mutating func report(
        _ code: String,
        _ message: String,
        _ range: Range<Int>,
        _ place: QueryPlace
    ) {
        let problem = QueryProblem(code: code, message: message, help: nil, range: range)
        diagnostics.append(problem.diagnostic(at: place))
    }

    private mutating func node(ofSet number: Int) -> Int {
        if let node = setNodes[number] { return node }
        openSets.append(number)
        defer { openSets.removeLast() }
        let set = sets[number]
        var child = entryNode(set.entries) { .entry(set: number, entry: $0) }
        if !set.notIn.isEmpty {
            let excluded = entryNode(set.notIn) { .notIn(set: number, entry: $0) }
            child = addNode(.proximity(.notIn, [child, excluded]))
        }
        let node = addNode(.set(set.name, child: child))
        setNodes[number] = node
        return node
    }

    private mutating func entryNode(
        _ entries: [TermEntry],
        place: (Int) -> QueryPlace
    ) -> Int {
        var children: [Int] = []
        for (index, entry) in entries.enumerated() {
            let (kind, problems) = TermReader.readEntry(entry)
            let whole = 0..<entry.text.unicodeScalars.count
            let place = place(index)
            for var problem in problems {
                problem.range = whole
                diagnostics.append(problem.diagnostic(at: place))
            }
            guard problems.isEmpty else { continue }
            children.append(node(for: QuerySyntax(kind: kind, range: whole), at: place))
        }
        return addNode(.any(children, hasPlaces: true))
    }

    /// Sets used by other sets count as used.
    private mutating func noteReferencesBetweenSets() {
        for set in sets {
            for entry in set.entries + set.notIn where entry.text.hasPrefix("@") {
                if let number = setNumbers[String(entry.text.dropFirst())] {
                    usedSets.insert(number)
                }
            }
        }
    }

    // MARK: Gates

    private func gate(of node: QueryNode) -> Gate {
        switch node {
        case .leaf(let leaf): .leaf(leaf)
        case .set(_, let child), .field(_, let child, _): gates[child]
        case .any(let children, _): union(children)
        case .all(let children): rarest(children)
        case .proximity(let proximity, let children):
            proximity.isNegated ? gates[children[0]] : rarest(children)
        case .not, .filter: .open
        case .atLeast(let count, let child): count == 0 ? .open : gates[child]
        }
    }

    private func union(_ children: [Int]) -> Gate {
        var leaves: [Int] = []
        leaves.reserveCapacity(children.count)
        for child in children {
            switch gates[child] {
            case .open: return .open
            case .leaf(let leaf): leaves.append(leaf)
            case .leaves(let more): leaves += more
            }
        }
        leaves.sort()
        var kept = 0
        for leaf in leaves where kept == 0 || leaves[kept - 1] != leaf {
            leaves[kept] = leaf
            kept += 1
        }
        leaves.removeLast(leaves.count - kept)
        return .leaves(leaves)
    }

    private func rarest(_ children: [Int]) -> Gate {
        children.map { gates[$0] }.min { $0.cost(table.leaves) < $1.cost(table.leaves) }
            ?? .open
    }
}
