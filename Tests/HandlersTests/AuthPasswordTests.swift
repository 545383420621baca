import Testing

@testable import Handlers

@Suite(.timeLimit(.minutes(1)))
struct AuthPasswordTests {
  @Test func `common and overlong passwords are told from good ones`() {
    #expect(PasswordPolicy.judge("analytical engine") == .acceptable)
    #expect(PasswordPolicy.judge("Password123") == .common)
    #expect(PasswordPolicy.judge("12345678") == .common)
    #expect(PasswordPolicy.judge(String(repeating: "x", count: 72)) == .acceptable)
    #expect(PasswordPolicy.judge(String(repeating: "x", count: 73)) == .tooLong)
    // 37 characters, 74 bytes.
    #expect(PasswordPolicy.judge(String(repeating: "é", count: 37)) == .tooLong)
    #expect(commonPasswords.count >= 200)
    #expect(commonPasswords.allSatisfy { $0.count >= 8 && $0 == $0.lowercased() })
  }

  @Test func `a hash is bcrypt's, salted, and fits its password only`() async throws {
    let hasher = PasswordHasher(threads: 2)
    let hash = try await hasher.hash("analytical engine")
    #expect(hash.hasPrefix("$2b$10$"))
    #expect(hash.utf8.count == 60)
    #expect(try await hasher.hash("analytical engine") != hash)
    #expect(try await hasher.verify("analytical engine", hash: hash))
    #expect(try await !hasher.verify("analytical engin", hash: hash))
    #expect(try await !hasher.verify("", hash: hash))
    try await hasher.verifyNothing("whatever")
    // A published vector: crypt_blowfish's own test.
    #expect(
      try await hasher.verify("U*U", hash: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
    await #expect(throws: PasswordHasher.Failure.unusable) { try await hasher.verify("x", hash: "$2b$10$short") }
    await hasher.shutdown()
  }

  @Test func `the queue ends, and says when to come back`() async throws {
    let hasher = PasswordHasher(threads: 1)
    let results = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<(PasswordHasher.queueLimit + 11) {
        group.addTask {
          do {
            // A cheap hash, so that the test is about the queue.
            return try await hasher.verify("U*U", hash: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
          } catch {
            #expect(error as? PasswordHasher.Failure == .busy(retryAfter: 2))
            return false
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(results >= PasswordHasher.queueLimit + 1)
    #expect(results < PasswordHasher.queueLimit + 11)
    // And goes on afterwards.
    #expect(try await hasher.verify("U*U", hash: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
    await hasher.shutdown()
  }
}
