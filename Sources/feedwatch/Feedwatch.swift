internal import ArgumentParser
internal import CPosix
internal import Glibc
internal import ServiceHost

/// The command line: the only part that prints and knows exit statuses.
@main
struct Feedwatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedwatch",
        abstract: "Watches news feeds for topics and logs every match.",
        discussion: """
            Exit status: 0 done; 1 done, and the answer is no; 2 wrong usage, configuration or \
            query; 3 could not finish; 130 interrupted. `run` says 78 for a configuration it \
            cannot start with and 74 when the disk cannot be trusted.
            """,
        version: Version.current,
        subcommands: [
            RunCommand.self, ReloadCommand.self, RotateCommand.self, CheckCommand.self,
            TestCommand.self, MatchCommand.self, TermsCommand.self, ParseCommand.self,
            StatusCommand.self,
            TailCommand.self,
            FetchCommand.self, DiscoverCommand.self, FeedsCommand.self,
            ExplainCommand.self, LogCommand.self, DeliveriesCommand.self, HookCommand.self,
            InitCommand.self,
        ]
    )

    static func main() async {
        // Here there is one thread; at a command's start there may be two already.
        cposix_keep_memory_small()
        openStandardDescriptors()
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Puts `/dev/null` where a standard descriptor is closed: a file of ours must not get its
    /// number, and with it what is printed.
    private static func openStandardDescriptors() {
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            guard (0...2).contains(descriptor) else {
                if descriptor > 2 { close(descriptor) }
                return
            }
        }
    }

    /// Ends the process as `error` asks; wrong usage ends with status 2.
    private static func end(with error: any Error) -> Never {
        if let failure = error as? CommandFailure {
            if let message = failure.message { Output.error("feedwatch: \(message)") }
            Glibc.exit(failure.status.rawValue)
        }
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        guard code != ExitCode.success else {
            if !text.isEmpty { Output.line(text) }
            Glibc.exit(0)
        }
        if !text.isEmpty { Output.error(text) }
        Glibc.exit(code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue)
    }
}

/// The version of the program.
enum Version {
    /// The version in force.
    static let current = "0.1.0"
}
