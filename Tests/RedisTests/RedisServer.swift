import Foundation
import Glibc
import Logging
import NIOCore
import Synchronization
import Testing

@testable import Redis

/// A Redis of a test's own, on a unix socket in a folder that is removed at the end.
final class RedisServer: Sendable {
  private let folder: String
  private let options: [String]
  private let pid = Mutex<pid_t?>(nil)

  var url: String { "unix://\(folder)/redis.sock" }

  init(_ options: String...) throws {
    folder = "/tmp/letschat-redis-\(UUID().uuidString.prefix(8))"
    self.options = options
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Starts it; clients find out by themselves when it takes connections.
  func start() throws {
    let program = try program()
    let arguments =
      [program, "--port", "0", "--unixsocket", "\(folder)/redis.sock", "--dir", folder]
      + ["--save", "", "--appendonly", "no", "--logfile", "\(folder)/log"] + options
    var child = pid_t()
    let copies = arguments.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let status = (copies + [nil]).withUnsafeBufferPointer { arguments in
      arguments.baseAddress.map { posix_spawn(&child, program, nil, nil, $0, environ) } ?? EINVAL
    }
    try #require(status == 0, "redis-server cannot be started: \(String(cString: strerror(status)))")
    pid.withLock { $0 = child }
  }

  /// Where there is no redis-server: Debian's redis-tools has the same program under another name, without the service
  /// of the system that the package redis-server installs. It does as it is called.
  private func program() throws -> String {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    if let directory = directories.first(where: { access("\($0)/redis-server", X_OK) == 0 }) {
      return "\(directory)/redis-server"
    }
    let directory = try #require(
      directories.first { access("\($0)/redis-check-rdb", X_OK) == 0 },
      "Redis is not installed: apt-get install redis-tools")
    let link = "\(folder)/redis-server"
    if access(link, F_OK) != 0 { symlink("\(directory)/redis-check-rdb", link) }
    return link
  }

  func signal(_ signal: Int32) {
    pid.withLock { pid in
      if let pid { _ = Glibc.kill(pid, signal) }
    }
  }

  /// kill -9, and waits for the end.
  func kill() {
    pid.withLock { pid in
      guard let child = pid else { return }
      _ = Glibc.kill(child, SIGKILL)
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      pid = nil
    }
  }
}

/// What a client told, in order.
final class Recorder: Sendable {
  private let recorded = Mutex<(pushes: [RedisPush], events: [RedisEvent])>(([], []))

  var pushes: [RedisPush] { recorded.withLock { $0.pushes } }
  var events: [RedisEvent] { recorded.withLock { $0.events } }

  func add(_ push: RedisPush) { recorded.withLock { $0.pushes.append(push) } }
  func add(_ event: RedisEvent) { recorded.withLock { $0.events.append(event) } }

  func count(_ matches: (RedisEvent) -> Bool) -> Int { events.count(where: matches) }

  var losses: [RedisError] {
    events.compactMap { event in
      if case .disconnected(_, let error) = event { error } else { nil }
    }
  }

  var lostPublishes: Int {
    events.reduce(0) { sum, event in
      if case .publishesLost(let count) = event { sum + count } else { sum }
    }
  }

  var restored: Int { count { $0 == .subscriptionsRestored } }
}

/// Runs `body` with a client, and closes it.
func withClient<Output>(
  _ url: String, configure: (inout RedisClient.Configuration) -> Void = { _ in },
  _ body: (RedisClient, Recorder) async throws -> Output
) async throws -> Output {
  var configuration = RedisClient.Configuration(url: url)
  // Redis may need a while to start on a busy machine.
  configuration.waitLimit = .seconds(20)
  configuration.reconnectLimit = .milliseconds(200)
  configure(&configuration)
  let recorder = Recorder()
  let client = try RedisClient(
    configuration: configuration, logger: quiet, onPush: { recorder.add($0) }, onEvent: { recorder.add($0) })
  do {
    let output = try await body(client, recorder)
    await client.close()
    return output
  } catch {
    await client.close()
    throw error
  }
}

/// Waits for a condition, looking every few milliseconds, and fails after a bounded time.
func until(
  _ what: Comment, within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record(what, sourceLocation: sourceLocation)
      throw CancellationError()
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// The error that `body` throws.
func failure(
  sourceLocation: SourceLocation = #_sourceLocation, of body: () async throws -> Void
) async throws -> RedisError {
  let error = await #expect(throws: RedisError.self, sourceLocation: sourceLocation) { try await body() }
  return try #require(error, sourceLocation: sourceLocation)
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
