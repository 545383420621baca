// swift-tools-version: 6.2
import PackageDescription

// libFuzzer's targets: Fuzz/run builds and plays them. A package of its own, for all of it is compiled with the fuzzer's
// instrumentation.
let package = Package(
  name: "fuzz",
  dependencies: [
    .package(name: "letschat", path: ".."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
  ],
  targets: [
    .executableTarget(
      name: "FuzzSocketIO",
      dependencies: [
        .product(name: "SocketIO", package: "letschat"), .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ]
)
