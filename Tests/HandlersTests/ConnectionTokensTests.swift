import Generated
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  /// Guards that a socket's life is bounded by its token's and its session's.
  @Suite struct ConnectionTokensTests {
    private static let keys = Array(repeating: 7 as UInt8, count: 32)

    private static func token(
      _ caller: Caller, lifetime: Int, secondsLeft: Int = 604_800
    ) throws -> String {
      try AccessTokens(secret: keys).issue(for: caller, lifetime: lifetime, secondsLeft: secondsLeft, at: .now())
    }

    private static func connect(_ caller: Caller, by token: String, in world: World) async throws -> ConnectionID {
      let connection = ConnectionID(rawValue: .random(in: .min ... .max))
      let claims = try #require(try await world.service.accounts.connectionToken(token))
      world.service.connectionAuthenticated(connection, by: claims)
      _ = try await world.service.connectionOpened(connection, caller: caller)
      return connection
    }

    private static func authenticate(
      _ token: String, _ caller: Caller, on connection: ConnectionID, in world: World
    ) async throws -> Events.Authenticate.Output {
      var context = world.context
      context.connection = connection
      return try await world.service.auth.authenticate(.init(token: token), caller: caller, context: context)
    }

    @Test func `a connection is told of its token's end, and cut with the problem token_expired`() async throws {
      let clock = ManualScheduler()
      try await withWorld(scheduler: clock) { world in
        let ada = try await world.user("Ada")
        let connection = try await Self.connect(ada, by: try Self.token(ada, lifetime: 900), in: world)
        clock.advance(by: .seconds(839))
        #expect(world.sink.names(connection) == [])
        clock.advance(by: .seconds(2))
        #expect(world.sink.names(connection) == ["token_expiring"])
        let told = try #require(try world.sink.received(connection)[0].payload(TokenExpiringEvent.self))
        let ahead = told.expiresAt.millisecondsSinceEpoch - Timestamp.now().millisecondsSinceEpoch
        #expect((890_000...900_000).contains(ahead))
        clock.advance(by: .seconds(118))
        #expect(world.sink.cut == [])
        clock.advance(by: .seconds(2))
        #expect(world.sink.names(connection) == ["token_expiring", "problem"])
        let problem = try #require(try world.sink.received(connection)[1].payload(ProblemEvent.self))
        #expect(problem.event == nil)
        #expect(problem.error.code == "token_expired")
        #expect(problem.error.status == 401)
        #expect(world.sink.cut == [connection])
        // What comes too late changes nothing.
        guard
          case .refused(let refusal) = try await Self.authenticate(
            try Self.token(ada, lifetime: 1_800), ada, on: connection, in: world)
        else { throw Unexpected() }
        #expect(refusal.code == .unauthorized)
      }
    }

    @Test func `a newer token lets it go on, if it is of the same user and session`() async throws {
      let clock = ManualScheduler()
      try await withWorld(scheduler: clock) { world in
        let ada = try await world.user("Ada")
        let connection = try await Self.connect(ada, by: try Self.token(ada, lifetime: 900), in: world)
        let others = [
          Caller(userID: ada.userID, sessionID: .v7()), Caller(userID: .v7(), sessionID: ada.sessionID),
        ]
        for token in try others.map({ try Self.token($0, lifetime: 1_800) }) + ["nonsense"] {
          guard case .refused(let refusal) = try await Self.authenticate(token, ada, on: connection, in: world) else {
            throw Unexpected()
          }
          #expect(refusal.code == .unauthorized)
        }
        guard
          case .ok(let result) = try await Self.authenticate(
            try Self.token(ada, lifetime: 1_800), ada, on: connection, in: world)
        else { throw Unexpected() }
        let ahead = result.expiresAt.millisecondsSinceEpoch - Timestamp.now().millisecondsSinceEpoch
        #expect((1_790_000...1_800_000).contains(ahead))
        clock.advance(by: .seconds(1_000))
        #expect(world.sink.names(connection) == [])
        clock.advance(by: .seconds(900))
        #expect(world.sink.cut == [connection])
      }
    }

    @Test func `the end of the session cuts within a second`() async throws {
      let clock = ManualScheduler()
      try await withWorld(scheduler: clock) { world in
        let ada = try await world.user("Ada")
        let token = try Self.token(ada, lifetime: 30, secondsLeft: 30)
        let connection = try await Self.connect(ada, by: token, in: world)
        clock.advance(by: .seconds(28))
        #expect(world.sink.cut == [])
        clock.advance(by: .seconds(3))
        #expect(world.sink.cut == [connection])
      }
    }

    @Test func `a connection that comes back lives by the token that it shows, and one that has gone by none`()
      async throws
    {
      let clock = ManualScheduler()
      try await withWorld(scheduler: clock) { world in
        let ada = try await world.user("Ada")
        let connection = try await Self.connect(ada, by: try Self.token(ada, lifetime: 900), in: world)
        clock.advance(by: .seconds(800))
        let newer = try #require(try await world.service.accounts.connectionToken(try Self.token(ada, lifetime: 1_800)))
        #expect(world.service.connectionReauthenticated(connection, by: newer))
        clock.advance(by: .seconds(800))
        #expect(world.sink.cut == [])
        world.service.connectionClosed(connection)
        #expect(!world.service.connectionReauthenticated(connection, by: newer))
        clock.advance(by: .seconds(2_000))
        #expect(world.sink.cut == [])
        // And no timer is left.
        #expect(clock.pending == 0)
      }
    }
  }
}
