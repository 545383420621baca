import HostileProtocol
import ProtocolRuntime
import Testing

/// Texts of a spec that try to become code come through as what they are.
@Suite struct HostileCodeTests {
  private let text =
    "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1"
    + "\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{B}\u{C}\t\0\u{1B}\u{202E}\u{2066}*/"
    + " \"\\(injected)\" \"\"\" # \\"

  @Test func titlesAndDefaultsAreTexts() {
    #expect(problemCatalog["not_found"].title == text)
    #expect(First().text == text)
  }

  @Test func constantsAreTexts() throws {
    let json = #"{"type":"first","kind":TEXT,"text":TEXT,"list":[TEXT],"more":TEXT}"#
    var writer = JSONWriter(capacity: 64)
    writer.string(text)
    let quoted = String(buffer: writer.finish())
    let (value, violations) = try decode(Text.self, json.replacing("TEXT", with: quoted))
    #expect(violations.isEmpty)
    #expect(value == .first(First(text: text, list: [text], additionalProperties: ["more": text])))
    #expect(try encode(#require(value)) == json.replacing("TEXT", with: quoted))
  }

  @Test func theSpecIsServedAsItIs() {
    guard case .bytes(let json) = specDocuments().openapiJSON.body else { return #expect(Bool(false), "it is bytes") }
    #expect(String(buffer: json).contains(#""title":"h\r\npublic let injected1 = 1\rpublic"#))
  }
}
