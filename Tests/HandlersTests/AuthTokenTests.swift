import Bytes
import NIOCore
import ProtocolRuntime
import Testing

@testable import Handlers

struct AuthTokenTests {
  /// RFC 7515 Appendix A.1.
  private static let key = Base64URL.decode(
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
  private static let token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

  @Test func `the RFC's own token verifies, and no other bit of it`() throws {
    let key = try HMACKey(try #require(Self.key))
    let payload = try #require(try JSONWebToken.verify(Self.token, key: key))
    #expect(
      String(decoding: payload, as: UTF8.self)
        == "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}")
    for index in Self.token.indices where Self.token[index] != "." {
      var forged = Self.token
      forged.replaceSubrange(index...index, with: forged[index] == "A" ? "B" : "A")
      #expect(try JSONWebToken.verify(forged, key: key) == nil)
    }
  }

  @Test func `what is not exactly a token is none`() throws {
    let key = try HMACKey(try #require(Self.key))
    let parts = Self.token.split(separator: ".").map(String.init)
    func signed(_ header: String, _ payload: String = "{}") throws -> String {
      let text = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload.utf8)
      let code = try Array(text.utf8).withUnsafeBytes { try key.code(for: $0) }
      return text + "." + code.withBytes { Base64URL.encode(Array($0)) }
    }
    #expect(try JSONWebToken.verify(try signed("{\"alg\":\"HS256\"}"), key: key) != nil)
    for header in [
      "{\"alg\":\"none\"}", "{\"alg\":\"hs256\"}", "{\"alg\":\"HS512\"}", "{\"alg\":\"RS256\",\"typ\":\"JWT\"}", "{}",
      "{\"alg\":\"HS256\",\"typ\":\"JWS\"}", "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
      "{\"alg\":\"HS256\",\"alg\":\"none\"}", "{\"alg\":null}", "[]", "",
    ] {
      #expect(try JSONWebToken.verify(try signed(header), key: key) == nil, "\(header)")
    }
    for text in [
      "", ".", "..", "...", parts[0], parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".",
      Self.token + ".", "." + Self.token, Self.token + "=", " " + Self.token, Self.token + "\n",
      Self.token + "." + parts[2], Base64URL.encode("{\"alg\":\"none\"}".utf8) + "." + parts[1] + ".",
      String(repeating: "A", count: 2000) + "." + parts[1] + "." + parts[2], "é.é.é",
    ] {
      #expect(try JSONWebToken.verify(text, key: key) == nil, "\(text)")
    }
  }

  @Test func `base64url is one text for each bytes`() {
    // RFC 4648 §10, without padding.
    for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
      #expect(Base64URL.encode(bytes.utf8) == text)
      #expect(Base64URL.decode(text) == Array(bytes.utf8))
    }
    for text in ["Zg==", "Zh", "Z", "Zm9", "Zm+v", "Zm/v", "Zm9v\n", "Zm 9v"] {
      #expect(Base64URL.decode(text) == nil, "\(text)")
    }
  }

  private static let secret = Array("a secret of 32 bytes and a few more".utf8)

  @Test func `an access token is its caller's for fifteen minutes`() throws {
    let tokens = try AccessTokens(secret: Self.secret)
    let caller = Caller(userID: .v7(), sessionID: .v7())
    let now = Timestamp.now()
    let text = try tokens.issue(for: caller, at: now)
    #expect(text.utf8.count < 400)
    #expect(try tokens.verify(text, at: now)?.caller == caller)
    #expect(try tokens.verify(text, at: now.advanced(bySeconds: 899))?.caller == caller)
    #expect(try tokens.verify(text, at: now.advanced(bySeconds: 900)) == nil)
    // Made in the future by more than the clocks of two nodes may differ.
    #expect(try tokens.verify(text, at: now.advanced(bySeconds: -59))?.caller == caller)
    #expect(try tokens.verify(text, at: now.advanced(bySeconds: -62)) == nil)
    let others = try AccessTokens(secret: Self.secret + [1])
    #expect(try others.verify(text, at: now) == nil)
  }

  @Test func `a token's times may be any numbers`() throws {
    let key = try HMACKey(secret: Self.secret, label: "letschat access token 1")
    let id = "\"019cadc6-9a80-7fde-a430-d40bd57deeac\""
    for (times, isGood) in [
      ("\"iat\":0,\"exp\":9223372036854775807", true),
      ("\"iat\":-9223372036854775808,\"exp\":9223372036854775807,\"end\":-9223372036854775808", true),
      ("\"iat\":9223372036854775807,\"exp\":9223372036854775807", false),
      ("\"iat\":0,\"exp\":-9223372036854775808", false),
      // What is beyond an integer's end is read as that.
      ("\"iat\":0,\"exp\":9223372036854775808", true), ("\"iat\":0,\"exp\":1e300", true),
    ] {
      let text = try JSONWebToken.sign(ByteBuffer(string: "{\"sub\":\(id),\"sid\":\(id),\(times)}"), key: key)
      #expect((try AccessTokens(secret: Self.secret).verify(text, at: .now()) != nil) == isGood, "\(times)")
    }
  }

  @Test func `a token that was verified makes no other one good`() throws {
    let tokens = try AccessTokens(secret: Self.secret)
    let text = try tokens.issue(for: Caller(userID: .v7(), sessionID: .v7()), at: .now())
    #expect(try tokens.verify(text, at: .now()) != nil)
    for index in text.indices {
      var forged = text
      forged.replaceSubrange(index...index, with: forged[index] == "A" ? "B" : "A")
      #expect(try tokens.verify(forged, at: .now()) == nil)
      // Canonically equivalent to a K, and to Swift's String the same.
      guard text[index] == "K" else { continue }
      forged = text
      forged.replaceSubrange(index...index, with: "\u{212A}")
      #expect(try tokens.verify(forged, at: .now()) == nil)
    }
  }

  @Test func `a token is remembered only if it may come again`() throws {
    let tokens = try AccessTokens(secret: Self.secret)
    let text = try tokens.issue(for: Caller(userID: .v7(), sessionID: .v7()), at: .now())
    #expect(try tokens.verify(text, at: .now(), remembers: false) != nil)
    #expect(tokens.verified.count == 0)
    #expect(try tokens.verify(text, at: .now()) != nil)
    #expect(tokens.verified.count == 1)
  }

  @Test func `verified tokens are bounded`() {
    let verified = VerifiedTokens()
    let claims = TokenClaims(caller: Caller(userID: .v7(), sessionID: .v7()), issuedAt: 0, expiresAt: 1)
    for number in 0...VerifiedTokens.capacity { verified.insert(claims, of: "\(number)") }
    #expect(verified.count == 1)
    #expect(verified.claims(of: "\(VerifiedTokens.capacity)") != nil)
    #expect(verified.claims(of: "\u{212A}") == nil)
  }

  @Test(arguments: [
    "{}", "[]", "null", "", "{\"sub\":\"019cadc6-9a80-7fde-a430-d40bd57deeac\"}",
    "{\"sub\":\"x\",\"sid\":\"019cadc6-9a80-7fde-a430-d40bd57deeac\",\"iat\":1,\"exp\":9999999999}",
    "{\"sub\":\"019cadc6-9a80-7fde-a430-d40bd57deeac\",\"sid\":\"019cadc6-9a80-7fde-a430-d40bd57deeac\",\"iat\":1}",
    "{\"sub\":\"019cadc6-9a80-7fde-a430-d40bd57deeac\",\"sid\":\"019cadc6-9a80-7fde-a430-d40bd57deeac\",\"iat\":1,"
      + "\"exp\":\"9999999999\"}",
  ])
  func `claims that are missing or wrong are refused`(claims: String) throws {
    let key = try HMACKey(secret: Self.secret, label: "letschat access token 1")
    let text = try JSONWebToken.sign(ByteBuffer(string: claims), key: key)
    #expect(try AccessTokens(secret: Self.secret).verify(text, at: .now()) == nil)
  }

  @Test func `refresh tokens are derived, and no other kind of token`() throws {
    let tokens = try RefreshTokens(secret: Self.secret)
    let token = RefreshToken(sessionID: .v7(), generation: 70_000)
    let text = try tokens.text(of: token)
    #expect(try tokens.text(of: token) == text)
    #expect(try tokens.token(text) == token)
    for index in text.indices {
      var forged = text
      forged.replaceSubrange(index...index, with: forged[index] == "A" ? "B" : "A")
      #expect(try tokens.token(forged) == nil)
    }
    for text in ["", "x", text + "A", String(text.dropLast()), String(repeating: "A", count: 70)] {
      #expect(try tokens.token(text) == nil)
    }
    #expect(try RefreshTokens(secret: Self.secret + [1]).token(text) == nil)
    // The keys differ though the secret is one.
    #expect(try AccessTokens(secret: Self.secret).verify(text, at: .now()) == nil)
  }

  @Test func `a revoked session is known for as long as its tokens could live`() {
    let revoked = RevokedSessions()
    let session = UUID.v7()
    let now = Timestamp.now()
    #expect(!revoked.contains(session))
    revoked.insert(session, at: now)
    #expect(revoked.contains(session))
    #expect(!revoked.contains(.v7()))
    // A clock that was an hour ahead for a moment makes nobody forget it: its tokens are good again when it is right.
    revoked.insert(.v7(), at: now.advanced(bySeconds: 3600))
    #expect(revoked.contains(session))
    revoked.insert(.v7(), at: now.advanced(bySeconds: 26 * 3600))
    #expect(revoked.count == 1)
  }
}
