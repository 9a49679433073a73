// swift-tools-version: 6.2
import PackageDescription

// What reading feeds costs, in a package of its own so that building feedwatch does not build it.
// `make bench-parse` runs it; docs/parsing.md says what is measured.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "parsing-benchmark",
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
            name: "parse-bench",
            dependencies: ["FeedModel", "FeedParsing"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
