/// Evaluates nodes over the places found in one text; memoises the places of each node.
///
/// Lists are sorted by position, and each operator is linear in them: `steps` counts.
struct Evaluation {
    /// More places than this are not kept for a text: it has terms at every word, and the memory
    /// of the process ends before its truth does.
    static let mostPlaces = 2_000_000
    /// Of the stretches that begin at one place only so many are kept: the shortest and the longest.
    static let mostAtOnePlace = 16

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
    /// How many places were looked at, compared or moved for this text.
    private(set) var steps = 0

    private var latestEnds: [Int32] = []
    private var splits: [Int32] = []
    private var numbers: [UInt64] = []
    private var joinedBefore: [Place] = []
    private var sorter = DigitSorter()

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
        steps = 0
        pool.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        foundNext.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
    }

    /// Adds an occurrence of a leaf; a leaf's occurrences come in order.
    mutating func add(_ place: Place) {
        guard found.count < Evaluation.mostPlaces else { return }
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
            steps += from.count
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
        steps += Int(end - start)
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
            for index in range where pool.count < Evaluation.mostPlaces {
                pool.append(pool[Int(index)])
            }
        }
        steps += Int(end - start)
        sort(from: start)
        return start..<end
    }

    private mutating func proximityPlaces(
        _ proximity: ProximityOperator,
        _ children: [Int],
        _ program: MatcherProgram
    ) -> Range<Int32> {
        var lists: [Range<Int32>] = []
        for child in children {
            let list = places(child, program)
            if list.isEmpty, lists.isEmpty || !proximity.isNegated { return 0..<0 }
            lists.append(list)
        }
        guard var result = lists.first else { return 0..<0 }
        let start = end
        for others in lists.dropFirst() {
            let joined = combine(proximity, result, others)
            // What the links before made of a chain is of no more use.
            pool.removeSubrange(Int(start)..<Int(joined.lowerBound))
            result = start..<start + Int32(truncatingIfNeeded: joined.count)
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
        prepareSplits(first, others)
        // Kept apart, so that what is sorted is two lists in order, or nearly so.
        joinedBefore.removeAll(keepingCapacity: true)
        let start = end
        for (number, index) in first.enumerated() {
            let place = pool[Int(index)]
            let (before, after) = partners(
                of: place,
                among: others,
                split: splits[number],
                proximity
            )
            guard pool.count < Evaluation.mostPlaces else { break }
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

    /// Keeps each stretch once, and few that begin at one place: else chains of an operator would
    /// make more of them at each link.
    private mutating func dropRepeated(from start: Int32) {
        var kept = Int(start)
        /// Where those begin that begin at the same place.
        var group = kept
        for index in Int(start)..<pool.count {
            let place = pool[index]
            if kept > group, pool[kept - 1].position != place.position { group = kept }
            if kept > group, pool[kept - 1].positionEnd == place.positionEnd { continue }
            if kept - group == Evaluation.mostAtOnePlace {
                // The shortest half stays; of the others the first makes room for a longer one.
                let half = group + Evaluation.mostAtOnePlace / 2
                for later in half + 1..<kept { pool[later - 1] = pool[later] }
                steps += kept - half
                kept -= 1
            }
            pool[kept] = place
            kept += 1
        }
        steps += pool.count - Int(start)
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
        steps += others.count
    }

    /// The nearest partners of a place on both sides that stand to it as asked; `split` is the
    /// first of the others at or behind its end.
    private mutating func partners(
        of place: Place,
        among others: Range<Int32>,
        split: Int32,
        _ proximity: ProximityOperator
    ) -> (before: Place?, after: Place?) {
        steps += 1
        var after: Place?
        if split < others.upperBound, proximity.holds(place, pool[Int(split)]) {
            after = pool[Int(split)]
        }
        if case .before = proximity { return (nil, after) }
        var index = split
        // All that overlap the place stand to it as asked, but for itself: this ends at once.
        while index > others.lowerBound, pool[Int(index - 1)].position >= place.position {
            index -= 1
            steps += 1
            let other = pool[Int(index)]
            if !place.isSame(as: other), proximity.holds(place, other) { return (other, after) }
        }
        if index > others.lowerBound {
            let other = pool[Int(latestEnds[Int(index - 1 - others.lowerBound)])]
            if proximity.holds(place, other) { return (other, after) }
        }
        return (nil, after)
    }
}

// MARK: - Order

extension Evaluation {
    /// Lists of more parts in order than this are sorted digit by digit.
    private static let mostRuns = 64

    /// For each of `first`, the first of `others` at or behind its end.
    private mutating func prepareSplits(_ first: Range<Int32>, _ others: Range<Int32>) {
        splits.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        steps += first.count + others.count
        var split = others.lowerBound
        var latest = Int32.min
        for index in first {
            let end = pool[Int(index)].positionEnd
            // A short place within a long one: what comes is not in the order of its ends.
            if end < latest { return prepareSplitsByEnd(first, others) }
            latest = end
            while split < others.upperBound, pool[Int(split)].position < end { split += 1 }
            splits.append(split)
        }
    }

    private mutating func prepareSplitsByEnd(_ first: Range<Int32>, _ others: Range<Int32>) {
        splits.removeAll(keepingCapacity: true)
        for (number, index) in first.enumerated() {
            let end = pool[Int(index)].positionEnd
            numbers.append(DigitSorter.number(end, Int32(truncatingIfNeeded: number)))
            splits.append(0)
        }
        sortNumbers()
        var split = others.lowerBound
        for number in numbers {
            let place = Int(DigitSorter.value(of: number))
            let end = pool[Int(first.lowerBound) + place].positionEnd
            while split < others.upperBound, pool[Int(split)].position < end { split += 1 }
            splits[place] = split
        }
        steps += first.count + others.count
    }

    private mutating func sortNumbers() {
        let before = sorter.steps
        sorter.sort(&numbers)
        steps += sorter.steps - before
    }

    /// Sorts the places from `start` on by position.
    private mutating func sort(from start: Int32) {
        var runs = 1
        var index = Int(start) + 1
        while index < pool.count {
            if Evaluation.isInOrder(pool[index], pool[index - 1]) { runs += 1 }
            index += 1
        }
        steps += pool.count - Int(start)
        guard runs > 1 else { return }
        guard runs > Evaluation.mostRuns else {
            // The library's sort merges what is in order already.
            var comparisons = 0
            pool[Int(start)...].sort {
                comparisons += 1
                return Evaluation.isInOrder($0, $1)
            }
            steps += comparisons
            return
        }
        sortByDigits(from: Int(start))
    }

    private static func isInOrder(_ first: Place, _ second: Place) -> Bool {
        (first.position, first.positionEnd) < (second.position, second.positionEnd)
    }

    private mutating func sortByDigits(from start: Int) {
        numbers.removeAll(keepingCapacity: true)
        for index in start..<pool.count {
            let value = Int32(truncatingIfNeeded: index)
            numbers.append(DigitSorter.number(pool[index].positionEnd, value))
        }
        sortNumbers()
        for index in numbers.indices {
            let value = DigitSorter.value(of: numbers[index])
            numbers[index] = DigitSorter.number(pool[Int(value)].position, value)
        }
        sortNumbers()
        let sorted = numbers.map { pool[Int(DigitSorter.value(of: $0))] }
        pool.removeLast(pool.count - start)
        pool.append(contentsOf: sorted)
        steps += sorted.count
    }
}
