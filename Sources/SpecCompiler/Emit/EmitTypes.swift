extension Emitter {
  func emitTypes(_ group: FileGroup, _ writer: inout SwiftWriter) {
    for declaration in group.types {
      let name = SwiftName.schema(declaration.name)
      writer.documentation(declaration.description)
      switch declaration.shape {
      case .object(let shape): emitStruct(name, shape, &writer)
      case .enumeration(let members): emitEnumeration(name, members, &writer)
      case .union(let union): emitUnion(name, union, &writer)
      case .choice(let choice): emitChoice(name, choice, &writer)
      case .alias(let reference): writer.line("public typealias \(name) = \(swiftType(reference))")
      }
      writer.line()
    }
  }

  private func emitStruct(_ name: String, _ shape: ObjectShape, _ writer: inout SwiftWriter) {
    let stored = shape.properties.filter { !isConstant($0) }
    writer.block("public struct \(name): Sendable, Hashable") { writer in
      for property in stored {
        writer.documentation(property.description)
        writer.line("public var \(declared(property)): \(swiftType(property))")
      }
      if case .typed(let value) = shape.additional {
        writer.line("/// The properties that have no name in the spec.")
        writer.line("public var additionalProperties: [String: \(swiftType(value))]")
      }
      writer.line()
      var parameters = stored.map(parameter)
      if case .typed(let value) = shape.additional {
        parameters.append("additionalProperties: [String: \(swiftType(value))] = [:]")
      }
      // Inlinable, so that a long value is made where it is kept, and not copied there.
      writer.line("@inlinable")
      writer.block("public init(\(parameters.joined(separator: ", ")))") { writer in
        for property in stored {
          writer.line("self.\(bare(property)) = \(declared(property))")
        }
        if case .typed = shape.additional { writer.line("self.additionalProperties = additionalProperties") }
      }
      emitComposition(of: shape, &writer)
    }
    for base in shape.bases where isProjectable(shape, onto: base) {
      emitProjection(of: name, shape, onto: base, &writer)
    }
  }

  private func parameter(_ property: Property) -> String {
    let type = swiftType(property)
    let name = declared(property)
    if let value = property.defaultValue, !property.isRequired {
      return "\(name): \(type) = \(expression(value, type: property.type))"
    }
    return "\(name): \(type)" + (type.hasSuffix("?") && !property.isRequired ? " = nil" : "")
  }

  // MARK: - allOf

  private func storedProperties(ofBase name: String) -> [Property] {
    guard case .object(let shape) = types[name]?.shape else { return [] }
    return shape.properties.filter { !isConstant($0) }
  }

  /// In Swift, by the names of the properties.
  private func storedTypes(of shape: ObjectShape) -> [String: String] {
    let stored = shape.properties.lazy.filter { !isConstant($0) }
    return Dictionary(stored.map { ($0.name, swiftType($0)) }) { first, _ in first }
  }

  /// An initializer from the schemas that an `allOf` is made of, and the properties beside them.
  private func emitComposition(of shape: ObjectShape, _ writer: inout SwiftWriter) {
    let bases = shape.bases.filter { isProjectable(shape, onto: $0) }
    guard !bases.isEmpty else { return }
    let stored = shape.properties.filter { !isConstant($0) }
    let types = storedTypes(of: shape)
    var sources: [String: String] = [:]
    var parameters: [String] = []
    for (index, base) in bases.enumerated() {
      // Named so that no property can have the name.
      let source = "base\(index + 1)_"
      parameters.append("_ \(source): \(SwiftName.schema(base))")
      // What is optional there and required here is a parameter.
      for property in storedProperties(ofBase: base) where types[property.name] == swiftType(property) {
        sources[property.name] = sources[property.name] ?? source
      }
    }
    parameters += stored.filter { sources[$0.name] == nil }.map(parameter)
    writer.line()
    writer.line("/// What it has in common with others, and the rest.")
    writer.line("@inlinable")
    writer.block("public init(\(parameters.joined(separator: ", ")))") { writer in
      for property in stored {
        let value = sources[property.name].map { "\($0).\(bare(property))" } ?? declared(property)
        writer.line("self.\(bare(property)) = \(value)")
      }
    }
  }

  /// Whether the whole has all that a schema of its `allOf` has, of the same types.
  private func isProjectable(_ shape: ObjectShape, onto base: String) -> Bool {
    guard case .object = types[base]?.shape else { return false }
    let stored = storedTypes(of: shape)
    return storedProperties(ofBase: base).allSatisfy { property in
      guard let type = stored[property.name] else { return false }
      let own = swiftType(property)
      return own == type || own == type + "?"
    }
  }

  /// An initializer of a schema that an `allOf` refers to: what that has in common with the whole.
  private func emitProjection(of name: String, _ shape: ObjectShape, onto base: String, _ writer: inout SwiftWriter) {
    writer.line()
    writer.block("extension \(SwiftName.schema(base))") { writer in
      writer.line("/// What it has in common with others.")
      writer.line("@inlinable")
      writer.block("public init(_ whole_: \(name))") { writer in
        let arguments = storedProperties(ofBase: base).map { "\(label($0)): whole_.\(bare($0))" }
        writer.line("self.init(\(arguments.joined(separator: ", ")))")
      }
    }
  }

  private func emitEnumeration(_ name: String, _ members: [EnumerationMember], _ writer: inout SwiftWriter) {
    writer.block("public enum \(name): String, Sendable, Hashable, CaseIterable") { writer in
      for member in members { writer.line("case \(SwiftName.escaped(member.swiftName)) = \(literal(member.value))") }
    }
  }

  private func emitUnion(_ name: String, _ union: UnionShape, _ writer: inout SwiftWriter) {
    writer.block("public enum \(name): Sendable, Hashable") { writer in
      for branch in union.branches {
        writer.line("case \(SwiftName.escaped(branch.swiftName))(\(SwiftName.schema(branch.type)))")
      }
    }
  }

  /// Indirect, since a branch may contain the choice: what is in there is kept elsewhere.
  private func emitChoice(_ name: String, _ choice: ChoiceShape, _ writer: inout SwiftWriter) {
    writer.block("public indirect enum \(name): Sendable, Hashable") { writer in
      for branch in choice.branches {
        writer.line("case \(SwiftName.escaped(branch.swiftName))(\(swiftType(branch.type)))")
      }
    }
  }
}
