// swift-tools-version: 6.1
import PackageDescription

/// Every target of ours is compiled with the same rules, stricter than the defaults where that catches mistakes early.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "meterbook",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "meterbook", targets: ["meterbook"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    ],
    targets: [
        // The pure core: calendar, money, meters, prices, the close. No I/O, no clock, no Foundation.
        .target(name: "Billing", swiftSettings: strict),

        // Where tests have the program die, in every build and armed in none.
        .target(name: "Failpoints", swiftSettings: strict),

        // The database: libpq, the statements, and the mapping between rows and Billing values.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "Postgres", dependencies: ["CLibPQ", "Failpoints"], swiftSettings: strict),
        .target(
            name: "SQL",
            path: "sql",
            exclude: ["README.md"],
            resources: [
                .embedInCode("schema"), .embedInCode("0-run"), .embedInCode("1-land"), .embedInCode("2-meter"),
                .embedInCode("3-close"), .embedInCode("4-finalize"), .embedInCode("5-decide"), .embedInCode("6-notice"),
                .embedInCode("7-look"), .embedInCode("8-replay"), .embedInCode("checks"),
            ],
            swiftSettings: strict),
        .target(name: "Store", dependencies: ["Billing", "Postgres", "SQL"], swiftSettings: strict),

        // What comes in: what a person wrote (YAML) and what other systems hold (rows).
        .target(
            name: "Deployment",
            dependencies: [
                "Billing", .product(name: "Yams", package: "Yams"),
                .product(name: "Mustache", package: "swift-mustache"),
            ], swiftSettings: strict),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "Connectors",
            dependencies: [
                "Billing", "Postgres", "Failpoints", "CZlib",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: strict),

        // What goes out.
        .target(
            name: "Documents", dependencies: ["Billing", .product(name: "Mustache", package: "swift-mustache")],
            swiftSettings: strict),

        // The order of the work, and the program.
        .target(name: "PrivateServer", dependencies: ["Failpoints"], swiftSettings: strict),
        .target(
            name: "Jobs",
            dependencies: [
                "Billing", "Store", "Postgres", "Connectors", "Deployment", "Documents", "PrivateServer", "Failpoints",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "meterbook",
            dependencies: [
                "Jobs", "Billing", "Deployment", "Documents", "PrivateServer", "Store", "Postgres", "Failpoints",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/CLI", swiftSettings: strict),

        // Tests: a target a module, the whole pipeline on a real PostgreSQL, and the rules of the house.
        .target(
            name: "TestSupport", dependencies: ["Postgres", "PrivateServer", "Store"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(name: "BillingTests", dependencies: ["Billing", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "PrivateServerTests", dependencies: ["PrivateServer", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "DeploymentTests", dependencies: ["Deployment", "Billing", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ConnectorsTests", dependencies: ["Connectors", "Billing", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Store", "SQL", "Postgres", "Billing", "PrivateServer", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Documents", "Billing", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Jobs", "Store", "Postgres", "Billing", "Deployment", "Connectors", "Documents", "TestSupport",
                "Oracle", "meterbook",
            ], swiftSettings: strict),

        // A second opinion on all that is billed, which shares with the core what a catalog says and nothing else; and
        // made-up vendors on which the program is held against it.
        .target(name: "Oracle", dependencies: ["Billing"], path: "Tests/Oracle", swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: ["Oracle", "Jobs", "Store", "Postgres", "Billing", "Deployment", "TestSupport"],
            path: "Tests/Simulation", swiftSettings: strict),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation", "Oracle", "TestSupport"], path: "Tests/Simulate",
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests", dependencies: ["Simulation", "Oracle", "TestSupport"],
            exclude: ["README.md", "MUTATIONS.md"],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),

        // `make bench`: the ratios, outside the tests.
        .executableTarget(
            name: "bench",
            dependencies: ["Billing", "Deployment", "Jobs", "Postgres", "CLibPQ", "PrivateServer"],
            path: "Tests/Bench", exclude: ["BENCHMARKS.md"], swiftSettings: strict),
    ]
)
