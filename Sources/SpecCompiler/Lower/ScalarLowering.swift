extension Lowerer {
  // MARK: - Strings

  mutating func lowerString(_ node: Node) -> TypeReference {
    if let const = node["const"] { return lowerConst(const, form: .string) }
    let rules = StringRules(
      minLength: count("minLength", of: node), maxLength: count("maxLength", of: node), pattern: lowerPattern(node),
      format: lowerFormat(node))
    checkOrder("minLength", rules.minLength, "maxLength", rules.maxLength, of: node)
    let fixed: Set<StringFormat> = [.uuid, .dateTime, .date, .ipv4, .ipv6]
    let isBounded = rules.maxLength != nil || rules.pattern != nil || rules.format.map(fixed.contains) == true
    if profile.bounds, !isBounded { errorAtKey(node, "the string needs bounds: maxLength, pattern, enum or a format") }
    let isASCII = rules.format.map { $0 != .nfc } ?? false
    if profile.texts, isBounded, !isASCII, rules.pattern.map({ $0.takes(0) }) ?? true {
      errorAtKey(node, "the string takes U+0000; refuse it by a pattern, such as ^[^\\u0000]*$")
    }
    return .string(rules)
  }

  private mutating func lowerPattern(_ node: Node) -> CompiledPattern? {
    guard let source = string("pattern", of: node), let place = node["pattern"] else { return nil }
    switch patterns.compile(source) {
    case .compiled(let pattern): return pattern
    case .skipped: return nil
    case .refused(let why):
      let position = why.position.map { " (character \($0) of the pattern)" } ?? ""
      error(place, "\(why.message)\(position)")
      return nil
    }
  }

  private mutating func lowerFormat(_ node: Node) -> StringFormat? {
    guard let name = string("format", of: node), let place = node["format"] else { return nil }
    guard let format = StringFormat(rawValue: name) else {
      let known = StringFormat.allCases.map(\.rawValue).joined(separator: ", ")
      error(place, "unknown format '\(name)' of a string; known are \(known)")
      return nil
    }
    return format
  }

  // MARK: - Numbers

  mutating func lowerInteger(_ node: Node) -> TypeReference {
    refuseEnum(of: node)
    if let const = node["const"] { return lowerConst(const, form: .integer) }
    var rules = NumberRules<Int>(
      minimum: integerBound("minimum", of: node), maximum: integerBound("maximum", of: node),
      exclusiveMinimum: integerBound("exclusiveMinimum", of: node),
      exclusiveMaximum: integerBound("exclusiveMaximum", of: node), multipleOf: integerBound("multipleOf", of: node))
    if let format = string("format", of: node), let place = node["format"] {
      switch format {
      case "int32":
        rules.minimum = max(rules.minimum ?? Int(Int32.min), Int(Int32.min))
        rules.maximum = min(rules.maximum ?? Int(Int32.max), Int(Int32.max))
      case "int64": break  // What an integer is here anyway.
      default: error(place, "unknown format '\(format)' of an integer; known are int32, int64")
      }
    }
    // Swift.min: an exclusive bound at the end of Int would overflow when it is made inclusive.
    let lower = rules.exclusiveMinimum.map { $0 == .max ? $0 : $0 + 1 }
    let upper = rules.exclusiveMaximum.map { $0 == .min ? $0 : $0 - 1 }
    if let low = [rules.minimum, lower].compactMap({ $0 }).max(),
      let high = [rules.maximum, upper].compactMap({ $0 }).min(), low > high
    {
      errorAtKey(node["maximum"] ?? node["exclusiveMaximum"] ?? node, "no integer is from \(low) to \(high)")
    }
    checkMultipleOf(rules.multipleOf.map(Double.init), of: node)
    lintRange(node, rules.minimum ?? rules.exclusiveMinimum, rules.maximum ?? rules.exclusiveMaximum)
    return .integer(rules)
  }

  mutating func lowerNumber(_ node: Node) -> TypeReference {
    refuseEnum(of: node)
    if let const = node["const"] { return lowerConst(const, form: .number) }
    if let format = node["format"] { error(format, "a number has no format here") }
    let rules = NumberRules<Double>(
      minimum: numberBound("minimum", of: node), maximum: numberBound("maximum", of: node),
      exclusiveMinimum: numberBound("exclusiveMinimum", of: node),
      exclusiveMaximum: numberBound("exclusiveMaximum", of: node), multipleOf: numberBound("multipleOf", of: node))
    let low = [rules.minimum, rules.exclusiveMinimum].compactMap { $0 }.max()
    let high = [rules.maximum, rules.exclusiveMaximum].compactMap { $0 }.min()
    if let low, let high {
      let isOpen = low == rules.exclusiveMinimum || high == rules.exclusiveMaximum
      if low > high || low == high && isOpen {
        errorAtKey(node["maximum"] ?? node["exclusiveMaximum"] ?? node, "no number is from \(low) to \(high)")
      }
    }
    checkMultipleOf(rules.multipleOf, of: node)
    lintRange(node, low, high)
    return .number(rules)
  }

  private mutating func integerBound(_ key: String, of node: Node) -> Int? {
    guard let value = node[key] else { return nil }
    switch value.content {
    case .integer(let number): return number
    case .number(let number) where Int(exactly: number) != nil: return Int(exactly: number)
    default:
      error(value, "'\(key)' of an integer is an integer")
      return nil
    }
  }

  private mutating func numberBound(_ key: String, of node: Node) -> Double? {
    guard let value = node[key] else { return nil }
    switch value.content {
    case .integer(let number): return Double(number)
    case .number(let number): return number
    default:
      error(value, "'\(key)' is a number, not \(value.kind)")
      return nil
    }
  }

  private mutating func checkMultipleOf(_ value: Double?, of node: Node) {
    if let value, value <= 0, let place = node["multipleOf"] { error(place, "'multipleOf' is greater than 0") }
  }

  private mutating func lintRange(_ node: Node, _ low: (some Any)?, _ high: (some Any)?) {
    if profile.bounds, low == nil || high == nil { errorAtKey(node, "the number needs bounds: minimum and maximum") }
  }

  // MARK: - Constants

  mutating func lowerConst(_ const: Node, form: SchemaForm) -> TypeReference {
    let agrees: Bool
    switch (form, const.content) {
    case (.string, .string), (.integer, .integer), (.number, .number), (.number, .integer), (.boolean, .boolean):
      agrees = true
    case (.constant, _): agrees = const.scalar != nil
    default: agrees = false
    }
    guard agrees, let scalar = const.scalar else {
      let wanted = form == .constant ? "a string, number, boolean or null" : form.title
      error(const, "the const is \(const.kind), not \(wanted)")
      return .const(.null)
    }
    if form == .number, case .integer(let value) = scalar { return .const(.number(Double(value))) }
    return .const(scalar)
  }

  mutating func refuseEnum(of node: Node) {
    if let place = node["enum"] { errorAtKey(place, "only strings have an enum; use const, or minimum and maximum") }
  }

  mutating func checkOrder(_ lowKey: String, _ low: Int?, _ highKey: String, _ high: Int?, of node: Node) {
    if let low, let high, low > high, let place = node[lowKey] {
      errorAtKey(place, "\(lowKey) \(low) is greater than \(highKey) \(high)")
    }
  }

  // MARK: - Defaults

  /// The `default` of a property or parameter, checked against its type.
  mutating func lowerDefault(_ node: Node, type: TypeReference?) -> Scalar? {
    guard let place = node["default"], let type else { return nil }
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

  /// The scalar in the type's own terms (1 is 1.0 for a number), or what is wrong with it.
  private func match(_ scalar: Scalar, against type: TypeReference) -> (Scalar, String?) {
    switch (expand(type), scalar) {
    case (.nullable, .null): return (scalar, nil)
    case (.nullable(let inner), _): return match(scalar, against: inner)
    case (.string(let rules), .string(let text)): return (scalar, violation(of: text, rules))
    case (.integer(let rules), .integer(let value)): return (scalar, violation(of: value, rules))
    case (.number(let rules), .integer(let value)):
      return (.number(Double(value)), violation(of: Double(value), rules))
    case (.number(let rules), .number(let value)): return (scalar, violation(of: value, rules))
    case (.boolean, .boolean): return (scalar, nil)
    case (.const(let const), _): return (scalar, const == scalar ? nil : "it is not the const")
    case (.named(let name), .string(let text)):
      guard case .enumeration(let members) = declarations[name]?.shape else { return (scalar, "\(name) is no scalar") }
      return (scalar, members.contains(text) ? nil : "'\(text)' is none of \(members.joined(separator: ", "))")
    case (let type, _): return (scalar, "it is not \(describe(type))")
    }
  }

  private func violation(of text: String, _ rules: StringRules) -> String? {
    let length = text.unicodeScalars.count
    if let bound = rules.minLength, length < bound { return "it is shorter than \(bound)" }
    if let bound = rules.maxLength, length > bound { return "it is longer than \(bound)" }
    if let pattern = rules.pattern, !pattern.matches(text) { return "it does not match the pattern" }
    if rules.format != nil { return "a string with a format has no default here" }
    return nil
  }

  private func violation<Value: Comparable>(of value: Value, _ rules: NumberRules<Value>) -> String? {
    if let bound = rules.minimum, value < bound { return "it is less than \(bound)" }
    if let bound = rules.maximum, value > bound { return "it is greater than \(bound)" }
    if let bound = rules.exclusiveMinimum, value <= bound { return "it is not greater than \(bound)" }
    if let bound = rules.exclusiveMaximum, value >= bound { return "it is not less than \(bound)" }
    return nil
  }
}
