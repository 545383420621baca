import Testing

@testable import SpecCompiler

@Suite struct SwiftWriterTests {
  private func documentation(_ text: String) -> String {
    var writer = SwiftWriter()
    writer.documentation(text)
    return writer.text
  }

  @Test(arguments: ["\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"])
  func everyLineBreakGoesOnAsAComment(_ separator: String) {
    #expect(documentation("a\(separator)public let injected = 1") == "/// a\n/// public let injected = 1\n")
    #expect(documentation("a\(separator)\(separator)b") == "/// a\n///\n/// b\n")
  }

  @Test(arguments: [
    ("a\0b", "/// a\\u{0}b\n"), ("a\u{1B}[31m", "/// a\\u{1b}[31m\n"), ("a\tb", "/// a  b\n"),
    ("\u{202E}b\u{2066}", "/// \\u{202e}b\\u{2066}\n"), ("a\u{FEFF}\u{200B}\u{AD}", "/// a\\u{feff}\\u{200b}\\u{ad}\n"),
    ("é 👩‍🔬 می‌خواهم", "/// é 👩‍🔬 می‌خواهم\n"), ("", "///\n"),
  ])
  func whatIsNotSeenIsWritten(_ text: String, _ expected: String) {
    #expect(documentation(text) == expected)
  }

  @Test(arguments: [
    ("a\"b", #""a\"b""#), ("\\(x)", #""\\(x)""#), ("a\r\n\tb", #""a\r\n\tb""#),
    ("\0\u{7F}\u{85}", #""\u{0}\u{7f}\u{85}""#),
    ("\u{2028}\u{2029}", #""\u{2028}\u{2029}""#), ("\u{202E}\u{2069}\u{61C}", #""\u{202e}\u{2069}\u{61c}""#),
    ("é👩‍🔬", "\"é👩‍🔬\""), ("\"\"\"", #""\"\"\"""#), ("", "\"\""),
  ])
  func literals(_ text: String, _ expected: String) {
    #expect(literal(text) == expected)
  }

  @Test func aLineThatIsNotEscapedEndsTheCompiler() async {
    await #expect(processExitsWith: .failure) {
      var writer = SwiftWriter()
      writer.line("/// a\rpublic let injected = 1")
    }
    await #expect(processExitsWith: .failure) {
      var writer = SwiftWriter()
      writer.line("let a = 1 // \u{202E}")
    }
    await #expect(processExitsWith: .success) {
      var writer = SwiftWriter()
      writer.line("let a = \"é\"")
    }
  }

  @Test func jsonStrings() {
    #expect(jsonString("\u{1}\"\\\n\r\t\u{2028}é") == "\"\\u0001\\\"\\\\\\n\\r\\t\u{2028}é\"")
  }
}
