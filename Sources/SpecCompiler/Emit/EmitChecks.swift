/// How checks are written: as they are, or with the number by which a test switches them off.
extension Emitter {
  /// The number of the next check; nil where checks have none.
  private func number(_ kind: CheckNumbering.Kind, _ keyword: String) -> Int? {
    checks?.number(kind, keyword)
  }

  /// `minimum`.
  func least(_ bound: Int) -> String {
    number(.bound, "minimum").map { "Checks.least(\($0), \(bound))" } ?? String(bound)
  }

  /// A bound from below of a length or count, such as `minLength`.
  func fewest(_ keyword: String, _ bound: Int) -> String {
    number(.bound, keyword).map { "Checks.fewest(\($0), \(bound))" } ?? String(bound)
  }

  /// A bound from above, such as `maxLength`.
  func most(_ keyword: String, _ bound: Int) -> String {
    number(.bound, keyword).map { "Checks.most(\($0), \(bound))" } ?? String(bound)
  }

  /// An argument that may be left out, such as a pattern.
  func rule(_ keyword: String, _ value: String) -> String {
    number(.rule, keyword).map { "Checks.rule(\($0), \(value))" } ?? value
  }

  /// A value that stands for what is left out.
  func fallback(_ value: String) -> String {
    number(.fallback, "default").map { "Checks.fallback(\($0), \(value))" } ?? value
  }

  /// A condition that only a switched off check fails, to be put before others; empty where checks have no number.
  func condition(_ keyword: String) -> String {
    number(.rule, keyword).map { " && Checks.isOn(\($0))" } ?? ""
  }

  /// A truth value that says whether something is checked.
  func isChecked(_ keyword: String) -> String {
    number(.rule, keyword).map { "Checks.isOn(\($0))" } ?? "true"
  }

  /// A statement that throws where something must not be.
  func statement(
    _ keyword: String, kind: CheckNumbering.Kind = .rule, _ statement: String, _ writer: inout SwiftWriter
  ) {
    guard let number = number(kind, keyword) else { return writer.line(statement) }
    writer.line("if Checks.isOn(\(number)) { \(statement) }")
  }

  /// The bits of the required properties of the first word: one number each, in their order.
  func required(_ shape: ObjectShape, _ mask: UInt64) -> String {
    guard let checks else { return String(mask) }
    var numbers: [Int] = []
    for property in shape.properties.prefix(64) where property.isRequired {
      checks.goOn(to: property.name, property.location)
      if let number = checks.number(.rule, "required") { numbers.append(number) }
    }
    if let property = shape.properties.first { checks.goOn(to: nil, property.location) }
    guard let first = numbers.first else { return String(mask) }
    return "Checks.required(\(first), \(mask))"
  }

  /// The arguments of a call that checks a string.
  func arguments(_ rules: StringRules) -> String {
    [
      rules.minLength.map { "minLength: \(fewest("minLength", $0))" },
      rules.maxLength.map { "maxLength: \(most("maxLength", $0))" },
      rules.pattern.map { "pattern: \(rule("pattern", patterns.name($0)))" },
      rules.format.map {
        "format: \(rule("format", (checks == nil ? "." : "TextFormat.") + SwiftName.bare($0.rawValue, .member)))"
      },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// What each number stands for; nothing where checks have none.
  func emitNumberedChecks(_ writer: inout SwiftWriter) {
    guard let checks else { return }
    writer.line()
    writer.line("/// The checks that a test switches off, by their numbers.")
    writer.line("public let numberedChecks: [NumberedCheck] = [")
    writer.indented { writer in
      for (number, check) in checks.checks.enumerated() {
        let place = "\(check.place.location.file):\(check.place.location.line)"
        writer.line(
          "NumberedCheck(\(number), .\(check.kind.rawValue), \(literal("\(check.place.name) \(check.keyword)")), "
            + "\(literal(place))),")
      }
    }
    writer.line("]")
  }
}
