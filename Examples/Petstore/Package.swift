// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "petstore",
  dependencies: [
    .package(name: "letschat", path: "../.."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
  ],
  targets: [
    .executableTarget(
      name: "Petstore",
      dependencies: [
        .product(name: "ProtocolRuntime", package: "letschat"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")],
      plugins: [.plugin(name: "OpenAPIPlugin", package: "letschat")])
  ]
)
