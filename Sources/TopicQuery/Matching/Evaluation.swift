/// Evaluates nodes over the places found in one text; memoises the places of each node.
///
/// Lists are sorted by position and each operator is linear in them, up to a logarithm.
struct Evaluation {
    /// The matcher that the room below is for.
    private(set) var program: MatcherProgram?
    /// All places, those of each node in a row.
    private(set) var pool: [Place] = []

    private var round: UInt32 = 0
    private var nodeRounds: [UInt32] = []
    private var nodeRanges: [Range<Int32>] = []
    private var leafRounds: [UInt32] = []
    private var leafFirst: [Int32] = []
    private var leafLast: [Int32] = []
    private var found: [Place] = []
    private var foundNext: [Int32] = []
    /// Leaves that occurred in this text.
    private(set) var touched: [Int] = []
    private var latestEnds: [Int32] = []
    private var joinedBefore: [Place] = []

    init() {}

    /// Makes room for the next text.
    mutating func begin(_ program: MatcherProgram) {
        if self.program !== program {
            self.program = program
            round = 0
            nodeRounds = [UInt32](repeating: 0, count: program.nodes.count)
            nodeRanges = [Range<Int32>](repeating: 0..<0, count: program.nodes.count)
            leafRounds = [UInt32](repeating: 0, count: program.leaves.count)
            leafFirst = [Int32](repeating: 0, count: program.leaves.count)
            leafLast = [Int32](repeating: 0, count: program.leaves.count)
        }
        if round == UInt32.max {
            round = 0
            for index in nodeRounds.indices { nodeRounds[index] = 0 }
            for index in leafRounds.indices { leafRounds[index] = 0 }
        }
        round += 1
        pool.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        foundNext.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
    }

    /// Adds an occurrence of a leaf; a leaf's occurrences come in order.
    mutating func add(_ place: Place) {
        let leaf = Int(place.leaf)
        let number = Int32(truncatingIfNeeded: found.count)
        if leafRounds[leaf] == round {
            let last = Int(leafLast[leaf])
            if found[last].position == place.position, found[last].end >= place.end { return }
            foundNext[last] = number
        } else {
            leafRounds[leaf] = round
            leafFirst[leaf] = number
            touched.append(leaf)
        }
        leafLast[leaf] = number
        found.append(place)
        foundNext.append(-1)
    }

    // MARK: Truth

    /// Whether a node holds in the fields.
    mutating func isTrue(
        _ node: Int,
        _ mask: FieldMask,
        _ item: ItemText,
        _ program: MatcherProgram
    ) -> Bool {
        switch program.nodes[node] {
        case .all(let children):
            children.allSatisfy { isTrue($0, mask, item, program) }
        case .any(let children, hasPlaces: false):
            children.contains { isTrue($0, mask, item, program) }
        case .not(let child):
            !isTrue(child, mask, item, program)
        case .field(let fields, let child, hasPlaces: false):
            isTrue(child, mask.intersection(fields), item, program)
        case .filter(let kind, let pattern):
            ItemFilter.holds(kind, pattern, item)
        case .atLeast(let count, let child):
            count == 0 || distinctPlaces(child, mask, program) >= count
        case .leaf, .set, .proximity, .any, .field:
            places(node, program).contains { pool[Int($0)].isIn(mask) }
        }
    }

    private mutating func distinctPlaces(
        _ node: Int,
        _ mask: FieldMask,
        _ program: MatcherProgram
    ) -> Int {
        var count = 0
        var last: Int32 = -1
        for index in places(node, program) {
            let place = pool[Int(index)]
            guard place.isIn(mask), place.position != last else { continue }
            last = place.position
            count += 1
        }
        return count
    }

    // MARK: Places

    /// The places of a node, as a range of `pool`, sorted by position.
    mutating func places(_ node: Int, _ program: MatcherProgram) -> Range<Int32> {
        if nodeRounds[node] == round { return nodeRanges[node] }
        let range = makePlaces(node, program)
        nodeRounds[node] = round
        nodeRanges[node] = range
        return range
    }

    private mutating func makePlaces(_ node: Int, _ program: MatcherProgram) -> Range<Int32> {
        switch program.nodes[node] {
        case .leaf(let leaf): return leafPlaces(leaf)
        case .set(_, let child): return places(child, program)
        case .any(let children, _): return union(children, program)
        case .field(let mask, let child, _):
            let from = places(child, program)
            let start = end
            for index in from where pool[Int(index)].isIn(mask) { pool.append(pool[Int(index)]) }
            return start..<end
        case .proximity(let proximity, let children):
            return proximityPlaces(proximity, children, program)
        case .all, .not, .filter, .atLeast: return 0..<0
        }
    }

    private var end: Int32 { Int32(truncatingIfNeeded: pool.count) }

    private mutating func leafPlaces(_ leaf: Int) -> Range<Int32> {
        guard leafRounds[leaf] == round else { return 0..<0 }
        let start = end
        var next = leafFirst[leaf]
        while next >= 0 {
            pool.append(found[Int(next)])
            next = foundNext[Int(next)]
        }
        return start..<end
    }

    private mutating func union(_ children: [Int], _ program: MatcherProgram) -> Range<Int32> {
        var ranges: [Range<Int32>] = []
        for child in children {
            let range = places(child, program)
            if !range.isEmpty { ranges.append(range) }
        }
        if ranges.count < 2 { return ranges.first ?? 0..<0 }
        let start = end
        for range in ranges {
            for index in range { pool.append(pool[Int(index)]) }
        }
        sort(from: start)
        return start..<end
    }

    private mutating func sort(from start: Int32) {
        pool[Int(start)...].sort {
            ($0.position, $0.positionEnd, $0.leaf) < ($1.position, $1.positionEnd, $1.leaf)
        }
    }

    private mutating func proximityPlaces(
        _ proximity: ProximityOperator,
        _ children: [Int],
        _ program: MatcherProgram
    ) -> Range<Int32> {
        guard let first = children.first else { return 0..<0 }
        var result = places(first, program)
        for child in children.dropFirst() {
            if result.isEmpty { return 0..<0 }
            let others = places(child, program)
            result = combine(proximity, result, others)
        }
        return result
    }

    /// The places of `first` that stand to one of `others` as asked (joined with it), or that
    /// stand so to none.
    private mutating func combine(
        _ proximity: ProximityOperator,
        _ first: Range<Int32>,
        _ others: Range<Int32>
    ) -> Range<Int32> {
        prepareLatestEnds(others)
        // Kept apart, so that what is sorted is two lists in order, or nearly so.
        joinedBefore.removeAll(keepingCapacity: true)
        let start = end
        for index in first {
            let place = pool[Int(index)]
            let (before, after) = partners(of: place, among: others, proximity)
            if proximity.isNegated {
                if before == nil, after == nil { pool.append(place) }
            } else {
                if let before { joinedBefore.append(place.joined(with: before)) }
                if let after { pool.append(place.joined(with: after)) }
            }
        }
        if !proximity.isNegated {
            pool.append(contentsOf: joinedBefore)
            sort(from: start)
            dropRepeated(from: start)
        }
        return start..<end
    }

    /// Keeps each stretch once: else chains of an operator would double them at each link.
    private mutating func dropRepeated(from start: Int32) {
        var kept = Int(start)
        for index in Int(start)..<pool.count {
            let place = pool[index]
            if kept > Int(start), pool[kept - 1].position == place.position,
                pool[kept - 1].positionEnd == place.positionEnd
            {
                continue
            }
            pool[kept] = place
            kept += 1
        }
        pool.removeLast(pool.count - kept)
    }

    /// For each of `others`, the one up to it that reaches farthest.
    private mutating func prepareLatestEnds(_ others: Range<Int32>) {
        latestEnds.removeAll(keepingCapacity: true)
        var best = others.lowerBound
        for index in others {
            if pool[Int(index)].positionEnd >= pool[Int(best)].positionEnd { best = index }
            latestEnds.append(best)
        }
    }

    /// The nearest partners of a place on both sides that stand to it as asked.
    private func partners(
        of place: Place,
        among others: Range<Int32>,
        _ proximity: ProximityOperator
    ) -> (before: Place?, after: Place?) {
        let split = firstIndex(in: others, atOrBehind: place.positionEnd)
        var after: Place?
        if split < others.upperBound, proximity.holds(place, pool[Int(split)]) {
            after = pool[Int(split)]
        }
        if case .before = proximity { return (nil, after) }
        var index = split
        while index > others.lowerBound, pool[Int(index - 1)].position >= place.position {
            index -= 1
            let other = pool[Int(index)]
            if !place.isSame(as: other), proximity.holds(place, other) { return (other, after) }
        }
        if index > others.lowerBound {
            let other = pool[Int(latestEnds[Int(index - 1 - others.lowerBound)])]
            if proximity.holds(place, other) { return (other, after) }
        }
        return (nil, after)
    }

    private func firstIndex(in range: Range<Int32>, atOrBehind position: Int32) -> Int32 {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if pool[Int(middle)].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
