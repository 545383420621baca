/// Values that are of no type with a codec of its own: bodies, answers and data that are arrays, maps, scalars or null.
extension Emitter {
  /// What an alias stands for.
  func resolved(_ reference: TypeReference) -> TypeReference {
    if case .named(let name) = reference, case .alias(let target) = types[name]?.shape { return resolved(target) }
    return reference
  }

  /// The object, enumeration or union that a reference leads to, which reads and writes itself; nil for anything else.
  func codableType(_ reference: TypeReference) -> String? {
    guard case .named(let name) = resolved(reference) else { return nil }
    return SwiftName.schema(name)
  }

  /// A function that reads a value, as an argument.
  func reader(of reference: TypeReference, _ patterns: Patterns) -> String {
    codableType(reference).map { "\($0).decode(from:)" } ?? closure(reference, patterns)
  }

  /// A closure that reads a value.
  func closure(_ reference: TypeReference, _ patterns: Patterns) -> String {
    "{ (reader: inout JSONReader) throws(JSONSyntaxError) in try \(readExpression(reference, patterns)) }"
  }

  /// The call of a function that encodes a value or takes what does.
  ///
  /// - Parameter arguments: those before it.
  func writing(
    _ function: String, _ value: String, _ reference: TypeReference, after arguments: [String] = []
  ) -> String {
    if codableType(reference) != nil { return "\(function)(\((arguments + [value]).joined(separator: ", ")))" }
    let call = arguments.isEmpty ? function : "\(function)(\(arguments.joined(separator: ", ")))"
    return "\(call) { writer in \(writeStatement(value, reference)) }"
  }

  /// What a case's value is bound to: of what is always null there is nothing to write.
  func binding(_ reference: TypeReference) -> String {
    resolved(reference) == .const(.null) ? "_" : "let value"
  }
}
