// swift-tools-version: 6.2
import PackageDescription

// libFuzzer's targets: Fuzz/run builds and plays them. A package of its own, for what is fuzzed is compiled once more, with
// the fuzzer's instrumentation; the other folders of Sources are links to the libraries.
let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library", "-enable-testing"])]

let package = Package(
  name: "fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
  ],
  targets: [
    .target(name: "Bytes", swiftSettings: instrumented),
    .target(name: "TokenBuckets", swiftSettings: instrumented),
    .target(
      name: "EventLoopExecutor", dependencies: [.product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: instrumented),
    .target(
      name: "SocketIO",
      dependencies: [
        "Bytes", "EventLoopExecutor", "TokenBuckets",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: instrumented),
    .target(
      name: "ProtocolRuntime",
      dependencies: [
        "Bytes", "TokenBuckets",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: instrumented + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
    .target(name: "GoldenProtocol", dependencies: ["ProtocolRuntime"], swiftSettings: instrumented),
    .target(name: "OddProtocol", dependencies: ["ProtocolRuntime"], swiftSettings: instrumented),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
    .target(name: "JSONSchema", swiftSettings: instrumented),
    .target(name: "SpecCompiler", dependencies: ["CYAML", "JSONSchema"], swiftSettings: instrumented),
    .target(
      name: "Cluster", dependencies: ["Bytes", .product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: instrumented),
    .executableTarget(
      name: "FuzzTargets",
      dependencies: [
        "Bytes", "Cluster", "GoldenProtocol", "OddProtocol", "ProtocolRuntime", "SocketIO", "SpecCompiler",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      exclude: ["SeedTests.swift"],
      swiftSettings: instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
  ]
)
