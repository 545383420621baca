extension Emitter {
  /// The parts of an operation's form: an enumeration with a case for each field, and how each is read.
  func emitForm(_ operation: Operation, _ patterns: Patterns, _ writer: inout SwiftWriter) {
    guard case .form(let fields) = operation.body?.content else { return }
    writer.block("public enum BodyPart: FormPart") { writer in
      for field in fields {
        writer.documentation(field.description)
        switch field.value {
        case .file: writer.line("case \(SwiftName.escaped(field.swiftName))(FormFile)")
        case .text(let type): writer.line("case \(SwiftName.escaped(field.swiftName))(\(swiftType(type)))")
        }
      }
      writer.line("/// More of the file that came last.")
      writer.line("case data(ByteBuffer)")
      writer.line()
      writer.line("public static let fields = [")
      writer.indented { writer in
        for field in fields { writer.line("FormField(\(arguments(field))),") }
      }
      writer.line("]")
      writer.line()
      emitReading("text(_ field: Int, _ value: String, _ parameters: inout Parameters) -> BodyPart?", "nil", &writer) {
        writer in
        for (index, field) in fields.enumerated() {
          guard case .text(let type) = field.value else { continue }
          let parameter = Parameter(
            name: field.name, swiftName: field.swiftName, type: type, isRequired: true, description: "",
            location: operation.location)
          let read = pathRead(parameter, segment: "value", patterns)
          writer.line("case \(index): \(read).map { .\(field.swiftName)($0) }")
        }
      }
      writer.line()
      emitReading("file(_ field: Int, _ file: FormFile) -> BodyPart", ".data(ByteBuffer())", &writer) { writer in
        for (index, field) in fields.enumerated() {
          guard case .file = field.value else { continue }
          writer.line("case \(index): .\(field.swiftName)(file)")
        }
      }
    }
  }

  private func emitReading(
    _ signature: String, _ otherwise: String, _ writer: inout SwiftWriter, _ cases: (inout SwiftWriter) -> Void
  ) {
    writer.block("public static func \(signature)") { writer in
      writer.line("switch field {")
      cases(&writer)
      writer.line("default: \(otherwise)")
      writer.line("}")
    }
  }

  private func arguments(_ field: FormField) -> String {
    var arguments = [literal(field.name), "isRequired: \(field.isRequired)"]
    switch field.value {
    case .file(let maxLength, let maxItems):
      arguments.append("isFile: true")
      if maxItems != 1 { arguments.append("maxItems: \(maxItems)") }
      arguments.append("limit: \(maxLength)")
    case .text(let type):
      arguments.append("isFile: false")
      arguments.append("limit: \(byteLimit(of: type))")
    }
    return arguments.joined(separator: ", ")
  }

  /// Bytes that a field's text has at most: four a code point.
  private func byteLimit(of type: TypeReference) -> Int {
    switch resolved(type) {
    case .string(let rules): min(rules.maxLength ?? 1 << 14, 1 << 18) * 4
    case .const(.string(let text)): max(256, text.utf8.count)
    default: 256
    }
  }
}
