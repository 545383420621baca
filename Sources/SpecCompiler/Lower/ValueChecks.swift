/// Values that the spec itself gives, beside what their schemas say.
extension Lowerer {
  /// The `default` of a property or parameter, checked against its type.
  mutating func lowerDefault(_ node: Node, type: TypeReference?) -> Scalar? {
    guard let place = node["default"], let type else { return nil }
    guard profile.isOwn || isFilledIn(place, type) else {
      warning(place, "this default is not filled in: only scalars of a scalar's own type are")
      return nil
    }
    guard let scalar = place.scalar else {
      error(place, "a default is a scalar here, not \(place.kind)")
      return nil
    }
    let (value, why) = match(scalar, against: type)
    if let why {
      error(place, "the default does not match its schema: \(why)")
      return nil
    }
    return value
  }

  private func isFilledIn(_ place: Node, _ type: TypeReference) -> Bool {
    guard let scalar = place.scalar else { return false }
    switch expand(type) {
    case .string(let rules): return scalar == .string(place.string ?? "") && rules.format == nil
    case .integer, .number, .boolean, .named, .const: return match(scalar, against: type).1 == nil
    default: return false
    }
  }

  /// The scalar in the type's own terms (1 is 1.0 for a number), or what is wrong with it.
  func match(_ scalar: Scalar, against type: TypeReference) -> (Scalar, String?) {
    switch (expand(type), scalar) {
    case (.nullable, .null): return (scalar, nil)
    case (.nullable(let inner), _): return match(scalar, against: inner)
    case (.string(let rules), .string(let text)): return (scalar, violation(of: text, rules))
    case (.integer(let rules), .integer(let value)):
      return (scalar, violation(of: value, rules) { $0.isMultiple(of: $1) })
    case (.number, .integer(let value)):
      guard Int(exactly: Double(value)) == value else { return (scalar, "it can't be kept exactly as a number") }
      return match(.number(Double(value)), against: type)
    case (.number(let rules), .number(let value)):
      return (scalar, violation(of: value, rules) { Decimal($0).isMultiple(of: Decimal($1)) })
    case (.boolean, .boolean): return (scalar, nil)
    case (.const(let const), _): return (scalar, const == scalar ? nil : "it is not the const")
    case (.named(let name), .string(let text)):
      guard case .enumeration(let members) = declarations[name]?.shape else { return (scalar, "\(name) is no scalar") }
      let values = members.map(\.value)
      return (scalar, values.contains(text) ? nil : "'\(text)' is none of \(values.joined(separator: ", "))")
    case (let type, _): return (scalar, "it is not \(describe(type))")
    }
  }

  private func violation(of text: String, _ rules: StringRules) -> String? {
    let length = text.unicodeScalars.count
    if let bound = rules.minLength, length < bound { return "it is shorter than \(bound)" }
    if let bound = rules.maxLength, length > bound { return "it is longer than \(bound)" }
    if let pattern = rules.pattern, !pattern.matches(text) { return "it does not match the pattern" }
    if rules.format != nil { return "a string with a format can't be checked here" }
    return nil
  }

  private func violation<Value: Comparable>(
    of value: Value, _ rules: NumberRules<Value>, isMultiple: (Value, Value) -> Bool
  ) -> String? {
    if let bound = rules.minimum, value < bound { return "it is less than \(bound)" }
    if let bound = rules.maximum, value > bound { return "it is greater than \(bound)" }
    if let bound = rules.exclusiveMinimum, value <= bound { return "it is not greater than \(bound)" }
    if let bound = rules.exclusiveMaximum, value >= bound { return "it is not less than \(bound)" }
    if let bound = rules.multipleOf, !isMultiple(value, bound) { return "it is no multiple of \(bound)" }
    return nil
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidDefault) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidDefault) }
}
