extension Emitter {
  public static let documentsFileName = "Documents.swift"

  /// The file that has the specs themselves. It stands by itself: no other file mentions what it declares.
  public static func emit(_ documents: SpecDocuments) -> GeneratedFile {
    file(documentsFileName) { writer in
      // In a function, whose body is none of what other modules see: where only a text changes, none of them is compiled.
      writer.line("/// The specs that this code was made from, as they are served: a copy at each call.")
      writer.block("public func specDocuments() -> SpecDocuments") { writer in
        let texts = [
          ("openapiYAML", documents.openapiYAML), ("openapiJSON", documents.openapiJSON),
          ("eventsYAML", documents.eventsYAML), ("eventsJSON", documents.eventsJSON),
        ]
        writer.line("SpecDocuments(")
        writer.indented { writer in
          for (index, (name, text)) in texts.enumerated() {
            writer.line("\(name): Content(")
            writer.line("  ByteBuffer(staticString: \(literal(text))),")
            writer.line("  entityTag: \(literal(entityTag(of: text))))" + (index + 1 < texts.count ? "," : ")"))
          }
        }
      }
    }
  }

  /// Stands for a text, with its quotes: FNV-1a of 64 bits (RFC 9923), which differs where the texts do but for chance.
  private static func entityTag(of text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in Array(text.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "\"\(String(hash, radix: 16))\""
  }
}
