// swift-tools-version: 6.2
import PackageDescription

// The targets and what each may import: docs/design.md, section 3.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target {
    /// A module of ours, with the settings every module shares.
    static func module(
        _ name: String,
        _ dependencies: [Dependency] = [],
        resources: [Resource]? = nil
    ) -> Target {
        .target(
            name: name,
            dependencies: dependencies,
            resources: resources,
            swiftSettings: strict
        )
    }

    /// A program, with the settings every module shares.
    static func program(_ name: String, _ dependencies: [Dependency]) -> Target {
        .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
    }

    /// The tests of a module.
    static func tests(
        of name: String,
        _ more: [Dependency] = []
    ) -> Target {
        .testTarget(
            name: name + "Tests",
            dependencies: [.byName(name: name)] + more,
            exclude: ["Fixtures"],
            swiftSettings: strict
        )
    }
}

let package = Package(
    name: "feedwatch",
    products: [.executable(name: "feedwatch", targets: ["feedwatch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // C libraries, each behind the smallest possible shim.
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .systemLibrary(name: "CICU", pkgConfig: "icu-uc", providers: [.apt(["libicu-dev"])]),
        .systemLibrary(
            name: "CUchardet",
            pkgConfig: "uchardet",
            providers: [.apt(["libuchardet-dev"])]
        ),
        .systemLibrary(
            name: "CCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CDeflate",
            pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CToml",
            cxxSettings: [.define("NDEBUG")],
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(name: "CPosix"),

        // The core: values and decisions.
        .module("FeedModel"),
        .module("TopicQuery", ["CICU"]),
        .module("TermPacks"),
        .module(
            "WatchCore",
            [
                "FeedModel", "TopicQuery",
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        .module("FeedParsing", ["FeedModel", "CLibXML2", "CICU", "CUchardet"]),

        // The adapters: one outside thing each.
        .module("QueueExecution", ["CPosix"]),
        .module(
            "CurlTransport",
            [
                "FeedModel", "WatchCore", "QueueExecution", "CCurl", "CDeflate", "CPosix", "CZlib",
            ]
        ),
        .module(
            "SQLiteStore",
            ["FeedModel", "WatchCore", "QueueExecution", "CSQLite", "CCrypto", "CPosix"]
        ),
        .module("Delivery", ["FeedModel", "WatchCore", "QueueExecution", "CCrypto", "CPosix"]),
        .module(
            "ServiceHost",
            [
                "FeedModel", "WatchCore", "QueueExecution", "CPosix",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .module("OPML"),
        .module(
            "ConfigFile",
            ["FeedModel", "WatchCore", "TopicQuery", "TermPacks", "OPML", "CToml"]
        ),

        // The composition root and the programs.
        .module(
            "Daemon",
            [
                "FeedModel", "TopicQuery", "WatchCore", "FeedParsing", "QueueExecution",
                "CurlTransport", "SQLiteStore", "Delivery", "ServiceHost", "ConfigFile",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .program(
            "feedwatch",
            [
                "FeedModel", "TopicQuery", "TermPacks", "WatchCore", "OPML", "FeedParsing",
                "SQLiteStore", "Delivery", "ServiceHost", "ConfigFile", "Daemon", "CCrypto",
                "CPosix", "CZlib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // Not installed: a scripted web server of feeds for demo, tests and benchmarks.
        .module(
            "FeedLab",
            [
                "CZlib",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]
        ),
        .program(
            "feedlab-server",
            [
                "FeedLab",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Not installed: watching in virtual time, for tests and the tables of docs/polling.md and
        // docs/health.md.
        .module("WatchTesting", ["FeedModel", "TopicQuery", "WatchCore"]),
        .program("polling-simulation", ["WatchTesting"]),
        .program("health-simulation", ["WatchTesting"]),

        // Tests: policy without a clock, adapters against the real thing.
        .tests(of: "FeedModel"),
        .tests(of: "TopicQuery"),
        .tests(of: "WatchCore", ["FeedModel", "TopicQuery", "WatchTesting"]),
        .tests(of: "FeedParsing", ["FeedModel"]),
        .tests(of: "CurlTransport", ["FeedModel", "WatchCore", "CPosix"]),
        .tests(of: "SQLiteStore", ["FeedModel", "WatchCore", "CPosix"]),
        .tests(of: "Delivery", ["FeedModel", "WatchCore", "QueueExecution", "CPosix"]),
        .tests(of: "ServiceHost", ["FeedModel", "WatchCore", "CPosix"]),
        .tests(of: "OPML"),
        .tests(of: "ConfigFile", ["FeedModel", "TopicQuery", "TermPacks", "WatchCore"]),
        .tests(of: "FeedLab", ["CZlib"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["FeedLab", "feedwatch"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11,
    cxxLanguageStandard: .cxx17
)
