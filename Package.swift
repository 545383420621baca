// swift-tools-version: 6.2
import PackageDescription

// Every target of ours compiles without a warning, in Swift 6 language mode (the default of these tools).
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
// On the way of a request an async function stays where its caller is (SE-0461): otherwise each call and each return
// asks the task where it would rather run.
let staying = strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

// The spec compiler runs for a moment before each build: to optimise it would take longer than it ever saves.
let unoptimized = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

// A build of its own, whose generated checks a test switches off one by one: see scripts/check-sweep.
let numbersChecks = Context.environment["LETSCHAT_NUMBERED_CHECKS"] != nil
let numbering: [SwiftSetting] = numbersChecks ? [.define("NUMBERED_CHECKS")] : []

let package = Package(
  name: "letschat",
  products: [
    .executable(name: "letschat", targets: ["letschat"]),
    .library(name: "Generated", targets: ["Generated", "GeneratedDocuments", "ProtocolRuntime"]),
    .library(name: "SocketIO", targets: ["SocketIO"]),
    .library(name: "SocketIORedis", targets: ["SocketIORedis"]),
    // Serves an OpenAPI document of another package: see Examples/Petstore.
    .library(name: "ProtocolRuntime", targets: ["ProtocolRuntime"]),
    .plugin(name: "OpenAPIPlugin", targets: ["OpenAPIPlugin"]),
    .executable(name: "socketio-echo-server", targets: ["SocketIOEchoServer"]),
    .executable(name: "socketio-suite-server", targets: ["SocketIOSuiteServer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
  ],
  targets: [
    // The protocol: spec/ → SpecCompiler (run by SpecPlugin) → Generated, which stands on ProtocolRuntime.
    .target(name: "SpecCompiler", dependencies: ["CYAML", "JSONSchema"], swiftSettings: unoptimized),
    .executableTarget(
      name: "SpecTool",
      dependencies: ["SpecCompiler", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: unoptimized),
    .plugin(name: "SpecPlugin", capability: .buildTool(), dependencies: ["SpecTool"]),
    .plugin(name: "OpenAPIPlugin", capability: .buildTool(), dependencies: ["SpecTool"]),
    .target(
      name: "ProtocolRuntime",
      dependencies: [
        "Bytes", "TokenBuckets", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: staying + numbering),
    .target(name: "Generated", dependencies: ["ProtocolRuntime"], swiftSettings: staying, plugins: ["SpecPlugin"]),
    // The specs as they are served: only who serves them or reads them depends on their every word.
    .target(
      name: "GeneratedDocuments", dependencies: ["ProtocolRuntime"], swiftSettings: staying, plugins: ["SpecPlugin"]),

    // Libraries that know no chat.
    .target(name: "Bytes", swiftSettings: strict),
    .target(name: "TokenBuckets", swiftSettings: strict),
    .target(name: "JSONSchema", swiftSettings: strict),
    // What the two documents promise, as they are published.
    .target(name: "Contract", dependencies: ["JSONSchema"], swiftSettings: strict),
    // Plays a contract's stories against a server, and judges all that it answers.
    .target(
      name: "Verification",
      dependencies: [
        "Contract", "JSONSchema",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "EventLoopExecutor", dependencies: [.product(name: "NIOCore", package: "swift-nio")], swiftSettings: strict),
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
      swiftSettings: strict),
    .target(name: "Threads", dependencies: ["CThreads"], swiftSettings: strict),
    .target(
      name: "Postgres",
      dependencies: [
        "CPostgres", "CSpawn", "Threads",
        .product(name: "BitCollections", package: "swift-collections"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: staying),

    .target(
      name: "Redis",
      dependencies: [
        "Bytes", "CHiredis", "Threads",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    // What nodes say to each other, as bytes.
    .target(
      name: "Cluster", dependencies: ["Bytes", .product(name: "NIOCore", package: "swift-nio")], swiftSettings: strict),
    // SocketIO on several nodes, over Redis.
    .target(
      name: "SocketIORedis",
      dependencies: [
        "Cluster", "Redis", "SocketIO",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),

    // The domain, and the executable that wires it to the network.
    .target(
      name: "Handlers",
      dependencies: [
        "Bytes", "Generated", "Postgres", "ProtocolRuntime", "COpenSSL", "CCrypt",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      resources: [.embedInCode("Migrations")],
      swiftSettings: staying),
    .executableTarget(
      name: "letschat",
      dependencies: [
        "Bytes", "CMalloc", "Contract", "EventLoopExecutor", "Generated", "GeneratedDocuments", "Handlers",
        "JSONSchema", "Postgres", "ProtocolRuntime", "Redis", "SocketIO", "SocketIORedis", "TokenBuckets",
        "Verification",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Sources/Server",
      swiftSettings: staying + numbering),

    // C libraries of the system.
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CThreads"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CSpawn"),
    // Without pkg-config: its flags (-D_FILE_OFFSET_BITS) are none that SwiftPM takes.
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCrypt", pkgConfig: "libxcrypt", providers: [.apt(["libcrypt-dev"])]),

    // On the library SocketIO alone: the one of its guide, and what the protocol's test suites play against.
    .executableTarget(
      name: "SocketIOEchoServer",
      dependencies: [
        "SocketIO",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Examples/EchoServer",
      swiftSettings: strict),
    .executableTarget(
      name: "SocketIOSuiteServer",
      dependencies: [
        "EventLoopExecutor", "SocketIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Examples/SuiteServer",
      swiftSettings: strict),

    // Reads what a server said to the conformance suite, by the generated decoders.
    .executableTarget(
      name: "ConformanceValidator",
      dependencies: ["Generated", "ProtocolRuntime", .product(name: "NIOCore", package: "swift-nio")],
      path: "Tests/Conformance/Validator",
      swiftSettings: strict),

    .testTarget(
      name: "SpecCompilerTests", dependencies: ["SpecCompiler", "SpecTool"],
      exclude: [
        "Corpus", "Fixtures", "Snippets", "Golden", "OddGolden", "HostileGolden", "EmptyGolden", "LimitsGolden",
      ],
      swiftSettings: strict),
    // The generator's output for small specs: see GoldenTests.
    .target(
      name: "GoldenProtocol", dependencies: ["ProtocolRuntime"], path: "Tests/SpecCompilerTests/Golden",
      swiftSettings: strict),
    .target(
      name: "OddProtocol", dependencies: ["ProtocolRuntime"], path: "Tests/SpecCompilerTests/OddGolden",
      swiftSettings: strict),
    .target(
      name: "HostileProtocol", dependencies: ["ProtocolRuntime"], path: "Tests/SpecCompilerTests/HostileGolden",
      swiftSettings: strict),
    .target(
      name: "EmptyProtocol", dependencies: ["ProtocolRuntime"], path: "Tests/SpecCompilerTests/EmptyGolden",
      swiftSettings: strict),
    .target(
      name: "LimitsProtocol", dependencies: ["ProtocolRuntime"], path: "Tests/SpecCompilerTests/LimitsGolden",
      swiftSettings: strict),
    .testTarget(
      name: "GeneratedCodeTests",
      dependencies: [
        "EmptyProtocol", "GoldenProtocol", "HostileProtocol", "LimitsProtocol", "OddProtocol", "ProtocolRuntime",
        "TokenBuckets",
      ],
      swiftSettings: strict),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: strict),
    .testTarget(name: "JSONSchemaTests", dependencies: ["JSONSchema"], swiftSettings: strict),
    .testTarget(name: "ContractTests", dependencies: ["Contract"], swiftSettings: strict),
    .testTarget(
      name: "VerificationTests", dependencies: ["Contract", "JSONSchema", "Verification"], swiftSettings: strict),
    .testTarget(name: "BytesTests", dependencies: ["Bytes"], swiftSettings: strict),
    .testTarget(name: "TokenBucketsTests", dependencies: ["TokenBuckets"], swiftSettings: strict),
    .testTarget(
      name: "ProtocolRuntimeTests", dependencies: ["ProtocolRuntime", "TokenBuckets"], swiftSettings: strict),
    .testTarget(
      name: "SocketIOTests",
      dependencies: [
        "Bytes", "Cluster", "Redis", "RedisTestServer", "SocketIO", "SocketIORedis",
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(name: "RedisTestServer", dependencies: ["CSpawn"], path: "Tests/RedisTestServer", swiftSettings: strict),
    .target(
      name: "PostgresTestServer",
      dependencies: ["Postgres", .product(name: "Logging", package: "swift-log")],
      path: "Tests/PostgresTestServer", swiftSettings: strict),
    .testTarget(
      name: "PostgresTests", dependencies: ["Postgres", "PostgresTestServer", "Threads"], swiftSettings: strict),
    .testTarget(
      name: "RedisTests",
      dependencies: [
        "Redis", "RedisTestServer", .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterTests", dependencies: ["Cluster", .product(name: "NIOCore", package: "swift-nio")],
      exclude: ["Captures"], swiftSettings: strict),
    // What Fuzz/run plays with libFuzzer, here over what is known.
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "Bytes", "Cluster", "GoldenProtocol", "OddProtocol", "ProtocolRuntime", "SocketIO", "SpecCompiler",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "Fuzz/Sources/FuzzTargets", exclude: ["LibFuzzer.swift"], swiftSettings: strict),
    .testTarget(
      name: "HandlersTests",
      dependencies: [
        "Bytes", "Generated", "GeneratedDocuments", "Handlers", "Postgres", "PostgresTestServer", "ProtocolRuntime",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "letschat", "ProtocolRuntime",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
  ]
)
