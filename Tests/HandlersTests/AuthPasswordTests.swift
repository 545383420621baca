import ProtocolRuntime
import Testing

@testable import Handlers

@Suite(.timeLimit(.minutes(1)))
struct AuthPasswordTests {
  @Test func `common and overlong passwords are told from good ones`() {
    #expect(PasswordPolicy.judge("analytical engine") == .acceptable("analytical engine"))
    #expect(PasswordPolicy.judge("Password123") == .common)
    #expect(PasswordPolicy.judge("12345678") == .common)
    let longest = String(repeating: "x", count: 72)
    #expect(PasswordPolicy.judge(longest) == .acceptable(longest))
    #expect(PasswordPolicy.judge(longest + "x") == .tooLong)
    // 37 characters, 74 bytes.
    #expect(PasswordPolicy.judge(String(repeating: "é", count: 37)) == .tooLong)
    #expect(commonPasswords.count >= 200)
    #expect(commonPasswords.allSatisfy { $0.count >= 8 && $0 == $0.lowercased() })
  }

  /// RFC 8265 §4.2: two keyboards that write the same password in other bytes.
  @Test func `a password is judged in its normal form`() {
    let composed = "m\u{FC}nchner kindl"
    for text in [composed, "mu\u{308}nchner kindl", "mu\u{308}nchner\u{A0}kindl", "m\u{FC}nchner\u{3000}kindl"] {
      guard case .acceptable(let form) = PasswordPolicy.judge(text) else {
        Issue.record("\(text) is refused")
        continue
      }
      #expect(form.utf8.elementsEqual(composed.utf8))
    }
    // 36 code points of two bytes each, from 72 and 108 code points.
    for text in [String(repeating: "u\u{308}", count: 36), String(repeating: "u\u{308}\u{304}", count: 36)] {
      guard case .acceptable(let form) = PasswordPolicy.judge(text) else {
        Issue.record("72 bytes are refused")
        continue
      }
      #expect(form.utf8.count == 72)
    }
    #expect(PasswordPolicy.judge(String(repeating: "u\u{308}", count: 37)) == .tooLong)
    // Eight code points, and five bytes in Form C.
    #expect(PasswordPolicy.judge("u\u{308}\u{304}u\u{308}\u{304}ab") == .tooShort)
    // U+212A becomes a K, and this one of the most common passwords.
    #expect(PasswordPolicy.judge("qwertyuiop") == .common)
    #expect(PasswordPolicy.judge("mon\u{212A}ey123") == PasswordPolicy.judge("monKey123"))
  }

  @Test func `what nobody sees or Unicode does not know is no password`() {
    for hidden: Unicode.Scalar in [
      "\u{7}", "\u{7F}", "\u{9F}", "\u{200B}", "\u{202E}", "\u{200D}", "\u{3164}", "\u{FEFF}", "\u{378}", "\u{FFFE}",
      "\u{E000}", "\u{1113}", "\u{640}",
    ] {
      #expect(PasswordPolicy.judge("analytical\(hidden)engine") == .unprintable, "U+\(String(hidden.value, radix: 16))")
    }
    for seen in [
      "\u{1F511} and a key", "\u{AC00}\u{B098}\u{B2E4}", "\u{1100}\u{1161}\u{1102}\u{1161}\u{1103}\u{1161}",
      "\u{FB03}cient words", "m\u{B7}l of words",
    ] {
      guard case .acceptable = PasswordPolicy.judge(seen) else {
        Issue.record("\(seen) is refused")
        continue
      }
    }
  }

  private static let share = HashingShare(address: "192.0.2.1", account: "ada")

  @Test func `a hash is bcrypt's, salted, and fits its password only`() async throws {
    let hasher = PasswordHasher(threads: 2)
    func fits(_ password: String, _ hash: String) async throws -> Bool {
      try await hasher.verify([password], hash: hash, for: Self.share) == 0
    }
    let hash = try await hasher.hash("analytical engine", for: Self.share)
    #expect(hash.hasPrefix("$2b$10$"))
    #expect(hash.utf8.count == 60)
    #expect(try await hasher.hash("analytical engine", for: Self.share) != hash)
    #expect(try await fits("analytical engine", hash))
    #expect(try await !fits("analytical engin", hash))
    #expect(try await !fits("", hash))
    #expect(try await hasher.verify(["another", "analytical engine"], hash: hash, for: Self.share) == 1)
    try await hasher.verifyNothing(["whatever"], for: Self.share)
    // A published vector: crypt_blowfish's own test.
    #expect(try await fits("U*U", Self.cheap))
    await #expect(throws: PasswordHasher.Failure.unusable) { try await fits("x", "$2b$10$short") }
    await hasher.shutdown()
    await #expect(throws: UnavailableError.self) { try await fits("U*U", Self.cheap) }
  }

  /// A cheap hash, for tests of the queue.
  private static let cheap = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

  private static func outcomes(
    _ hasher: PasswordHasher, _ shares: [HashingShare]
  ) async -> (done: Int, busy: Int) {
    await withTaskGroup(of: Bool.self) { group in
      for share in shares {
        group.addTask {
          do {
            return try await hasher.verify(["U*U"], hash: cheap, for: share) == 0
          } catch {
            if case .busy(let retryAfter)? = error as? PasswordHasher.Failure {
              #expect((1...5).contains(retryAfter))
            } else {
              Issue.record(error)
            }
            return false
          }
        }
      }
      let done = await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      return (done, shares.count - done)
    }
  }

  @Test func `the queue ends, and goes on afterwards`() async throws {
    let hasher = PasswordHasher(threads: 1, shares: FairShares(perAccount: 8, perAddress: 8, total: 8))
    let (done, busy) = await Self.outcomes(hasher, Array(repeating: Self.share, count: 40))
    #expect(done >= 9)
    #expect(busy > 0)
    #expect(try await hasher.verify(["U*U"], hash: Self.cheap, for: Self.share) == 0)
    await hasher.shutdown()
  }
}
