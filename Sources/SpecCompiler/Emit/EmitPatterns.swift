/// The patterns of a model, each emitted once.
struct Patterns {
  private(set) var all: [CompiledPattern] = []
  /// The index of each in `all`, by its source.
  private var indices: [String: Int] = [:]

  init(_ model: ProtocolModel) {
    for declaration in model.types {
      switch declaration.shape {
      case .object(let shape):
        for property in shape.properties { collect(property.type) }
        if case .typed(let value) = shape.additional { collect(value) }
      case .alias(let reference): collect(reference)
      case .choice(let choice): for branch in choice.branches { collect(branch.type) }
      case .enumeration, .union: continue
      }
    }
    for operation in model.operations {
      for parameter in operation.pathParameters + operation.queryParameters + operation.headerParameters {
        collect(parameter.type)
      }
      switch operation.body?.content {
      case .form(let fields): for case .text(let type) in fields.map(\.value) { collect(type) }
      case .json(let type): collect(type)
      case .bytes, nil: break
      }
      for case .json(let type) in operation.responses.map(\.content) { collect(type) }
    }
    for event in model.clientEvents {
      if let payload = event.payload { collect(payload) }
      if case .own(let data?, _) = event.binding { collect(data) }
    }
    for event in model.serverEvents { collect(event.payload) }
    for pattern in model.schemas.patterns { collect(pattern) }
  }

  private mutating func collect(_ pattern: CompiledPattern) {
    guard indices[pattern.source] == nil else { return }
    indices[pattern.source] = all.count
    all.append(pattern)
  }

  private mutating func collect(_ reference: TypeReference) {
    switch reference {
    case .string(let rules): if let pattern = rules.pattern { collect(pattern) }
    case .array(let element, _): collect(element)
    case .map(let value, _): collect(value)
    case .nullable(let inner), .checked(let inner, _), .indirect(let inner): collect(inner)
    case .integer, .number, .boolean, .const, .named, .json: return
    }
  }

  func name(_ pattern: CompiledPattern) -> String {
    "Patterns.pattern\((indices[pattern.source] ?? 0) + 1)"
  }

  func emit(_ writer: inout SwiftWriter) {
    guard !all.isEmpty else { return }
    writer.block("enum Patterns") { writer in
      for (index, pattern) in all.enumerated() {
        let ranges = pattern.ranges.map { "(\($0.lower), \($0.upper), \($0.characterClass))" }
        writer.line("static let pattern\(index + 1) = Pattern(")
        writer.indented { writer in
          writer.line("source: \(literal(pattern.source)),")
          writer.line("ranges: [\(ranges.joined(separator: ", "))], classCount: \(pattern.classCount),")
          writer.line("transitions: [\(pattern.transitions.map(String.init).joined(separator: ", "))],")
          writer.line("accepting: [\(pattern.accepting.map(String.init).joined(separator: ", "))])")
        }
      }
    }
    writer.line()
  }
}
