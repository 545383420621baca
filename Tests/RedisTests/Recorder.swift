import Logging
import NIOCore
import Synchronization
import Testing

@testable import Redis

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
