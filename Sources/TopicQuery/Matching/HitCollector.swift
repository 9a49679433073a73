/// Gathers the places that made a query hold, and the score.
struct HitCollector {
    /// Sorted stretches of positions that do not overlap.
    private typealias Cover = [Range<Int32>]

    private let program: MatcherProgram
    private let item: ItemText
    private(set) var places: [Place] = []
    private var units: Set<Unit> = []
    private var hasProximityInTitle = false

    /// What counts once for each field: a set, or a term outside of sets.
    private struct Unit: Hashable {
        var node: Int
        var field: Int32
    }

    private static let points = [30, 15, 10]
    /// More places than this are nobody's to read.
    private static let mostPlaces = 200_000

    init(_ program: MatcherProgram, _ item: ItemText) {
        self.program = program
        self.item = item
    }

    /// How strongly the query matched, 0 to 100.
    var score: Int {
        let sum = units.reduce(0) { $0 + HitCollector.points[Int($1.field)] }
        return min(100, sum + (hasProximityInTitle ? 10 : 0))
    }

    /// Gathers what made a node that holds true.
    mutating func collect(_ node: Int, _ mask: FieldMask, _ evaluation: inout Evaluation) {
        collect(node, mask, within: nil, unit: nil, &evaluation)
    }

    private mutating func collect(
        _ node: Int,
        _ mask: FieldMask,
        within cover: Cover?,
        unit: Int?,
        _ evaluation: inout Evaluation
    ) {
        switch program.nodes[node] {
        case .leaf(let leaf):
            collectLeaf(leaf, node, mask, cover, unit: unit ?? node, &evaluation)
        case .set(_, let child):
            collect(child, mask, within: cover, unit: unit ?? node, &evaluation)
        case .all(let children):
            for child in children { collect(child, mask, within: cover, unit: unit, &evaluation) }
        case .any(let children, _):
            for child in children where evaluation.isTrue(child, mask, item, program) {
                collect(child, mask, within: cover, unit: unit, &evaluation)
            }
        case .field(let fields, let child, _):
            collect(child, mask.intersection(fields), within: cover, unit: unit, &evaluation)
        case .atLeast(_, let child):
            collect(child, mask, within: cover, unit: unit, &evaluation)
        case .proximity(let proximity, let children):
            let results = places(of: node, mask, cover, &evaluation)
            if !proximity.isNegated, results.contains(where: { $0.field == 0 }) {
                hasProximityInTitle = true
            }
            let inner = HitCollector.cover(of: results)
            for child in proximity.isNegated ? children.prefix(1) : children[...] {
                collect(child, mask, within: inner, unit: unit, &evaluation)
            }
        case .not, .filter: break
        }
    }

    private mutating func collectLeaf(
        _ leaf: Int,
        _ node: Int,
        _ mask: FieldMask,
        _ cover: Cover?,
        unit: Int,
        _ evaluation: inout Evaluation
    ) {
        for place in places(of: node, mask, cover, &evaluation) {
            if places.count < HitCollector.mostPlaces { places.append(place) }
            units.insert(Unit(node: unit, field: place.field))
        }
    }

    private func places(
        of node: Int,
        _ mask: FieldMask,
        _ cover: Cover?,
        _ evaluation: inout Evaluation
    ) -> [Place] {
        let all = evaluation.places(node, program).map { evaluation.pool[Int($0)] }
        var index = 0
        return all.filter { place in
            guard place.isIn(mask) else { return false }
            guard let cover else { return true }
            while index < cover.count, cover[index].upperBound <= place.position { index += 1 }
            return index < cover.count && cover[index].lowerBound <= place.position
                && place.positionEnd <= cover[index].upperBound
        }
    }

    private static func cover(of places: [Place]) -> Cover {
        var cover: Cover = []
        for place in places {
            if let last = cover.last, place.position < last.upperBound {
                let end = max(last.upperBound, place.positionEnd)
                cover[cover.count - 1] = last.lowerBound..<end
            } else {
                cover.append(place.position..<place.positionEnd)
            }
        }
        return cover
    }
}
