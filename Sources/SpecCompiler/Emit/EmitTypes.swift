extension Emitter {
  func emitTypes(_ writer: inout SwiftWriter) {
    for declaration in model.types {
      writer.documentation(declaration.description)
      switch declaration.shape {
      case .object(let shape): emitStruct(declaration.name, shape, &writer)
      case .enumeration(let values): emitEnumeration(declaration.name, values, &writer)
      case .union(let union): emitUnion(declaration.name, union, &writer)
      case .alias(let reference): writer.line("public typealias \(declaration.name) = \(swiftType(reference))")
      }
      writer.line()
    }
  }

  private func emitStruct(_ name: String, _ shape: ObjectShape, _ writer: inout SwiftWriter) {
    let stored = shape.properties.filter { !isConstant($0) }
    writer.block("public struct \(name): Sendable, Hashable") { writer in
      for property in stored {
        writer.documentation(property.description)
        writer.line("public var \(SwiftName.member(property.name)): \(swiftType(property))")
      }
      if case .typed(let value) = shape.additional {
        writer.line("/// The properties that have no name in the spec.")
        writer.line("public var additionalProperties: [String: \(swiftType(value))]")
      }
      writer.line()
      var parameters = stored.map { property in
        let type = swiftType(property)
        let name = SwiftName.member(property.name)
        if let value = property.defaultValue, !property.isRequired {
          return "\(name): \(type) = \(expression(value, type: property.type))"
        }
        return "\(name): \(type)" + (type.hasSuffix("?") && !property.isRequired ? " = nil" : "")
      }
      if case .typed(let value) = shape.additional {
        parameters.append("additionalProperties: [String: \(swiftType(value))] = [:]")
      }
      // Inlinable, so that a long value is made where it is kept, and not copied there.
      writer.line("@inlinable")
      writer.block("public init(\(parameters.joined(separator: ", ")))") { writer in
        for property in stored {
          writer.line("self.\(bare(property.name)) = \(SwiftName.member(property.name))")
        }
        if case .typed = shape.additional { writer.line("self.additionalProperties = additionalProperties") }
      }
    }
  }

  /// A member's name after a dot, where no escape is needed.
  func bare(_ name: String) -> String {
    SwiftName.member(name).filter { $0 != "`" }
  }

  private func emitEnumeration(_ name: String, _ values: [String], _ writer: inout SwiftWriter) {
    writer.block("public enum \(name): String, Sendable, Hashable, CaseIterable") { writer in
      for value in values { writer.line("case \(SwiftName.member(value)) = \(literal(value))") }
    }
  }

  private func emitUnion(_ name: String, _ union: UnionShape, _ writer: inout SwiftWriter) {
    writer.block("public enum \(name): Sendable, Hashable") { writer in
      for branch in union.branches { writer.line("case \(SwiftName.member(branch.value))(\(branch.type))") }
    }
  }
}
