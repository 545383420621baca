extension Lowerer {
  // MARK: - Strings

  mutating func lowerString(_ node: Node) -> TypeReference {
    let rules = StringRules(
      minLength: count("minLength", of: node), maxLength: count("maxLength", of: node), pattern: lowerPattern(node),
      format: lowerFormat(node))
    checkOrder("minLength", rules.minLength, "maxLength", rules.maxLength, of: node)
    if let const = node["const"] { return lowerConst(const, form: .string, in: .string(rules)) }
    checkLengths(rules, of: node)
    let fixed: Set<StringFormat> = [.uuid, .dateTime, .date, .ipv4, .ipv6]
    let isBounded = rules.maxLength != nil || rules.pattern != nil || rules.format.map(fixed.contains) == true
    if profile.bounds, !isBounded {
      errorAtKey(node, "the string needs bounds: maxLength, pattern, enum or a format", .unboundedString)
    }
    let isASCII = rules.format.map { $0 != .nfc } ?? false
    if profile.texts, isBounded, !isASCII, rules.pattern.map({ $0.takes(0) }) ?? true {
      errorAtKey(node, "the string takes U+0000; refuse it by a pattern, such as ^[^\\u0000]*$", .nulInString)
    }
    return .string(rules)
  }

  private mutating func lowerPattern(_ node: Node) -> CompiledPattern? {
    guard let source = string("pattern", of: node), let place = node["pattern"] else { return nil }
    return compilePattern(source, at: place)
  }

  mutating func compilePattern(_ source: String, at place: Node) -> CompiledPattern? {
    switch patterns.compile(source) {
    case .compiled(let pattern): return pattern
    case .skipped: return nil
    case .refused(let why):
      let position = why.position.map { " (character \($0) of the pattern)" } ?? ""
      error(place, "\(why.message)\(position)", .invalidPattern)
      return nil
    }
  }

  private mutating func lowerFormat(_ node: Node) -> StringFormat? {
    guard let name = string("format", of: node), let place = node["format"] else { return nil }
    guard let format = StringFormat(rawValue: name) else {
      // Any other is an annotation (JSON Schema Validation §7.2.3).
      guard profile.isOwn else { return nil }
      let known = StringFormat.allCases.map(\.rawValue)
      error(
        place, "unknown format '\(name)' of a string; known are \(known.joined(separator: ", "))", .unknownFormat,
        suggestion: diagnostics.suggestion(for: name, among: known))
      return nil
    }
    return format
  }

  // MARK: - Numbers

  mutating func lowerInteger(_ node: Node) -> TypeReference {
    refuseEnum(of: node)
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
      default:
        guard profile.isOwn else { break }
        error(
          place, "unknown format '\(format)' of an integer; known are int32, int64", .unknownFormat,
          suggestion: diagnostics.suggestion(for: format, among: ["int32", "int64"]))
      }
    }
    // The generated code makes an exclusive bound an inclusive one.
    for (key, bound, end) in [
      ("exclusiveMinimum", rules.exclusiveMinimum, Int.max), ("exclusiveMaximum", rules.exclusiveMaximum, .min),
    ] where bound == end {
      errorAtKey(node[key] ?? node, "no integer of 64 bits is beyond \(end)")
    }
    let lower = rules.exclusiveMinimum.map { $0 == .max ? $0 : $0 + 1 }
    let upper = rules.exclusiveMaximum.map { $0 == .min ? $0 : $0 - 1 }
    if let low = [rules.minimum, lower].compactMap({ $0 }).max(),
      let high = [rules.maximum, upper].compactMap({ $0 }).min()
    {
      if low > high {
        errorAtKey(node["maximum"] ?? node["exclusiveMaximum"] ?? node, "no integer is from \(low) to \(high)")
      } else if let step = rules.multipleOf, step > 0, !hasMultiple(of: step, from: low, to: high) {
        errorAtKey(node["multipleOf"] ?? node, "no multiple of \(step) is from \(low) to \(high)")
      }
    }
    checkMultipleOf(rules.multipleOf, of: node)
    if let const = node["const"] { return lowerConst(const, form: .integer, in: .integer(rules)) }
    lintRange(node, rules.minimum ?? rules.exclusiveMinimum, rules.maximum ?? rules.exclusiveMaximum)
    return .integer(rules)
  }

  mutating func lowerNumber(_ node: Node) -> TypeReference {
    refuseEnum(of: node)
    if profile.isOwn, let format = node["format"] { error(format, "a number has no format here", .misplacedKeyword) }
    let rules = NumberRules<Double>(
      minimum: numberBound("minimum", of: node), maximum: numberBound("maximum", of: node),
      exclusiveMinimum: numberBound("exclusiveMinimum", of: node),
      exclusiveMaximum: numberBound("exclusiveMaximum", of: node), multipleOf: numberBound("multipleOf", of: node))
    let low = [rules.minimum, rules.exclusiveMinimum].compactMap { $0 }.max()
    let high = [rules.maximum, rules.exclusiveMaximum].compactMap { $0 }.min()
    if let low, let high {
      let (lowIsOpen, highIsOpen) = (low == rules.exclusiveMinimum, high == rules.exclusiveMaximum)
      if low > high || low == high && (lowIsOpen || highIsOpen) {
        errorAtKey(node["maximum"] ?? node["exclusiveMaximum"] ?? node, "no number is from \(low) to \(high)")
      } else if let step = rules.multipleOf, step > 0,
        !Decimal.hasMultiple(
          of: Decimal(step), from: Decimal(low), isOpen: lowIsOpen, to: Decimal(high), isOpen: highIsOpen)
      {
        errorAtKey(node["multipleOf"] ?? node, "no multiple of \(step) is from \(low) to \(high)")
      }
    }
    checkMultipleOf(rules.multipleOf, of: node)
    if let const = node["const"] { return lowerConst(const, form: .number, in: .number(rules)) }
    lintRange(node, low, high)
    return .number(rules)
  }

  private mutating func integerBound(_ key: String, of node: Node) -> Int? {
    guard let value = node[key] else { return nil }
    switch value.content {
    case .integer(let number): return number
    case .number(let number) where Int(exactly: number) != nil: return Int(exactly: number)
    // Beyond 64 bits a bound keeps nothing out, or everything.
    case .number(let number) where !profile.isOwn && key != "multipleOf" && abs(number) > 9.2e18:
      return key == "minimum" || key == "exclusiveMinimum" ? (number < 0 ? nil : .max) : (number > 0 ? nil : .min)
    case .number where !profile.isOwn && key == "multipleOf": return nil
    // A fraction bounds integers as the next integer does.
    case .number(let number) where !profile.isOwn && key == "minimum": return Int(number.rounded(.up))
    case .number(let number) where !profile.isOwn && key == "maximum": return Int(number.rounded(.down))
    default:
      error(value, "'\(key)' of an integer is an integer", .wrongType)
      return nil
    }
  }

  private mutating func numberBound(_ key: String, of node: Node) -> Double? {
    guard let value = node[key] else { return nil }
    switch value.content {
    case .integer(let number):
      if Int(exactly: Double(number)) != number {
        error(value, "\(number) can't be kept exactly as a number", .inexactNumber)
      }
      return Double(number)
    case .number(let number): return number
    default:
      error(value, "'\(key)' is a number, not \(value.kind)", .wrongType)
      return nil
    }
  }

  private mutating func checkMultipleOf(_ value: (some Comparable & Numeric)?, of node: Node) {
    if let value, value <= 0, let place = node["multipleOf"] { error(place, "'multipleOf' is greater than 0") }
  }

  private func hasMultiple(of step: Int, from low: Int, to high: Int) -> Bool {
    let (quotient, remainder) = low.quotientAndRemainder(dividingBy: step)
    let (multiple, isLarge) = (remainder > 0 ? quotient + 1 : quotient).multipliedReportingOverflow(by: step)
    return !isLarge && multiple <= high
  }

  /// A pattern also says how long a text can be.
  private mutating func checkLengths(_ rules: StringRules, of node: Node) {
    guard rules.minLength != nil || rules.maxLength != nil, let lengths = rules.pattern?.lengths else { return }
    if let bound = rules.minLength, let longest = lengths.longest, bound > longest {
      errorAtKey(
        node["minLength"] ?? node, "minLength is \(bound), but the pattern matches at most \(longest) characters")
    }
    if let bound = rules.maxLength, bound < lengths.shortest {
      errorAtKey(
        node["maxLength"] ?? node,
        "maxLength is \(bound), but the pattern matches no fewer than \(lengths.shortest) characters")
    }
  }

  private mutating func lintRange(_ node: Node, _ low: (some Any)?, _ high: (some Any)?) {
    if profile.bounds, low == nil || high == nil {
      errorAtKey(node, "the number needs bounds: minimum and maximum", .unboundedNumber)
    }
  }

  // MARK: - Constants

  /// - Parameter type: what the keywords beside the const say.
  mutating func lowerConst(_ const: Node, form: SchemaForm, in type: TypeReference? = nil) -> TypeReference {
    let agrees: Bool
    switch (form, const.content) {
    case (.string, .string), (.integer, .integer), (.number, .number), (.number, .integer), (.boolean, .boolean):
      agrees = true
    case (.constant, _): agrees = const.scalar != nil
    default: agrees = false
    }
    guard agrees, let scalar = const.scalar else {
      let wanted = form == .constant ? "a string, number, boolean or null" : form.title
      error(const, "the const is \(const.kind), not \(wanted)", .invalidConst)
      return .const(.null)
    }
    guard let type else { return .const(scalar) }
    let (value, why) = match(scalar, against: type)
    if let why { error(const, "the const does not match its schema: \(why)", .invalidConst) }
    return .const(value)
  }

  mutating func refuseEnum(of node: Node) {
    if profile.isOwn, let place = node["enum"] {
      errorAtKey(place, "only strings have an enum; use const, or minimum and maximum", .invalidEnum)
    }
  }

  mutating func checkOrder(_ lowKey: String, _ low: Int?, _ highKey: String, _ high: Int?, of node: Node) {
    if let low, let high, low > high, let place = node[lowKey] {
      errorAtKey(place, "\(lowKey) \(low) is greater than \(highKey) \(high)")
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .impossibleBounds) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .impossibleBounds) }
}
