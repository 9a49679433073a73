/// An item of a sample feed and when it is published.
///
/// A processing instruction within the item says so: `<?lab step="evening"?>` waits for that step,
/// `<?lab after="1500ms"?>` for that time after the lab's start. Without one the item is there from
/// the start. The instruction itself is never served.
struct ScriptedItem: Sendable {
    /// The item as it is served.
    let bytes: [UInt8]
    /// The step that publishes it; nil: none is needed.
    let step: String?
    /// How long after the start it is published.
    let after: Duration

    /// Reads an item; throws where its instruction says something unknown.
    init(_ source: [UInt8]) throws {
        guard
            let open = source.firstRange(of: Array("<?lab ".utf8)),
            let close = source[open.upperBound...].firstRange(of: Array("?>".utf8))
        else {
            bytes = source
            step = nil
            after = .zero
            return
        }
        let text = String(decoding: source[open.upperBound..<close.lowerBound], as: UTF8.self)
        let pair = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2, pair[1].count > 2, pair[1].hasPrefix("\""), pair[1].hasSuffix("\"")
        else { throw LabError.badInstruction(text) }
        let value = String(pair[1].dropFirst().dropLast())
        switch pair[0] {
        case "step":
            step = value
            after = .zero
        case "after":
            guard let duration = Duration(labText: value) else {
                throw LabError.badInstruction(text)
            }
            step = nil
            after = duration
        default:
            throw LabError.badInstruction(text)
        }
        bytes = Array(source[..<open.lowerBound] + source[close.upperBound...])
    }

    /// Whether it is published by now.
    func isPublished(steps: Set<String>, elapsed: Duration) -> Bool {
        step.map(steps.contains) ?? (elapsed >= after)
    }
}

extension Duration {
    /// A duration as the lab's files write it: `1500ms` or `2s`.
    init?(labText text: String) {
        if text.hasSuffix("ms"), let number = Int(text.dropLast(2)), number >= 0 {
            self = .milliseconds(number)
        } else if text.hasSuffix("s"), let number = Int(text.dropLast()), number >= 0 {
            self = .seconds(number)
        } else {
            return nil
        }
    }
}
