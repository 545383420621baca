import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct AccountsTests {
    private struct Person {
      let name = "u" + ID.v7().description.filter { $0 != "-" }.suffix(20)
      var email: String { "\(name)@example.org" }
      let password = "a password of \(ID.v7().description.prefix(8))"
    }

    private static func register(
      _ person: Person, email: String? = nil, username: String? = nil, password: String? = nil, in world: World
    ) async throws -> Operations.Register.Output {
      let body = RegisterRequest(
        email: email ?? person.email, username: username ?? person.name, password: password ?? person.password)
      return try await world.service.register(.init(body: body), context: world.context)
    }

    private static func registered(_ person: Person, in world: World) async throws -> AuthResult {
      guard case .created(let result) = try await register(person, in: world) else { throw Unexpected() }
      return result
    }

    private static func refresh(_ token: String, in world: World) async throws -> Operations.Refresh.Output {
      try await world.service.refresh(.init(body: .init(refreshToken: token)), context: world.context)
    }

    private static func refreshed(_ token: String, in world: World) async throws -> String {
      guard case .ok(let tokens) = try await refresh(token, in: world) else { throw Unexpected() }
      return tokens.refreshToken
    }

    private static func refusal(_ token: String, in world: World) async throws -> Operations.Refresh.Code? {
      guard case .refused(let refusal) = try await refresh(token, in: world) else { return nil }
      return refusal.code
    }

    @Test func `a registration opens a session, and its names are taken from then on`() async throws {
      try await withWorld { world in
        let person = Person()
        let result = try await Self.registered(person, in: world)
        #expect(result.user.displayName == person.name)
        #expect(result.expiresIn == 900)
        let caller = try #require(try await world.service.authenticate(result.accessToken))
        #expect(caller.userID == result.user.id)
        guard case .ok(let me) = try await world.service.getMe(.init(), caller: caller, context: world.context) else {
          throw Unexpected()
        }
        #expect(me == result.user)
        let sameEmail = try await Self.register(
          Person(), email: person.email.uppercased(), username: Person().name, in: world)
        guard case .refused(let email) = sameEmail else { throw Unexpected() }
        #expect(email.code == .emailTaken)
        guard case .refused(let name) = try await Self.register(Person(), username: person.name, in: world) else {
          throw Unexpected()
        }
        #expect(name.code == .usernameTaken)
      }
    }

    @Test func `of registrations at once, one has the name`() async throws {
      try await withWorld { world in
        let person = Person()
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
          for index in 0..<4 {
            group.addTask {
              switch try await Self.register(person, email: "\(index)\(person.email)", in: world) {
              case .created: return true
              case .refused(let refusal):
                #expect(refusal.code == .usernameTaken)
                return false
              }
            }
          }
          return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 1)
      }
    }

    @Test func `a password that is too long or too common is refused`() async throws {
      try await withWorld { world in
        let long = String(repeating: "é", count: 37)
        guard case .refused(let refusal) = try await Self.register(Person(), password: long, in: world) else {
          throw Unexpected()
        }
        #expect(refusal.code == .validationFailed)
        #expect(refusal.errors.map(\.pointer) == ["/password"])
        guard case .refused(let weak) = try await Self.register(Person(), password: "Password123", in: world) else {
          throw Unexpected()
        }
        #expect(weak.code == .weakPassword)
      }
    }

    @Test func `a login takes either name, and tells nothing when it fails`() async throws {
      try await withWorld { world in
        let person = Person()
        let account = try await Self.registered(person, in: world)
        func login(_ identifier: String, _ password: String) async throws -> Operations.Login.Output {
          try await world.service.login(
            .init(body: .init(identifier: identifier, password: password)), context: world.context)
        }
        for identifier in [person.name, person.email, person.email.uppercased(), person.name.uppercased()] {
          guard case .ok(let result) = try await login(identifier, person.password) else { throw Unexpected() }
          #expect(result.user == account.user)
          #expect(result.refreshToken != account.refreshToken)
        }
        let wrong = [
          (person.name, "another password"), ("nobody", person.password), ("nobody@example.org", person.password),
          // The first 72 bytes are right, which is all that bcrypt would look at.
          (person.name, person.password + String(repeating: "x", count: 72)),
        ]
        for (identifier, password) in wrong {
          guard case .refused(let refusal) = try await login(identifier, password) else { throw Unexpected() }
          #expect(refusal.code == .invalidCredentials)
          #expect(refusal.detail == "No account has this identifier and this password.")
        }
      }
    }

    @Test func `a lost answer and two tabs get the same successor`() async throws {
      try await withWorld { world in
        let first = try await Self.registered(Person(), in: world).refreshToken
        let successors = try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<8 { group.addTask { try await Self.refreshed(first, in: world) } }
          return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(successors.count == 1)
        #expect(successors.first != first)
      }
    }

    @Test func `a token whose successor was used ends the session`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        let connection = try await world.connect(caller)
        let second = try await Self.refreshed(session.refreshToken, in: world)
        let third = try await Self.refreshed(second, in: world)
        #expect(try await Self.refusal(session.refreshToken, in: world) == .refreshTokenReused)
        // The thief's and the owner's tokens are worth the same now.
        #expect(try await Self.refusal(third, in: world) == .invalidRefreshToken)
        #expect(try await world.service.authenticate(session.accessToken) == nil)
        #expect(Set(world.sink.cut) == [connection])
      }
    }

    @Test func `after the grace period the previous token ends the session, too`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        _ = try await Self.refreshed(session.refreshToken, in: world)
        _ = try await world.rows(
          "UPDATE sessions SET rotated_at = rotated_at - interval '29 seconds' WHERE id = $1::uuid",
          [.uuid(caller.sessionID)])
        _ = try await Self.refreshed(session.refreshToken, in: world)
        _ = try await world.rows(
          "UPDATE sessions SET rotated_at = rotated_at - interval '2 seconds' WHERE id = $1::uuid",
          [.uuid(caller.sessionID)])
        #expect(try await Self.refusal(session.refreshToken, in: world) == .refreshTokenReused)
      }
    }

    @Test func `what is expired or unknown is just invalid`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        #expect(try await Self.refusal("nonsense", in: world) == .invalidRefreshToken)
        let keys = try RefreshTokens(secret: Array(repeating: 7, count: 32))
        let future = try keys.text(of: RefreshToken(sessionID: caller.sessionID, generation: 1))
        #expect(try await Self.refusal(future, in: world) == .invalidRefreshToken)
        let stranger = try keys.text(of: RefreshToken(sessionID: .v7(), generation: 0))
        #expect(try await Self.refusal(stranger, in: world) == .invalidRefreshToken)
        let huge = try keys.text(of: RefreshToken(sessionID: caller.sessionID, generation: Int(UInt32.max)))
        #expect(try await Self.refusal(huge, in: world) == .invalidRefreshToken)
        _ = try await world.rows(
          "UPDATE sessions SET expires_at = now() WHERE id = $1::uuid", [.uuid(caller.sessionID)])
        #expect(try await Self.refusal(session.refreshToken, in: world) == .invalidRefreshToken)
        // An expired token is no theft: the session's access token lives on.
        #expect(try await world.service.authenticate(session.accessToken) != nil)
      }
    }

    @Test func `a logout ends its session, says the same twice, and is known after a restart`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        let connection = try await world.connect(caller)
        for token in [session.refreshToken, session.refreshToken, "nonsense"] {
          guard
            case .noContent = try await world.service.logout(
              .init(body: .init(refreshToken: token)), context: world.context)
          else { throw Unexpected() }
        }
        #expect(Set(world.sink.cut) == [connection])
        #expect(try await world.service.authenticate(session.accessToken) == nil)
        #expect(try await Self.refusal(session.refreshToken, in: world) == .invalidRefreshToken)
        let hasher = PasswordHasher(threads: 1)
        let restarted = try Accounts(
          database: world.client, secret: Array(repeating: 7, count: 32), hasher: hasher)
        #expect(try restarted.caller(of: session.accessToken) != nil)
        try await restarted.start()
        #expect(try restarted.caller(of: session.accessToken) == nil)
        await hasher.shutdown()
      }
    }

    @Test func `a profile changes in what is given`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        func update(_ body: UpdateProfileRequest) async throws -> Me {
          guard
            case .ok(let me) = try await world.service.updateProfile(
              .init(body: body), caller: caller, context: world.context)
          else { throw Unexpected() }
          return me
        }
        var expected = session.user
        expected.displayName = "Ada"
        expected.bio = "Analyst"
        #expect(try await update(.init(displayName: "Ada", bio: "Analyst")) == expected)
        expected.bio = ""
        #expect(try await update(.init(bio: "")) == expected)
        #expect(try await update(.init()) == expected)
      }
    }

    @Test func `people are found by how their names begin, page by page`() async throws {
      try await withWorld { world in
        let caller = try await world.user("Caller")
        let mark = "x" + String(ID.v7().description.filter { $0 != "-" }.suffix(12))
        let displayNames = ["Élodie \(mark)", "\(mark.uppercased()) B", "no\(mark)", "50% \\ _\(mark)"]
        for (index, display) in displayNames.enumerated() {
          _ = try await world.rows(
            """
            INSERT INTO users (id, email, username, display_name, password_hash)
            VALUES ($1::uuid, $2 || '@example.org', $2, $3, '')
            """, [.uuid(.v7()), .text("\(index)\(mark)"), .text(display)])
        }
        func search(_ q: String, limit: Int = 50, cursor: String? = nil) async throws -> UserList? {
          let input = Operations.SearchUsers.Input(query: .init(q: q, limit: limit, cursor: cursor))
          guard case .ok(let list) = try await world.service.searchUsers(input, caller: caller, context: world.context)
          else { return nil }
          return list
        }
        func names(_ q: String) async throws -> [String]? { try await search(q)?.items.map(\.username) }
        #expect(try await names(mark.uppercased()) == ["0\(mark)", "1\(mark)"])
        #expect(try await names("2\(mark)") == ["2\(mark)"])
        #expect(try await names("élodie \(mark)") == ["0\(mark)"])
        #expect(try await names("50% \\ _\(mark)") == ["3\(mark)"])
        #expect(try await names("_\(mark)") == ["3\(mark)"])
        #expect(try await names("%\(mark)") == [])
        let own = try #require(try await world.service.accounts.account(caller.userID)).user.username
        #expect(try await names(own) == [])
        let first = try #require(try await search(mark, limit: 1))
        #expect(first.items.map(\.username) == ["0\(mark)"])
        let second = try #require(try await search(mark, limit: 1, cursor: first.nextCursor))
        #expect(second.items.map(\.username) == ["1\(mark)"])
        #expect(second.nextCursor == nil)
        #expect(try await search(mark, cursor: "nonsense!") == nil)
      }
    }
  }
}
