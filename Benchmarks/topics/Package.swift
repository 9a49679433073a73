// swift-tools-version: 6.2
import PackageDescription

// The benchmark of the topics, in a package of its own: nobody who builds feedwatch needs it.
// How to run it: make bench-topics.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "bench-topics",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
    ],
    targets: [
        .systemLibrary(name: "CICU", pkgConfig: "icu-uc"),
        .target(
            name: "CToml",
            cxxSettings: [.define("NDEBUG")],
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(name: "FeedModel", swiftSettings: strict),
        .target(name: "TermPacks", swiftSettings: strict),
        .target(name: "OPML", swiftSettings: strict),
        .target(name: "TopicQuery", dependencies: ["CICU"], swiftSettings: strict),
        .target(
            name: "WatchCore",
            dependencies: [
                "FeedModel", "TopicQuery",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ConfigFile",
            dependencies: [
                "FeedModel", "WatchCore", "TopicQuery", "TermPacks", "OPML", "CToml",
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "bench-topics",
            dependencies: ["ConfigFile", "TopicQuery"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11,
    cxxLanguageStandard: .cxx17
)
