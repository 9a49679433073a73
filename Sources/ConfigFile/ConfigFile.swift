package import TermPacks
package import TopicQuery
package import WatchCore

/// What came of reading a configuration.
package struct ConfigResult: Sendable {
    /// The configuration; nil where there is an error.
    package var configuration: Configuration?
    /// Errors and warnings, in the order of the files and of the places in them.
    package var problems: [ConfigProblem]
    /// The files that were read, as they were named.
    package var files: [String]
    /// The tests of the topics in force, in the order of the topics.
    package var tests: [TopicTest]
    /// The topics as written, those in force first.
    ///
    /// These are the configuration's in their order. Where there is an error, it is those whose
    /// queries are right.
    package var topics: [TopicSource]
    /// The matcher of `topics`, to try them with; also where there is an error elsewhere.
    package var matcher: TopicMatcher?
    /// The term sets of all files, also where there is an error elsewhere.
    package var sets: [TermSetSource]
    /// The packs of term sets that are included; `sets` has those of their sets that are used.
    package var packs: [TermPack]
    /// The state directory, also where there is an error elsewhere; nil: it is not known.
    package var statePath: String?

    /// The errors.
    package var errors: [ConfigProblem] { problems.filter { $0.severity == .error } }

    /// The warnings.
    package var warnings: [ConfigProblem] { problems.filter { $0.severity == .warning } }
}

/// Reads the configuration (docs/configuration.md).
package enum ConfigFile {
    /// Reads a file and all it includes.
    ///
    /// Reports everything that is wrong, in all files, at once; a configuration with an error is
    /// not answered at all. Blocks on the disk; reaches no network.
    package static func load(path: String, environment: ConfigEnvironment) -> ConfigResult {
        let context = LoadContext(environment: environment)
        let builder = ConfigBuilder(context: context)
        var loader = ConfigLoader(builder: builder)
        loader.load(path)
        builder.readPacks()
        builder.settlePaths(mainPath: path)
        builder.check()
        let outcome = builder.finish()
        return ConfigResult(
            configuration: outcome.configuration,
            problems: context.problems(),
            files: context.files.indices.filter { !builder.packFiles.contains($0) }
                .map { context.files[$0].path },
            tests: outcome.tests,
            topics: outcome.topics,
            matcher: outcome.matcher,
            sets: builder.sets.map(\.source),
            packs: builder.packs,
            statePath: builder.watch.statePath.isEmpty ? nil : builder.watch.statePath
        )
    }
}

extension ConfigBuilder {
    /// Fills in the paths that the configuration leaves out.
    fileprivate func settlePaths(mainPath: String) {
        let environment = context.environment
        if watch.statePath.isEmpty, !context.hasErrors {
            guard let path = environment.defaultStatePath else {
                context.error(
                    "there is no state directory",
                    path: mainPath,
                    hint: "set state in [watch], or STATE_DIRECTORY, XDG_STATE_HOME or HOME"
                )
                return
            }
            watch.statePath = path
        }
        if watch.logPath.isEmpty {
            watch.logPath = environment.defaultLogPath(statePath: watch.statePath)
        }
    }
}
