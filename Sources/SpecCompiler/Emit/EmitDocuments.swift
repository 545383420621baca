extension Emitter {
  func emitDocuments(_ writer: inout SwiftWriter) {
    writer.line("/// Status and title of every code, from `x-problems`.")
    writer.line("public let problemCatalog = ProblemCatalog([")
    writer.indented { writer in
      for problem in model.problems {
        writer.line("\(literal(problem.code)): .init(status: \(problem.status), title: \(literal(problem.title))),")
      }
    }
    writer.line("])")
    writer.line()
    writer.line("/// The specs that this code was made from, as they are served.")
    writer.block("public enum SpecDocuments") { writer in
      for (name, text) in [
        ("openapiYAML", documents.openapiYAML), ("openapiJSON", documents.openapiJSON),
        ("eventsYAML", documents.eventsYAML), ("eventsJSON", documents.eventsJSON),
      ] {
        writer.line("public static let \(name) = Content(")
        writer.line("  ByteBuffer(staticString: \(literal(text))), entityTag: \(literal(entityTag(of: text))))")
      }
    }
  }

  /// Stands for a text, with its quotes: FNV-1a of 64 bits (RFC 9923), which differs where the texts do but for chance.
  private func entityTag(of text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in Array(text.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "\"\(String(hash, radix: 16))\""
  }
}
