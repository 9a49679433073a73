/// Everything that is compiled, shared by all tasks that match.
final class MatcherProgram: Sendable {
    let lexicon: Lexicon
    let leaves: [Leaf]
    let nodes: [QueryNode]
    let topics: [CompiledTopic]
    let setNodes: [String: Int]
    /// Topics whose query may hold without any term.
    let always: [Int32]

    private let registrationStarts: [Int32]
    private let registrations: [Registration]
    private let gateStarts: [Int32]
    private let gateTopics: [Int32]

    init(
        table: LeafTable,
        nodes: [QueryNode],
        topics: [CompiledTopic],
        setNodes: [String: Int],
        gates: [Gate]
    ) {
        lexicon = Lexicon(table.lexicon)
        leaves = table.leaves
        self.nodes = nodes
        self.topics = topics
        self.setNodes = setNodes
        (registrationStarts, registrations) = MatcherProgram.group(
            table.registrations.map { (Int32($0.word), $0.of) },
            count: Int(table.wordCount)
        )
        var waiting: [(Int32, Int32)] = []
        waiting.reserveCapacity(table.leaves.count)
        var always: [Int32] = []
        for (topic, gate) in gates.enumerated() {
            guard let leaves = gate.leaves else {
                always.append(Int32(topic))
                continue
            }
            for leaf in leaves { waiting.append((Int32(leaf), Int32(topic))) }
        }
        self.always = always
        (gateStarts, gateTopics) = MatcherProgram.group(waiting, count: table.leaves.count)
    }

    /// Sorts elements by number, and says where those of each number start.
    private static func group<Element>(
        _ pairs: [(Int32, Element)],
        count: Int
    ) -> ([Int32], [Element]) {
        var starts = [Int32](repeating: 0, count: count + 1)
        for (number, _) in pairs { starts[Int(number) + 1] += 1 }
        for number in 0..<count { starts[number + 1] += starts[number] }
        var next = starts
        var order = [Int32](repeating: 0, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            order[Int(next[Int(pair.0)])] = Int32(index)
            next[Int(pair.0)] += 1
        }
        return (starts, order.map { pairs[Int($0)].1 })
    }

    /// The leaves a word belongs to.
    @inline(__always)
    func registrations(of word: UInt32) -> ArraySlice<Registration> {
        let index = Int(word)
        return registrations[Int(registrationStarts[index])..<Int(registrationStarts[index + 1])]
    }

    /// The topics that a leaf makes worth looking at.
    @inline(__always)
    func topics(waitingFor leaf: Int) -> ArraySlice<Int32> {
        gateTopics[Int(gateStarts[leaf])..<Int(gateStarts[leaf + 1])]
    }
}
