// swift-tools-version: 6.2
import PackageDescription

// What the log costs beside a bare loop in C: README.md. A package of its own, as benchmarks are
// no part of the product.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "feedwatch",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
    ],
    targets: [
        .systemLibrary(name: "CICU", pkgConfig: "icu-uc"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .target(name: "CPosix"),
        .target(name: "CBareLog"),
        .target(name: "FeedModel", swiftSettings: strict),
        .target(name: "TopicQuery", dependencies: ["CICU"], swiftSettings: strict),
        .target(
            name: "WatchCore",
            dependencies: [
                "FeedModel", "TopicQuery",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        .target(name: "QueueExecution", dependencies: ["CPosix"], swiftSettings: strict),
        .target(
            name: "Delivery",
            dependencies: ["FeedModel", "WatchCore", "QueueExecution", "CCrypto", "CPosix"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "bench-log",
            dependencies: ["FeedModel", "WatchCore", "Delivery", "CBareLog"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11
)
