internal import ArgumentParser
internal import ConfigFile
internal import ServiceHost

/// The command `feedwatch reload`.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Asks the running daemon to read its configuration anew.",
        discussion: """
            Waits, and prints what changed. If the configuration is refused, prints why and exits \
            with 1; the daemon goes on with the last good one.
            """
    )

    @OptionGroup var options: ConfigOptions

    func run() throws { try ask(.reload, options) }
}

/// The command `feedwatch rotate`.
struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Asks the running daemon to rotate the match log between two lines.",
        discussion: "Followers of the log miss no line. SIGUSR1 does the same."
    )

    @OptionGroup var options: ConfigOptions

    func run() throws { try ask(.rotate, options) }
}

/// Asks the daemon and prints its answer.
private func ask(_ request: ControlRequest, _ options: ConfigOptions) throws {
    let environment = ProcessEnvironment.current()
    // A broken configuration must not keep its own refusal from being asked for.
    let result = options.load(environment)
    let statePath = result.statePath ?? environment.statePath ?? "/var/lib/feedwatch"
    let answer: ControlAnswer
    do {
        answer = try ControlClient.ask(
            paths: environment.controlPaths(statePath: statePath),
            request: request,
            timeout: .seconds(60)
        )
    } catch {
        if result.configuration == nil { ProblemPrinter(environment).print(result.errors) }
        throw CommandFailure(.failed, "\(error)")
    }
    guard answer.done else {
        Output.error(answer.message)
        throw CommandFailure(.answerIsNo)
    }
    Output.line(answer.message)
}
