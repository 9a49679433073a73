internal import ArgumentParser
internal import ConfigFile
internal import Glibc
internal import ServiceHost
internal import WatchCore

/// The option every command shares: which configuration.
struct ConfigOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The configuration file.",
            discussion: """
                Default: $FEEDWATCH_CONFIG, else $CONFIGURATION_DIRECTORY/feedwatch.toml, else \
                $XDG_CONFIG_HOME/feedwatch/feedwatch.toml, else /etc/feedwatch/feedwatch.toml.
                """,
            valueName: "path"
        )
    )
    var config: String?

    /// The configuration's path: the option, else the first place of the environment's where
    /// there is a file, else the last of them.
    func path(_ environment: ProcessEnvironment) -> String {
        if let config { return config }
        let places = environment.configurationPaths
        return places.first { access($0, F_OK) == 0 } ?? places.last ?? "feedwatch.toml"
    }

    /// Reads the configuration.
    func load(_ environment: ProcessEnvironment) -> ConfigResult {
        ConfigFile.load(
            path: path(environment),
            environment: ConfigEnvironment(variables: environment.values)
        )
    }

    /// Reads the configuration, prints what is wrong with it and ends where it cannot be used.
    func loadOrEnd(
        _ environment: ProcessEnvironment,
        status: ExitStatus = .usage,
        warnings: Bool = false
    ) throws -> (configuration: Configuration, result: ConfigResult) {
        let result = load(environment)
        ProblemPrinter(environment).print(
            result.problems.filter { warnings || $0.severity == .error }
        )
        guard let configuration = result.configuration else { throw CommandFailure(status) }
        return (configuration, result)
    }
}

/// Prints configuration problems on standard error.
struct ProblemPrinter {
    private let isColoured: Bool

    /// A printer for the terminal the process has.
    init(_ environment: ProcessEnvironment) {
        isColoured = Output.isErrorColoured(refused: environment.refusesColour)
    }

    /// Prints problems.
    func print(_ problems: [ConfigProblem]) {
        for problem in problems { Output.error(problem.rendered(colour: isColoured)) }
    }
}
