import Generated
import NIOCore
import ProtocolRuntime
import Testing

/// Guards that no name that others see looks like nothing: what the spec says of them, as the generated decoders take it.
struct NameTests {
  private static func keywords<Body: JSONDecodable>(_ type: Body.Type, _ members: [String: String]) throws -> [String] {
    var writer = JSONWriter(capacity: 256)
    writer.object(members) { writer, value in writer.string(value) }
    var violations: [Violation] = []
    _ = try Body.decode(json: writer.finish(), violations: &violations)
    return violations.map { "\($0.pointer) \($0.keyword)" }
  }

  private static func displayName(_ name: String) throws -> [String] {
    try keywords(UpdateProfileRequest.self, ["display_name": name])
  }

  @Test(arguments: [
    "Ada", "A", "Ada Lovelace", "Élodie", "\u{5E9}\u{5DC}\u{5D5}\u{5DD}", "\u{645}\u{62D}\u{645}\u{62F}", "김민준",
    "山田 太郎", "山田\u{3000}太郎", "O’Neill", "❤\u{FE0F}",
    "Ada 👩\u{200D}💻", "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "\u{6CC}\u{200C}\u{6A9}",
    "ada  b", "x\u{301}",
  ])
  func `names of people and their emoji are taken`(name: String) throws {
    #expect(try Self.displayName(name) == [])
    #expect(try Self.keywords(UpdateChatRequest.self, ["name": name]) == [])
    #expect(try Self.keywords(UpdateProfileRequest.self, ["status": name, "bio": name + "\n\n" + name]) == [])
  }

  @Test(arguments: [
    " ", "\u{A0}", "\u{3000}", "\u{2800}", "\u{3164}", "\u{FFA0}", "\u{115F}\u{1160}", "\u{200B}", "\u{200C}",
    "\u{200D}\u{200D}",
    "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{180E}", "\u{FE0F}", "\u{E0041}", "\u{E0100}", "\u{E0001}", "\u{0}", "\u{7}",
    "\u{7F}", "\u{85}", "\n", "\t",
    " Ada", "Ada ", "Ada\u{A0}", "\u{FE0F}Ada", "Ada\u{200D}", "Ada\u{3164}", "a\u{3164}b", "Ada\nLovelace",
    "Ada\u{2028}", "A\u{0}da",
    "\u{202E}adA", "Ada\u{202C}", "A\u{2066}da", "A\u{200F}da", "A\u{61C}da", "A\u{200B}da",
  ])
  func `a name that looks like nothing, or like another, is refused`(name: String) throws {
    #expect(try Self.displayName(name) == ["/display_name pattern"])
    #expect(try Self.keywords(UpdateChatRequest.self, ["name": name]) == ["/name pattern"])
    #expect(try Self.keywords(UpdateProfileRequest.self, ["status": name]) == ["/status pattern"])
    if name != "Ada\nLovelace" {
      #expect(try Self.keywords(UpdateProfileRequest.self, ["bio": name]) == ["/bio pattern"])
    }
    let registration = ["email": "a@example.org", "username": "ada", "password": "analytical engine"]
    #expect(
      try Self.keywords(RegisterRequest.self, registration.merging(["display_name": name]) { $1 })
        == ["/display_name pattern"])
  }

  @Test func `a name in another form than C is refused, with what is wrong`() throws {
    for name in ["E\u{301}lodie", "\u{212A}ate", "\u{1112}\u{1161}\u{11AB}"] {
      #expect(try Self.displayName(name) == ["/display_name format"])
    }
    #expect(try Self.displayName("") == ["/display_name minLength"])
    #expect(try Self.keywords(UpdateProfileRequest.self, ["status": "", "bio": ""]) == [])
  }

  @Test func `no text takes U+0000`() throws {
    let text = "a\u{0}b"
    #expect(try Self.keywords(SendMessageRequest.self, ["content": text]) == ["/content pattern"])
    #expect(
      try Self.keywords(LoginRequest.self, ["identifier": text, "password": text])
        == ["/identifier pattern", "/password pattern"])
    #expect(try Self.keywords(RefreshTokenRequest.self, ["refresh_token": text]) == ["/refresh_token pattern"])
  }
}
