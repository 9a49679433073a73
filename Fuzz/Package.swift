// swift-tools-version: 6.2
import PackageDescription

// The fuzzers, in a package of their own: unsafe flags would bar ours from being a dependency.
// How to run them: docs/parsing.md.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
        .systemLibrary(name: "CICU", pkgConfig: "icu-uc"),
        .systemLibrary(name: "CUchardet", pkgConfig: "uchardet"),
        .target(name: "FeedModel", swiftSettings: strict),
        .target(
            name: "FeedParsing",
            dependencies: ["FeedModel", "CLibXML2", "CICU", "CUchardet"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "fuzz-feed-parser",
            dependencies: ["FeedModel", "FeedParsing"],
            swiftSettings: strict + [
                .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])
            ],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
        .target(name: "TopicQuery", dependencies: ["CICU"], swiftSettings: strict),
        .executableTarget(
            name: "fuzz-topics",
            dependencies: ["TopicQuery"],
            swiftSettings: strict + [
                .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])
            ],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)
