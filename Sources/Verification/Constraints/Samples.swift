import Contract
import JSONSchema

/// Values that keep a schema of which there is no example: by their numbers, as different as the schema lets them be.
struct Samples {
  /// Of objects and arrays in each other, and of schemas that are looked at for one value: none is followed for ever.
  private static let maxDepth = 6
  private static let maxCount = 2000
  /// A list that must be longer is not made.
  private static let maxItems = 1000

  private var contract: Contract
  private var count = 0

  init(_ contract: Contract) { self.contract = contract }

  /// - Returns: nil where none is found.
  /// - Throws: where the schema can't be understood.
  mutating func value(_ place: SchemaPlace, number: Int = 0) throws -> JSONValue? {
    count = 0
    return try value(place, number, depth: 0)
  }

  private mutating func value(_ place: SchemaPlace, _ number: Int, depth: Int) throws -> JSONValue? {
    count += 1
    guard depth < Self.maxDepth, count < Self.maxCount else { return nil }
    let shape = try SchemaShape(place, in: contract)
    for candidate in Self.told(shape, number) where try keeps(candidate, place) { return candidate }
    for form in shape.choices.flatMap(\.self) {
      if let sample = try value(form, number, depth: depth + 1), try keeps(sample, place) { return sample }
    }
    for candidate in try parts(shape, number, depth) where try keeps(candidate, place) { return candidate }
    for candidate in Self.scalars(shape, number) where try keeps(candidate, place) { return candidate }
    return nil
  }

  private mutating func keeps(_ value: JSONValue, _ place: SchemaPlace) throws -> Bool {
    try contract.findings(in: value, by: place).isEmpty
  }

  /// What the schema itself has.
  private static func told(_ shape: SchemaShape, _ number: Int) -> [JSONValue] {
    var found: [JSONValue] = []
    for node in shape.nodes {
      if let constant = node["const"] { found.append(constant) }
      if let members = node["enum"]?.items, !members.isEmpty { found.append(members[number % members.count]) }
      var examples = node["examples"]?.items ?? []
      for keyword in ["example", "default"] { if let one = node[keyword] { examples.append(one) } }
      if number < examples.count { found.append(examples[number]) }
    }
    return found
  }

  /// An object with all members that there are samples of, and with those that it must have; a list as short as may be.
  private mutating func parts(_ shape: SchemaShape, _ number: Int, _ depth: Int) throws -> [JSONValue] {
    var found: [JSONValue] = []
    if !shape.properties.isEmpty {
      var (all, least) = (JSONValue.object(.empty), JSONValue.object(.empty))
      for (name, place) in shape.properties {
        guard let sample = try value(place, number, depth: depth + 1) else { continue }
        all = all.with(name, sample)
        if shape.required.contains(name) { least = least.with(name, sample) }
      }
      found += [all, least]
    }
    let count = shape.nodes.compactMap { $0["minItems"]?.integer }.max() ?? 0
    for count in Set([count, max(1, count)]).sorted(by: >) where count <= Self.maxItems {
      var items: [JSONValue] = []
      for place in 0..<max(0, count) {
        guard let schema = shape.place(ofItem: place),
          let item = try value(schema, number + place, depth: depth + 1)
        else { break }
        items.append(item)
      }
      if items.count == count { found.append(.array(JSONArray(items))) }
    }
    return found
  }

  private static func scalars(_ shape: SchemaShape, _ number: Int) -> [JSONValue] {
    let digits = String(number)
    let milliseconds = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    var texts: [String] = [Candidates.id(number), "item\(number)", digits, "item\(number)@example.org"]
    texts += ["https://example.org/\(number)", "item\(number).example.org", "2026-01-01T00:00:00.\(milliseconds)Z"]
    var values: [JSONValue] = []
    for node in shape.nodes {
      if let length = node["minLength"]?.integer, (digits.count...1000).contains(length) {
        for filler in ["a", "0"] { texts.append(String(repeating: filler, count: length - digits.count) + digits) }
      }
      let step = node["multipleOf"]?.integer ?? 1
      let least = node["minimum"]?.integer ?? 0
      guard (1...10_000).contains(step), abs(Double(least)) < 1e15 else { continue }
      values += [least + number, (least / step + 1 + number) * step].map { .number(DecimalNumber($0)) }
    }
    values += [.bool(number % 2 == 1), .object(.empty), .array(JSONArray([])), .null]
    return texts.map { .string(JSONText($0)) } + values
  }
}
