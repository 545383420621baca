/// How generated types write themselves.
extension Emitter {
  func emitEncoder(_ shape: ObjectShape, _ writer: inout SwiftWriter) {
    writer.block("public func encode(into writer: inout JSONWriter)") { writer in
      let opensKnown = shape.properties.first.map(isAlwaysWritten) == true
      if !opensKnown {
        writer.line("writer.raw(\"{\")")
        if shape.properties.isEmpty, shape.additional == .refused || shape.additional == .ignored {
          writer.line("writer.raw(\"}\")")
          return
        }
        writer.line("var isFirst = true")
      }
      // Behind a property that is always written, a comma is known to be due.
      var isCommaKnown = false
      for (index, property) in shape.properties.enumerated() {
        emitWrite(property, opening: index == 0 && opensKnown, commaKnown: isCommaKnown, &writer)
        if isAlwaysWritten(property) { isCommaKnown = true }
      }
      if case .typed(let value) = shape.additional {
        if opensKnown { writer.line("var isFirst = false") }
        writer.line(
          "writer.map(additionalProperties, isFirst: &isFirst) { writer, value in \(writeStatement("value", value)) }")
      }
      writer.line("writer.raw(\"}\")")
    }
  }

  private func isAlwaysWritten(_ property: Property) -> Bool {
    property.isRequired || property.defaultValue != nil || isConstant(property)
  }

  private func emitWrite(_ property: Property, opening: Bool, commaKnown: Bool, _ writer: inout SwiftWriter) {
    let name = jsonString(property.name) + ":"
    let separator = opening ? "{" : commaKnown ? "," : ""
    let key = "writer.raw(\(literal(separator + name)))"
    func writeKey(_ writer: inout SwiftWriter) {
      if !opening, !commaKnown { writer.line("writer.separator(&isFirst)") }
      writer.line(key)
    }
    if case .const(let scalar) = property.type {
      writeKey(&writer)
      writer.line(writeConstant(scalar))
    } else if isAlwaysWritten(property) {
      writeKey(&writer)
      writer.line(writeStatement("self.\(bare(property))", property.type))
    } else {
      // Of what is always null nothing is written but that it is there.
      let isNull = resolved(property.type) == .const(.null)
      let head = isNull ? "if self.\(bare(property)) != nil" : "if let value = self.\(bare(property))"
      writer.block(head) { writer in
        writeKey(&writer)
        if case .nullable(let wrapped) = property.type {
          writer.line("switch value {")
          writer.line("case .null: writer.null()")
          writer.line("case .value(let value): \(writeStatement("value", wrapped))")
          writer.line("}")
        } else {
          writer.line(writeStatement("value", property.type))
        }
      }
    }
  }

  private func writeConstant(_ scalar: Scalar) -> String {
    switch scalar {
    case .string(let text): "writer.raw(\(literal(jsonString(text))))"
    case .integer(let value): "writer.integer(\(value))"
    case .number(let value): "writer.number(\(value))"
    case .boolean(let value): "writer.boolean(\(value))"
    case .null: "writer.null()"
    }
  }

  /// The statement that writes a value.
  func writeStatement(_ value: String, _ reference: TypeReference) -> String {
    switch reference {
    case .string(let rules):
      switch rules.format {
      case .uuid: return "writer.uuid(\(value))"
      case .dateTime: return "writer.timestamp(\(value))"
      default: return "writer.string(\(value))"
      }
    case .integer, .const(.integer): return "writer.integer(\(value))"
    case .number, .const(.number): return "writer.number(\(value))"
    case .boolean, .const(.boolean): return "writer.boolean(\(value))"
    case .const(.string): return "writer.string(\(value))"
    case .const(.null): return "writer.null()"
    case .array(let element, _):
      return "writer.array(\(value)) { writer, element in \(writeStatement("element", element)) }"
    case .map(let element, _):
      return "writer.object(\(value)) { writer, element in \(writeStatement("element", element)) }"
    case .named(let name):
      if case .alias(let target) = types[name]?.shape { return writeStatement(value, target) }
      return "\(value).encode(into: &writer)"
    case .json: return "\(value).encode(into: &writer)"
    case .checked(let inner, _): return writeStatement(value, inner)
    case .indirect(let inner): return writeStatement("\(value).value", inner)
    case .nullable(let wrapped):
      // An element is lent to the closure that writes it, so what is within is copied.
      let source = value == "element" ? "copy element" : value
      return "if let value = \(source) { \(writeStatement("value", wrapped)) } else { writer.null() }"
    }
  }
}
