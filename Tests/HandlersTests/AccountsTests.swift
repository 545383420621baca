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
    @Test func `a registration opens a session, and its names are taken from then on`() async throws {
      try await withWorld { world in
        let person = Person()
        let result = try await world.registered(person)
        #expect(result.user.displayName == person.name)
        #expect(result.expiresIn == 900)
        let caller = try #require(try await world.service.accounts.authenticate(result.accessToken))
        #expect(caller.userID == result.user.id)
        guard case .ok(let me) = try await world.service.auth.getMe(.init(), caller: caller, context: world.context)
        else {
          throw Unexpected()
        }
        #expect(me == result.user)
        let sameEmail = try await world.register(
          Person(), email: person.email.uppercased(), username: Person().name)
        guard case .refused(let email) = sameEmail else { throw Unexpected() }
        #expect(email.code == .emailTaken)
        guard case .refused(let name) = try await world.register(Person(), username: person.name) else {
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
              switch try await world.register(person, email: "\(index)\(person.email)") {
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
        guard case .refused(let refusal) = try await world.register(Person(), password: long) else {
          throw Unexpected()
        }
        #expect(refusal.code == .unusablePassword)
        guard case .refused(let weak) = try await world.register(Person(), password: "Password123") else {
          throw Unexpected()
        }
        #expect(weak.code == .weakPassword)
      }
    }

    @Test func `a login takes either name, and tells nothing when it fails`() async throws {
      try await withWorld { world in
        let person = Person()
        let account = try await world.registered(person)
        func login(_ identifier: String, _ password: String) async throws -> Operations.Login.Output {
          try await world.service.auth.login(
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

    /// RFC 8265: a Mac's keyboard writes ü as two code points, others as one.
    @Test func `a password works from every keyboard, also one that was hashed in another form`() async throws {
      try await withWorld { world in
        let person = Person()
        let (composed, decomposed) = ("schl\u{FC}ssel und bund", "schlu\u{308}ssel und\u{A0}bund")
        guard case .created = try await world.register(person, password: decomposed) else {
          throw Unexpected()
        }
        func login(_ password: String) async throws -> Bool {
          let output = try await world.service.auth.login(
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
        for (password, detail) in [
          ("analytical\u{200B}engine", "no characters"), ("u\u{308}\u{304}u\u{308}\u{304}ab", "8 bytes or more"),
          (String(repeating: "\u{1F511}", count: 216), "72 bytes or fewer"),
        ] {
          guard case .refused(let refusal) = try await world.register(Person(), password: password) else {
            throw Unexpected()
          }
          #expect(refusal.code == .unusablePassword)
          #expect(refusal.detail.contains(detail))
        }
        let person = Person()
        _ = try await world.registered(person)
        for identifier in [person.name, "nobody"] {
          // 864 bytes are more than libcrypt takes.
          let output = try await world.service.auth.login(
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
        _ = try await world.registered(person)
        let isOver = Flag()
        func flood(_ number: Int) async throws -> (done: Int, busy: Int) {
          var (done, busy) = (0, 0)
          while !isOver.isSet {
            let body = LoginRequest(identifier: "nobody\(number).\(done)", password: "whatever it is")
            guard
              case .refused(let refusal) = try await world.service.auth.login(.init(body: body), context: world.context)
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
              if case .ok = try await world.service.auth.login(.init(body: body), context: context) { done += 1 }
            }
            #expect(done >= least, "from \(context.address)")
          }
          isOver.set()
          let turnedAway = try await group.reduce(into: 0) { $0 += $1.busy }
          #expect(turnedAway > 0)
        }
      }
    }

    @Test func `a profile changes in what is given`() async throws {
      try await withWorld { world in
        let session = try await world.registered(Person())
        let caller = try #require(try await world.service.accounts.authenticate(session.accessToken))
        func update(_ body: UpdateProfileRequest) async throws -> Me {
          guard
            case .ok(let me) = try await world.service.auth.updateProfile(
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
  }
}
