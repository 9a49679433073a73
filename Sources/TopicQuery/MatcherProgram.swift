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
        (registrationStarts, registrations) = MatcherProgram.flatten(table.registrations)
        var topicsOfLeaf = [[Int32]](repeating: [], count: table.leaves.count)
        var always: [Int32] = []
        for (topic, gate) in gates.enumerated() {
            guard let leaves = gate.leaves else {
                always.append(Int32(topic))
                continue
            }
            for leaf in leaves { topicsOfLeaf[leaf].append(Int32(topic)) }
        }
        self.always = always
        (gateStarts, gateTopics) = MatcherProgram.flatten(topicsOfLeaf)
    }

    private static func flatten<Element>(_ lists: [[Element]]) -> ([Int32], [Element]) {
        var starts: [Int32] = [0]
        var all: [Element] = []
        starts.reserveCapacity(lists.count + 1)
        for list in lists {
            all += list
            starts.append(Int32(all.count))
        }
        return (starts, all)
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
