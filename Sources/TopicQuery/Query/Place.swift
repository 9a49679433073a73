/// A stretch of text that a node of a query found.
///
/// Tokens, positions, sentences and paragraphs are counted on from field to field.
struct Place: Sendable {
    /// The leaf, or -1 for a stretch between several.
    var leaf: Int32
    /// The field's number.
    var field: Int32
    /// The distance units before it.
    var position: Int32
    /// The distance units at its end.
    var positionEnd: Int32
    /// The sentence it begins in.
    var sentence: Int32
    /// The sentence it ends in.
    var sentenceEnd: Int32
    /// The paragraph it begins in.
    var paragraph: Int32
    /// The paragraph it ends in.
    var paragraphEnd: Int32
    /// The first byte.
    var start: Int32
    /// The byte behind the last.
    var end: Int32

    /// The stretch from the beginning of one to the end of the other.
    func joined(with other: Place) -> Place {
        var span = position <= other.position ? self : other
        span.leaf = -1
        span.positionEnd = max(positionEnd, other.positionEnd)
        span.sentenceEnd = max(sentenceEnd, other.sentenceEnd)
        span.paragraphEnd = max(paragraphEnd, other.paragraphEnd)
        span.end = max(end, other.end)
        return span
    }

    /// Whether both are the same find of the same leaf.
    func isSame(as other: Place) -> Bool {
        leaf >= 0 && leaf == other.leaf && position == other.position
    }

    /// Whether they share a token.
    func overlaps(_ other: Place) -> Bool {
        position < other.positionEnd && other.position < positionEnd
    }

    /// The distance units between two places; 0 where they touch or overlap.
    func gap(to other: Place) -> Int32 {
        max(0, other.position - positionEnd, position - other.positionEnd)
    }

    /// Whether it stands in one of the fields.
    func isIn(_ mask: FieldMask) -> Bool {
        mask.rawValue >> UInt8(truncatingIfNeeded: field) & 1 != 0
    }
}

extension ProximityOperator {
    /// Whether a pair of places stands as asked.
    func holds(_ first: Place, _ second: Place) -> Bool {
        switch self {
        case .near(let distance, _):
            first.paragraphEnd == second.paragraphEnd
                && first.gap(to: second) <= Int32(2 * distance)
        case .before(let distance, _):
            first.paragraphEnd == second.paragraph && second.position >= first.positionEnd
                && first.gap(to: second) <= Int32(2 * distance)
        case .sentence:
            first.sentence <= second.sentenceEnd && second.sentence <= first.sentenceEnd
        case .paragraph:
            first.paragraph <= second.paragraphEnd && second.paragraph <= first.paragraphEnd
        case .notIn:
            first.overlaps(second)
        }
    }
}
