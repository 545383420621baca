import Testing

@testable import JSONSchema

private let sample = """
  {"a": [1, -0.5, 1e3, 12e-40, 1.25E+2, 0], "é\\u00e9\\ud83d\\ude00": {"\\n\\"\\\\": null, "": [true, false, [], {}]}}
  """

/// What is read is written as the same value, also what chance makes of it: nothing ends the process.
@Test func whatIsReadIsWrittenAgain() throws {
  var random = SystemRandomNumberGenerator()
  var texts = [Array(sample.utf8)]
  for end in sample.utf8.indices { texts.append(Array(sample.utf8[..<end])) }
  for _ in 0..<5000 {
    var text = Array(sample.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<text.count, using: &random)
      if Bool.random(using: &random) {
        text[place] = .random(in: 0...255, using: &random)
      } else {
        text[place] = Array(#"{}[],:"\0-.eEu "#.utf8).randomElement(using: &random) ?? 0
      }
    }
    texts.append(text)
  }
  var read = 0
  for text in texts {
    guard let value = try? JSONValue(parsing: text) else { continue }
    read += 1
    #expect(try JSONValue(parsing: value.encoded) == value, "\(text)")
  }
  #expect(read > 100)
}
