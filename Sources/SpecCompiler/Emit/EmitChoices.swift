/// How a value of one of several forms is read and written, and the schemas that no type says whole.
extension Emitter {
  func emitChoiceCodec(
    _ name: String, _ choice: ChoiceShape, _ schema: Int?, _ patterns: Patterns, _ writer: inout SwiftWriter
  ) {
    writer.block("extension \(name): JSONDecodable, JSONEncodable") { writer in
      writer.line("private static let branches_: [JSONBranch<\(name)>] = [")
      writer.indented { writer in
        for branch in choice.branches {
          let read = readExpression(branch.type, patterns)
          let value = read.hasSuffix("}") ? "(\(read))" : read
          writer.line("JSONBranch(\(kinds(branch.kinds))) { (reader: inout JSONReader) throws(JSONSyntaxError) in")
          writer.line("  try \(value).map { .\(branch.swiftName)($0) }")
          writer.line("},")
        }
      }
      writer.line("]")
      writer.line()
      emitDecode(name, schema, &writer) {
        $0.line("try reader.choice(branches_, exactlyOne: \(choice.isExclusive))")
      }
      writer.line()
      writer.block("public func encode(into writer: inout JSONWriter)") { writer in
        writer.line("switch self {")
        for branch in choice.branches {
          writer.line("case .\(branch.swiftName)(\(binding(branch.type))): \(writeStatement("value", branch.type))")
        }
        writer.line("}")
      }
    }
    writer.line()
  }

  private func kinds(_ kinds: ValueKinds) -> String {
    if kinds == .any { return ".any" }
    let names: [(ValueKinds, String)] = [
      (.null, ".null"), (.boolean, ".boolean"), (.number, ".number"), (.string, ".string"), (.array, ".array"),
      (.object, ".object"),
    ]
    return "[" + names.filter { kinds.contains($0.0) }.map(\.1).joined(separator: ", ") + "]"
  }

  /// What several decoders check by.
  func emitRules(_ writer: inout SwiftWriter) {
    patterns.emit(&writer)
    emitSchemas(&writer)
  }

  private func emitSchemas(_ writer: inout SwiftWriter) {
    guard !model.schemas.texts.isEmpty else { return }
    writer.line("/// What a type does not say of its values.")
    writer.block("enum Schemas") { writer in
      writer.line("static let table = SchemaTable(")
      let names = model.schemas.patterns.map(patterns.name).joined(separator: ", ")
      writer.line("  \(literal("[" + model.schemas.texts.joined(separator: ",") + "]")),")
      writer.line("  patterns: [\(names)])")
    }
    writer.line()
  }
}
