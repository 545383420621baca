import JSONSchema

/// Values that may break one rule of a schema, or lie at its bounds. Which of them do, the judge says.
enum Candidates {
  /// Longer texts are not sent.
  private static let maxLength = 200_000
  private static let maxItems = 1000
  /// What texts of a length are filled with: code points of each size in UTF-8, and what patterns like.
  private static let fillers = ["a", "7", "é", "\u{1F3BB}"]

  /// - Parameters:
  ///   - schemas: all that say something of one value.
  ///   - valid: a text that keeps them, to be stretched to their bounds.
  static func values(for schemas: [JSONValue], near valid: String? = nil) -> [JSONValue] {
    var values: [JSONValue] = [.null, .bool(true), number(17), .number(DecimalNumber.half), text("no word of these")]
    values += [list([]), .object(.empty)]
    for schema in schemas {
      values += texts(schema)
      values += stretched(valid, schema)
      values += numbers(schema)
      values += schema["enum"]?.items ?? []
    }
    return values
  }

  /// Lists at the bounds of their length and beyond them, and such in which items are twice.
  ///
  /// - Parameter item: that of a number, as different as may be; nil where none is known.
  static func lists(for schemas: [JSONValue], of item: (Int) throws -> JSONValue?) rethrows -> [JSONValue] {
    var counts: Set<Int> = [2]
    for schema in schemas { counts.formUnion(lengths(schema, "minItems", "maxItems", most: maxItems)) }
    var items: [JSONValue] = []
    while items.count < counts.max() ?? 0, let next = try item(items.count) { items.append(next) }
    return counts.filter { $0 <= items.count }.sorted().flatMap { count -> [JSONValue] in
      let twice = (0..<count).map { items[$0 / 2] }
      return [list(Array(items.prefix(count)))] + (count > 1 ? [list(twice)] : [])
    }
  }

  /// Objects at the bounds of how many members they have, and beyond them.
  ///
  /// - Parameters:
  ///   - valid: one that keeps the schemas.
  ///   - required: what it can't be without.
  ///   - more: members that it may have.
  ///   - other: what members have of whom nothing else is known.
  static func objects(
    for schemas: [JSONValue], near valid: JSONValue, required: [String], more: [(name: String, value: JSONValue)],
    other: JSONValue
  ) -> [JSONValue] {
    var counts: Set<Int> = []
    for schema in schemas { counts.formUnion(lengths(schema, "minProperties", "maxProperties", most: maxItems)) }
    let optional = (valid.object?.members ?? []).map(\.name.string).filter { !required.contains($0) }
    return counts.sorted().compactMap { count in
      var object = valid
      var members: Int { object.object?.members.count ?? 0 }
      for name in optional where members > count { object = object.with(name, nil) }
      for (name, value) in more where members < count { object = object.with(name, value) }
      for number in 0..<max(0, count - members) { object = object.with("surprise\(number)", other) }
      return members == count ? object : nil
    }
  }

  private static func text(_ string: String) -> JSONValue { .string(JSONText(string)) }
  private static func number(_ value: Int) -> JSONValue { .number(DecimalNumber(value)) }
  private static func list(_ items: [JSONValue]) -> JSONValue { .array(JSONArray(items)) }

  private static func texts(_ schema: JSONValue) -> [JSONValue] {
    var texts: [String] = []
    // First those at the bounds: of what breaks a constraint the first one is sent.
    for length in lengths(schema, "minLength", "maxLength", most: maxLength).sorted() {
      texts += fillers.map { String(repeating: $0, count: length) }
      // U+0000 where a text may be long enough for it.
      if length > 1 { texts.append("a\0" + String(repeating: "c", count: length - 2)) }
    }
    return (texts + ["An Outsider!", "a\0b", " a", "a ", "e\u{301}", "what is this"]).map(text)
  }

  /// A text that keeps a pattern or format, as long as the bounds: with letters put in, and dots between so many as a
  /// label of a host name may have (RFC 1035 §2.3.4), at its ends and behind what is no letter.
  private static func stretched(_ valid: String?, _ schema: JSONValue) -> [JSONValue] {
    guard let valid, let most = schema["maxLength"]?.integer, most < maxLength else { return [] }
    let letters = Array(valid.unicodeScalars)
    let places = [0] + letters.indices.filter { !letters[$0].properties.isAlphabetic }.map { $0 + 1 } + [letters.count]
    return [most, most + 1].flatMap { length -> [JSONValue] in
      guard length > letters.count else { return [] }
      let filler = (0..<length - letters.count).map { $0 % 60 == 59 ? "." : "a" as Unicode.Scalar }
      return places.map { place in
        var scalars = String.UnicodeScalarView(letters[..<place])
        scalars.append(contentsOf: filler + letters[place...])
        return text(String(scalars))
      }
    }
  }

  /// A UUID that nobody has.
  static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "01900000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// A bound, and one beyond it.
  private static func lengths(_ schema: JSONValue, _ least: String, _ most: String, most limit: Int) -> Set<Int> {
    var lengths: Set<Int> = []
    if let least = schema[least]?.integer, least < limit { lengths.formUnion([max(0, least - 1), least]) }
    if let most = schema[most]?.integer, most < limit { lengths.formUnion([most, most + 1]) }
    return lengths
  }

  private static func numbers(_ schema: JSONValue) -> [JSONValue] {
    var values: [Int] = []
    for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
      guard let bound = schema[keyword]?.integer, bound > .min, bound < .max else { continue }
      values += [bound - 1, bound, bound + 1]
    }
    if let step = schema["multipleOf"]?.integer, step < .max { values += [step, step + 1] }
    return values.map(number)
  }
}
