extension Emitter {
  func emitCodecs(_ group: FileGroup, _ writer: inout SwiftWriter) {
    for declaration in group.types {
      guard let checks else {
        emitCodec(declaration, &writer)
        continue
      }
      checks.within(declaration) { emitCodec(declaration, &writer) }
    }
  }

  private func emitCodec(_ declaration: TypeDeclaration, _ writer: inout SwiftWriter) {
    let name = SwiftName.schema(declaration.name)
    switch declaration.shape {
    case .object(let shape):
      emitTable(name, shape, &writer)
      writer.block("extension \(name): JSONDecodable, JSONEncodable") { writer in
        emitDecoder(name, shape, declaration.schema, patterns, &writer)
        writer.line()
        emitEncoder(shape, &writer)
      }
      writer.line()
    case .enumeration(let members):
      emitEnumerationCodec(name, members, declaration.schema, &writer)
    case .union(let union):
      emitUnionCodec(name, union, declaration.schema, &writer)
    case .choice(let choice):
      emitChoiceCodec(name, choice, declaration.schema, patterns, &writer)
    case .alias:
      return
    }
  }

  // MARK: - Reading

  private func tableName(_ name: String) -> String { "properties\(name)" }

  private func emitTable(_ name: String, _ shape: ObjectShape, _ writer: inout SwiftWriter) {
    let names = shape.properties.map { literal($0.name) }.joined(separator: ", ")
    // A bit a property, 64 to a word; the first word stands by itself.
    var required = [UInt64](repeating: 0, count: max(1, (shape.properties.count + 63) / 64))
    for (index, property) in shape.properties.enumerated() where property.isRequired {
      required[index / 64] |= 1 << UInt64(index % 64)
    }
    let beyond = required.dropFirst().map(String.init).joined(separator: ", ")
    let requirements =
      "required: \(self.required(shape, required[0]))" + (beyond.isEmpty ? "" : ", requiredBeyond: [\(beyond)]")
    let unknown =
      switch shape.additional {
      case .refused: ", refusesUnknown: \(isChecked("additionalProperties"))"
      case .ignored: ", refusesUnknown: false"
      case .typed: ""
      }
    let table = "PropertyTable([\(names)], \(requirements)\(unknown))"
    let isFixed = !table.contains("Checks.")
    writer.line(
      isFixed
        ? "private let \(tableName(name)) = \(table)" : "private var \(tableName(name)): PropertyTable { \(table) }")
    writer.line()
  }

  private func emitDecoder(
    _ name: String, _ shape: ObjectShape, _ schema: Int?, _ patterns: Patterns, _ writer: inout SwiftWriter
  ) {
    let stored = shape.properties.filter { !isConstant($0) }
    emitDecode(name, schema, &writer) { writer in
      writer.line(
        "guard var object = try reader.beginObject(\(tableName(name))) else { return nil }")
      for property in stored {
        writer.line("var \(local(property)): \(optional(storage(property)))")
      }
      if case .typed(let value) = shape.additional {
        writer.line("var additionalProperties: [String: \(swiftType(value))] = [:]")
      }
      writer.block("while let index = try reader.nextProperty(&object)") { writer in
        writer.line("switch index {")
        for (index, property) in shape.properties.enumerated() {
          checks?.goOn(to: property.name, property.location)
          defer { checks?.goOn(to: nil, property.location) }
          if case .const(let scalar) = property.type {
            writer.line("case \(index): _ = try \(checkExpression(scalar))")
          } else if case .nullable(let wrapped) = property.type {
            writer.line("case \(index):")
            writer.indented { emitNullableRead(property, wrapped, patterns, &$0) }
          } else {
            writer.line("case \(index): \(local(property)) = try \(readExpression(property.type, patterns))")
          }
        }
        if case .typed(let value) = shape.additional {
          writer.line("default:")
          let read = inCondition(readExpression(value, patterns))
          writer.indented {
            $0.line("if let value = try \(read) { additionalProperties[object.unknownName] = value }")
          }
        } else {
          writer.line("default: break")
        }
        writer.line("}")
      }
      if shape.minProperties != nil || shape.maxProperties != nil {
        writer.line(
          "guard reader.checkPropertyCount(object.count, "
            + "minimum: \(shape.minProperties.map { fewest("minProperties", $0) } ?? "0"), "
            + "maximum: \(shape.maxProperties.map { most("maxProperties", $0) } ?? ".max")) else { return nil }")
      }
      let required = stored.filter { $0.isRequired }.map { "let \(local($0))" }
      if !required.isEmpty { writer.line("guard \(required.joined(separator: ", ")) else { return nil }") }
      var arguments = stored.map { property in
        let value = property.defaultValue.flatMap { property.isRequired ? nil : $0 }
        let otherwise = value.map { " ?? \(fallback(expression($0, type: property.type)))" } ?? ""
        return "\(label(property)): \(local(property))\(otherwise)"
      }
      if case .typed = shape.additional { arguments.append("additionalProperties: additionalProperties") }
      writer.line("return \(name)(\(arguments.joined(separator: ", ")))")
    }
  }

  /// The function that decodes a type: what `body` reads, and then the schema that has more to say.
  func emitDecode(
    _ name: String, _ schema: Int?, _ writer: inout SwiftWriter, _ body: (inout SwiftWriter) -> Void
  ) {
    let signature = "(from reader: inout JSONReader) throws(JSONSyntaxError) -> \(name)?"
    guard let schema else { return writer.block("public static func decode\(signature)", body) }
    writer.block("public static func decode\(signature)") {
      $0.line("try reader.checked(\(schema), of: Schemas.table, \(name).unchecked_(from:))")
    }
    writer.line()
    writer.block("private static func unchecked_\(signature)", body)
  }

  /// A local that no name of the decoder's own can meet.
  private func local(_ property: Property) -> String { "_\(bare(property))" }

  private func optional(_ type: String) -> String { type + "?" }

  /// What a decoder keeps while it reads: the property's type without the optional of "left out".
  private func storage(_ property: Property) -> String {
    if case .nullable(let wrapped) = property.type {
      return property.isRequired || property.defaultValue != nil
        ? "\(swiftType(wrapped))?" : "Nullable<\(swiftType(wrapped))>"
    }
    return swiftType(property.type)
  }

  private func emitNullableRead(
    _ property: Property, _ wrapped: TypeReference, _ patterns: Patterns, _ writer: inout SwiftWriter
  ) {
    let read = inCondition(readExpression(wrapped, patterns))
    let isPlain = property.isRequired || property.defaultValue != nil
    writer.block("if try reader.null()", end: "} else if let value = try \(read) {") { writer in
      writer.line("\(local(property)) = \(isPlain ? ".some(nil)" : ".null")")
    }
    writer.indented { writer in
      writer.line("\(local(property)) = \(isPlain ? "value" : ".value(value)")")
    }
    writer.line("}")
  }

  /// In a condition a closure behind a call would be taken for the block.
  private func inCondition(_ call: String) -> String { call.hasSuffix("}") ? "(\(call))" : call }

  /// The call that reads a value, without its `try`.
  func readExpression(_ reference: TypeReference, _ patterns: Patterns, reader: String = "reader") -> String {
    switch reference {
    case .string(let rules):
      switch rules.format {
      case .uuid: return "\(reader).uuid()"
      case .dateTime: return "\(reader).timestamp()"
      default: return "\(reader).string(\(arguments(rules)))"
      }
    case .integer(let rules): return "\(reader).integer(\(arguments(rules)))"
    case .number(let rules): return "\(reader).number(\(arguments(rules)))"
    case .boolean: return "\(reader).boolean()"
    case .const(.string(let text)):
      return "\(checkExpression(.string(text), reader: reader)).map { _ in \(literal(text)) }"
    case .const(.boolean(let value)): return "\(checkExpression(.boolean(value), reader: reader)).map { _ in \(value) }"
    case .const(let scalar): return checkExpression(scalar, reader: reader)
    case .array(let element, let rules):
      var arguments: [String] = []
      if let minItems = rules.minItems { arguments.append("minItems: \(fewest("minItems", minItems))") }
      if let maxItems = rules.maxItems { arguments.append("maxItems: \(most("maxItems", maxItems))") }
      let call = "(\(arguments.joined(separator: ", "))) \(closure(element, patterns))"
      guard rules.uniqueItems else { return "\(reader).array\(call)" }
      let isUnique = isChecked("uniqueItems")
      return isUnique == "true"
        ? "\(reader).uniqueArray\(call)" : "(\(isUnique) ? \(reader).uniqueArray\(call) : \(reader).array\(call))"
    case .map(let value, let rules):
      var arguments: [String] = []
      if let minimum = rules.minProperties { arguments.append("minProperties: \(fewest("minProperties", minimum))") }
      if let maximum = rules.maxProperties { arguments.append("maxProperties: \(most("maxProperties", maximum))") }
      return "\(reader).map(\(arguments.joined(separator: ", "))) \(closure(value, patterns))"
    case .named(let name):
      if case .alias(let target) = types[name]?.shape { return readExpression(target, patterns, reader: reader) }
      return "\(SwiftName.schema(name)).decode(from: &\(reader))"
    case .nullable(let wrapped):
      return "\(reader).nullable \(closure(wrapped, patterns))"
    case .json: return "\(reader).json()"
    case .checked(.json, let schema): return "\(reader).json(\(schema), of: Schemas.table)"
    case .checked(let inner, let schema):
      return "\(reader).checked(\(schema), of: Schemas.table) \(closure(inner, patterns))"
    case .indirect(let inner):
      return "\(readExpression(inner, patterns, reader: reader)).map { Indirect($0) }"
    }
  }

  /// The call that reads a constant; its result is nil for another value, and of use only for a number.
  private func checkExpression(_ scalar: Scalar, reader: String = "reader") -> String {
    switch scalar {
    case .string(let text): "\(reader).constant(\(literal(text)))"
    case .boolean(let value): "\(reader).constant(\(value))"
    case .integer(let value): "\(reader).integer(minimum: \(value), maximum: \(value))"
    case .number(let value): "\(reader).number(minimum: \(value), maximum: \(value))"
    case .null: "\(reader).constantNull()"
    }
  }

  func arguments(_ rules: NumberRules<Int>) -> String {
    // An exclusive bound of an integer is an inclusive one beside it.
    let minimum = [rules.minimum, rules.exclusiveMinimum.map { $0 + 1 }].compactMap { $0 }.max()
    let maximum = [rules.maximum, rules.exclusiveMaximum.map { $0 - 1 }].compactMap { $0 }.min()
    return [
      minimum.map { "minimum: \(least($0))" }, maximum.map { "maximum: \(most("maximum", $0))" },
      rules.multipleOf.map { "multipleOf: \(rule("multipleOf", String($0)))" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  func arguments(_ rules: NumberRules<Double>) -> String {
    [
      rules.minimum.map { "minimum: \(rule("minimum", "\($0)"))" },
      rules.maximum.map { "maximum: \(rule("maximum", "\($0)"))" },
      rules.exclusiveMinimum.map { "exclusiveMinimum: \(rule("exclusiveMinimum", "\($0)"))" },
      rules.exclusiveMaximum.map { "exclusiveMaximum: \(rule("exclusiveMaximum", "\($0)"))" },
      rules.multipleOf.map(Decimal.init).map {
        "multipleOf: \(rule("multipleOf", "DecimalStep(\($0.coefficient), exponent: \($0.exponent))"))"
      },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private func emitEnumerationCodec(
    _ name: String, _ members: [EnumerationMember], _ schema: Int?, _ writer: inout SwiftWriter
  ) {
    writer.block("extension \(name): JSONDecodable, JSONEncodable, TextEnumeration") { writer in
      writer.block("public init?(utf8 text: UnsafeRawBufferPointer)") { writer in
        writer.line("switch text.count {")
        for member in members {
          let value = member.value
          writer.line(
            "case \(value.utf8.count) where text.equals(\(literal(value)))\(condition("enum \(value)")): "
              + "self = .\(member.swiftName)")
        }
        writer.line("default: return nil")
        writer.line("}")
      }
      writer.line()
      emitDecode(name, schema, &writer) { $0.line("try reader.enumeration(\(name).self)") }
      writer.line()
      writer.block("public func encode(into writer: inout JSONWriter)") { writer in
        writer.line("switch self {")
        for member in members {
          writer.line("case .\(member.swiftName): writer.raw(\(literal(jsonString(member.value))))")
        }
        writer.line("}")
      }
    }
    writer.line()
  }

  private func emitUnionCodec(
    _ name: String, _ union: UnionShape, _ schema: Int?, _ writer: inout SwiftWriter
  ) {
    writer.block("extension \(name): JSONDecodable, JSONEncodable") { writer in
      emitDecode(name, schema, &writer) { writer in
        writer.line(
          "guard let value = try reader.discriminator(\(literal(union.propertyName))) else { return nil }")
        writer.line("switch value {")
        for branch in union.branches {
          writer.line("case \(literal(branch.value)):")
          writer.indented {
            $0.line(
              "return try \(SwiftName.schema(branch.type)).decode(from: &reader)"
                + ".map { .\(branch.swiftName)($0) }")
          }
        }
        writer.line("default:")
        writer.indented { writer in
          let known = union.branches.map(\.value).joined(separator: ", ")
          writer.line("try reader.refuseDiscriminator(\(literal(union.propertyName)), known: \(literal(known)))")
          writer.line("return nil")
        }
        writer.line("}")
      }
      writer.line()
      writer.block("public func encode(into writer: inout JSONWriter)") { writer in
        writer.line("switch self {")
        for branch in union.branches {
          writer.line("case .\(branch.swiftName)(let value): value.encode(into: &writer)")
        }
        writer.line("}")
      }
    }
    writer.line()
  }
}
