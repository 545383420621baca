import Generated
import Postgres
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

/// What one task sets and others see.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

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

    private static func age(_ caller: Caller, by seconds: Int, in world: World) async throws {
      _ = try await world.rows(
        "UPDATE sessions SET rotated_at = rotated_at - make_interval(secs => $2::double precision) WHERE id = $1::uuid",
        [.uuid(caller.sessionID), .int(seconds)])
    }

    @Test func `a token gets its successor again for as long as nobody used that`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        let second = try await Self.refreshed(session.refreshToken, in: world)
        try await Self.age(caller, by: 86_400, in: world)
        #expect(try await Self.refreshed(session.refreshToken, in: world) == second)
        #expect(try await Self.refreshed(second, in: world) != second)
      }
    }

    @Test func `a token whose successor was used is late for 30 seconds, and ends the session then`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
        let connection = try await world.connect(caller)
        let second = try await Self.refreshed(session.refreshToken, in: world)
        let third = try await Self.refreshed(second, in: world)
        #expect(try await Self.refusal(session.refreshToken, in: world) == .refreshSuperseded)
        try await Self.age(caller, by: 28, in: world)
        #expect(try await Self.refusal(session.refreshToken, in: world) == .refreshSuperseded)
        // It changed nothing.
        #expect(try await world.service.authenticate(session.accessToken) != nil)
        #expect(try await Self.refreshed(second, in: world) == third)
        #expect(world.sink.cut == [])
        try await Self.age(caller, by: 3, in: world)
        #expect(try await Self.refusal(session.refreshToken, in: world) == .refreshTokenReused)
        // The thief's and the owner's tokens are worth the same now.
        #expect(try await Self.refusal(third, in: world) == .invalidRefreshToken)
        #expect(try await world.service.authenticate(session.accessToken) == nil)
        #expect(Set(world.sink.cut) == [connection])
      }
    }

    @Test func `an older token ends the session at once`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        var newest = session.refreshToken
        for _ in 0..<3 { newest = try await Self.refreshed(newest, in: world) }
        #expect(try await Self.refusal(session.refreshToken, in: world) == .refreshTokenReused)
        #expect(try await Self.refusal(newest, in: world) == .invalidRefreshToken)
      }
    }

    @Test func `a session ends 7 days after its last refresh, and 90 days after its login`() async throws {
      try await withWorld { world in
        let session = try await Self.registered(Person(), in: world)
        let caller = try #require(try await world.service.authenticate(session.accessToken))
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
        guard case .ok(let tokens) = try await Self.refresh(session.refreshToken, in: world) else { throw Unexpected() }
        #expect(try await left() == 10)
        // The access token does not outlive it.
        #expect((598...600).contains(tokens.expiresIn))
        let claims = try #require(try world.service.authenticateConnection(tokens.accessToken))
        #expect(claims.expiresAt == claims.sessionEndsAt)
        // And a session that is used each day ends all the same.
        _ = try await world.rows(
          "UPDATE sessions SET created_at = now() - interval '91 days' WHERE id = $1::uuid", [.uuid(caller.sessionID)])
        _ = try await Self.refresh(tokens.refreshToken, in: world)
        #expect(try await Self.refusal(tokens.refreshToken, in: world) == .invalidRefreshToken)
      }
    }

    /// RFC 8265: a Mac's keyboard writes ü as two code points, others as one.
    @Test func `a password works from every keyboard, also one that was hashed in another form`() async throws {
      try await withWorld { world in
        let person = Person()
        let (composed, decomposed) = ("schl\u{FC}ssel und bund", "schlu\u{308}ssel und\u{A0}bund")
        guard case .created = try await Self.register(person, password: decomposed, in: world) else {
          throw Unexpected()
        }
        func login(_ password: String) async throws -> Bool {
          let output = try await world.service.login(
            .init(body: .init(identifier: person.name, password: password)), context: world.context)
          if case .ok = output { return true }
          return false
        }
        func hash() async throws -> String {
          let rows = try await world.rows(
            "SELECT password_hash FROM users WHERE username = $1", [.text(person.name)])
          return try #require(rows.first).string(0)
        }
        #expect(try await login(composed))
        #expect(try await login(decomposed))
        let given = try await hash()
        #expect(try await !login("schlussel und bund"))
        // A hash of before, made of what the keyboard gave.
        let hasher = PasswordHasher(threads: 1)
        let old = try await hasher.hash(decomposed, for: .init(address: "", account: ""))
        await hasher.shutdown()
        _ = try await world.rows(
          "UPDATE users SET password_hash = $2 WHERE username = $1", [.text(person.name), .text(old)])
        #expect(try await !login(composed))
        #expect(try await hash() == old)
        #expect(try await login(decomposed))
        // From then on every keyboard does.
        #expect(try await hash() != old)
        #expect(try await login(composed))
        #expect(given != old)
      }
    }

    @Test func `a password with what nobody sees is refused, and none is a fault`() async throws {
      try await withWorld { world in
        for (password, keyword) in [
          ("analytical\u{200B}engine", "pattern"), ("u\u{308}\u{304}u\u{308}\u{304}ab", "minLength"),
          (String(repeating: "\u{1F511}", count: 216), "maxLength"),
        ] {
          guard case .refused(let refusal) = try await Self.register(Person(), password: password, in: world) else {
            throw Unexpected()
          }
          #expect(refusal.code == .validationFailed)
          #expect(refusal.errors.map(\.keyword) == [keyword])
        }
        let person = Person()
        _ = try await Self.registered(person, in: world)
        for identifier in [person.name, "nobody"] {
          // 864 bytes are more than libcrypt takes.
          let output = try await world.service.login(
            .init(body: .init(identifier: identifier, password: String(repeating: "\u{1F511}", count: 216))),
            context: world.context)
          guard case .refused(let refusal) = output else { throw Unexpected() }
          #expect(refusal.code == .invalidCredentials)
        }
      }
    }

    /// 150 connections with unknown names left a user 1 of 58 logins.
    @Test func `a flood of unknown names does not shut a user out, not even from the same address`() async throws {
      try await withWorld { world in
        let person = Person()
        _ = try await Self.registered(person, in: world)
        let isOver = Flag()
        func flood(_ number: Int) async throws -> (done: Int, busy: Int) {
          var (done, busy) = (0, 0)
          while !isOver.isSet {
            let body = LoginRequest(identifier: "nobody\(number).\(done)", password: "whatever it is")
            guard case .refused(let refusal) = try await world.service.login(.init(body: body), context: world.context)
            else { throw Unexpected() }
            done += 1
            if refusal.code == .tooManyRequests {
              busy += 1
              #expect(refusal.retryAfter != nil)
            }
            await Task.yield()
          }
          return (done, busy)
        }
        try await withThrowingTaskGroup(of: (done: Int, busy: Int).self) { group in
          for number in 0..<150 { group.addTask { try await flood(number) } }
          var other = world.context
          other.address = "192.0.2.9"
          for (context, least) in [(world.context, 8), (other, 8)] {
            var done = 0
            for _ in 0..<8 {
              let body = LoginRequest(identifier: person.name, password: person.password)
              if case .ok = try await world.service.login(.init(body: body), context: context) { done += 1 }
            }
            #expect(done >= least, "from \(context.address)")
          }
          isOver.set()
          let turnedAway = try await group.reduce(into: 0) { $0 += $1.busy }
          #expect(turnedAway > 0)
        }
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
