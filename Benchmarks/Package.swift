// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building the server builds none of this.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "letschat-benchmarks",
  products: [
    .executable(name: "loadgen", targets: ["loadgen"]),
    .executable(name: "fanout-server", targets: ["fanout-server"]),
    .executable(name: "codec-peer", targets: ["codec-peer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(name: "letschat", path: ".."),
  ],
  targets: [
    .systemLibrary(name: "CEpoll"),
    .target(
      name: "LoadGenerator",
      dependencies: [
        "CEpoll",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "loadgen",
      dependencies: [
        "LoadGenerator", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // What SocketIO does by itself, without a chat.
    .executableTarget(
      name: "fanout-server",
      dependencies: [
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SocketIO", package: "letschat"),
      ],
      swiftSettings: strict),
    // Codecs and router of the spec, and Foundation's codecs. Its malloc counts.
    .target(name: "CAllocations"),
    .executableTarget(
      name: "codec-peer",
      dependencies: [
        "CAllocations",
        .product(name: "Generated", package: "letschat"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LoadGeneratorTests",
      dependencies: ["LoadGenerator", .product(name: "NIOEmbedded", package: "swift-nio")],
      swiftSettings: strict),
  ]
)
