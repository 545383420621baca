import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  /// The life of a session by its refresh tokens.
  @Suite struct SessionsTests {
    @Test func `a lost answer and two tabs get the same successor`() async throws {
      try await withWorld { world in
        let first = try await world.registered(Person()).refreshToken
        let successors = try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<8 { group.addTask { try await world.refreshed(first) } }
          return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(successors.count == 1)
        #expect(successors.first != first)
      }
    }

    private static func age(_ caller: Caller, by seconds: Int, in world: World) async throws {
      _ = try await world.rows(
        "UPDATE sessions SET rotated_at = rotated_at - make_interval(secs => $2::double precision) WHERE id = $1::uuid",
        [.uuid(caller.sessionID), .int(seconds)])
    }

    /// What the database says of a token so many seconds after its successor was used, to the microsecond: a transaction
    /// has one time.
    private static func isStolen(_ text: String, after seconds: Double, in world: World) async throws -> Bool {
      let token = try #require(try RefreshTokens(secret: Array(repeating: 7, count: 32)).token(text))
      let age = Statement(
        name: "test_age",
        text: "UPDATE sessions SET rotated_at = now() - make_interval(secs => $2::double precision) WHERE id = $1::uuid"
      )
      let refresh = AccountStatements.Refresh(
        session: token.sessionID, generation: token.generation, lifetime: RefreshTokens.lifetime,
        grace: RefreshTokens.grace, sessionLifetime: RefreshTokens.sessionLifetime)
      let results = try await world.client.transaction([
        BoundStatement(age, [.uuid(token.sessionID), .double(seconds)]),
        BoundStatement(refresh.statement, refresh.values),
      ])
      return try #require(try refresh.decode(results[1])).isRevoked
    }

    @Test func `a token gets its successor again for as long as nobody used that`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        let caller = try #require(try await world.service.accounts.authenticate(session.accessToken))
        let second = try await world.refreshed(session.refreshToken)
        try await Self.age(caller, by: 86_400, in: world)
        #expect(try await world.refreshed(session.refreshToken) == second)
        #expect(try await world.refreshed(second) != second)
      }
    }

    @Test func `a token whose successor was used is late for 30 seconds, and ends the session then`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        let caller = try #require(try await world.service.accounts.authenticate(session.accessToken))
        let connection = try await world.connect(caller)
        let second = try await world.refreshed(session.refreshToken)
        let third = try await world.refreshed(second)
        #expect(try await world.refusal(session.refreshToken) == .refreshSuperseded)
        #expect(try await !Self.isStolen(session.refreshToken, after: 30, in: world))
        // It changed nothing.
        #expect(try await world.service.accounts.authenticate(session.accessToken) != nil)
        #expect(try await world.refreshed(second) == third)
        #expect(world.sink.cut == [])
        #expect(try await Self.isStolen(session.refreshToken, after: 30.001, in: world))
        // What that found was as if: here it is the service that finds it.
        _ = try await world.rows(
          """
          UPDATE sessions SET revoked_at = NULL, rotated_at = now() - interval '31 seconds' WHERE id = $1::uuid
          """, [.uuid(caller.sessionID)])
        #expect(try await world.refusal(session.refreshToken) == .refreshTokenReused)
        // The thief's and the owner's tokens are worth the same now.
        #expect(try await world.refusal(third) == .invalidRefreshToken)
        #expect(try await world.service.accounts.authenticate(session.accessToken) == nil)
        #expect(Set(world.sink.cut) == [connection])
      }
    }

    @Test func `an older token ends the session at once`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        var newest = session.refreshToken
        for _ in 0..<3 { newest = try await world.refreshed(newest) }
        #expect(try await world.refusal(session.refreshToken) == .refreshTokenReused)
        #expect(try await world.refusal(newest) == .invalidRefreshToken)
      }
    }

    @Test func `a session ends 7 days after its last refresh, and 90 days after its login`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        let caller = try #require(try await world.service.accounts.authenticate(session.accessToken))
        func left() async throws -> Int {
          let rows = try await world.rows(
            "SELECT ceil(extract(epoch FROM expires_at - now()) / 60)::bigint FROM sessions WHERE id = $1::uuid",
            [.uuid(caller.sessionID)])
          return try #require(rows.first).int(0)
        }
        #expect(try await left() == 7 * 24 * 60)
        _ = try await world.rows(
          """
          UPDATE sessions SET created_at = now() - interval '89 days 23 hours 50 minutes' WHERE id = $1::uuid
          """, [.uuid(caller.sessionID)])
        guard case .ok(let tokens) = try await world.refresh(session.refreshToken) else { throw Unexpected() }
        #expect(try await left() == 10)
        // The access token does not outlive it.
        #expect((598...600).contains(tokens.expiresIn))
        let claims = try #require(try await world.service.accounts.connectionToken(tokens.accessToken))
        #expect(claims.expiresAt == claims.sessionEndsAt)
        // And a session that is used each day ends all the same.
        _ = try await world.rows(
          "UPDATE sessions SET created_at = now() - interval '91 days' WHERE id = $1::uuid", [.uuid(caller.sessionID)])
        _ = try await world.refresh(tokens.refreshToken)
        #expect(try await world.refusal(tokens.refreshToken) == .invalidRefreshToken)
      }
    }

    @Test func `what is expired or unknown is just invalid`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        let caller = try #require(try await world.service.accounts.authenticate(session.accessToken))
        #expect(try await world.refusal("nonsense") == .invalidRefreshToken)
        let keys = try RefreshTokens(secret: Array(repeating: 7, count: 32))
        let future = try keys.text(of: RefreshToken(sessionID: caller.sessionID, generation: 1))
        #expect(try await world.refusal(future) == .invalidRefreshToken)
        let stranger = try keys.text(of: RefreshToken(sessionID: .v7(), generation: 0))
        #expect(try await world.refusal(stranger) == .invalidRefreshToken)
        let huge = try keys.text(of: RefreshToken(sessionID: caller.sessionID, generation: Int(UInt32.max)))
        #expect(try await world.refusal(huge) == .invalidRefreshToken)
        _ = try await world.rows(
          "UPDATE sessions SET expires_at = now() WHERE id = $1::uuid", [.uuid(caller.sessionID)])
        #expect(try await world.refusal(session.refreshToken) == .invalidRefreshToken)
        // An expired token is no theft: the session's access token lives on.
        #expect(try await world.service.accounts.authenticate(session.accessToken) != nil)
      }
    }

    @Test func `a logout ends its session, says the same twice, and is known after a restart`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        let caller = try #require(try await world.service.accounts.authenticate(session.accessToken))
        let connection = try await world.connect(caller)
        for token in [session.refreshToken, session.refreshToken, "nonsense"] {
          guard
            case .noContent = try await world.service.auth.logout(
              .init(body: .init(refreshToken: token)), context: world.context)
          else { throw Unexpected() }
        }
        #expect(Set(world.sink.cut) == [connection])
        #expect(try await world.service.accounts.authenticate(session.accessToken) == nil)
        #expect(try await world.refusal(session.refreshToken) == .invalidRefreshToken)
        let hasher = PasswordHasher(threads: 1)
        let restarted = try Accounts(
          database: world.client, secret: Array(repeating: 7, count: 32), hasher: hasher)
        #expect(try await restarted.caller(of: session.accessToken) != nil)
        try await restarted.start()
        #expect(try await restarted.caller(of: session.accessToken) == nil)
        await hasher.shutdown()
      }
    }
  }
}
