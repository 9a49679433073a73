internal import ArgumentParser
internal import ConfigFile
internal import TopicQuery

/// The option that several commands share: which topics.
struct TopicOption: ParsableArguments {
    @Option(
        name: .customLong("topic"),
        help: ArgumentHelp("Only this topic; may be given again.", valueName: "id")
    )
    var names: [String] = []

    /// Ends with a suggestion where a name is that of no topic.
    func check(against topics: [TopicSource], mustBeInForce: Bool = false) throws {
        for name in names {
            guard let topic = topics.first(where: { $0.id == name }) else {
                throw Self.unknown(name, among: topics.map(\.id))
            }
            if mustBeInForce, !topic.isInForce {
                throw CommandFailure(
                    .usage,
                    "--topic: the topic '\(name)' is not in force (enabled = false)"
                )
            }
        }
    }

    /// The failure for a name that no topic has.
    static func unknown(_ name: String, among topics: [String]) -> CommandFailure {
        let hint = Suggestion.hint(for: name, among: topics).map { "; " + $0 } ?? ""
        return CommandFailure(.usage, "--topic: there is no topic '\(name)'\(hint)")
    }
}
