import JSONSchema

/// What the literals of examples stand for.
///
/// Ids, times, tokens and cursors in an example are not what the server really gives: each literal is bound to the value
/// that came in its place first, and stands for that value from then on. All else must be there exactly as it is written.
struct Literals: Sendable {
  /// Members whose values the server makes, whatever they look like.
  private static let serverMade: Set = ["access_token", "refresh_token", "next_cursor", "history"]
  /// Members that say nothing which an example could foretell; their schemas still hold.
  private static let unforeseeable: Set = ["request_id", "version", "uptime_seconds", "detail"]

  private var values: [String: String]
  /// How often something was made anew.
  private var fresh = 0

  init(_ values: [String: String] = [:]) { self.values = values }

  /// What to send for an example. An id that is not bound yet is the client's own, or names nothing: it stays.
  mutating func substitute(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text):
      if Shape.isUUID(text.string), values[text.string] == nil { values[text.string] = text.string }
      return .string(JSONText(values[text.string] ?? text.string))
    case .array(let array): return .array(JSONArray(array.items.map { substitute($0) }))
    case .object(let object):
      let members = object.members.map { (name: $0.name, value: substitute($0.value)) }
      return JSONObject(members).map(JSONValue.object) ?? value
    default: return value
    }
  }

  /// The same with what must not be there twice made new: ids of the client's own, and the names of newcomers.
  mutating func anew(_ value: JSONValue) -> JSONValue {
    fresh += 1
    return Newcomers.another(anew(within: value), number: fresh)
  }

  private mutating func anew(within value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text) where Shape.isUUID(text.string) && (values[text.string] ?? text.string) == text.string:
      return .string(JSONText(Shape.newUUID()))
    case .array(let array): return .array(JSONArray(array.items.map { anew(within: $0) }))
    case .object(let object):
      let members = object.members.map { (name: $0.name, value: anew(within: $0.value)) }
      return JSONObject(members).map(JSONValue.object) ?? value
    default: return substitute(value)
    }
  }

  /// Binds what is new, unless the value differs from the example.
  ///
  /// - Returns: in what it differs.
  mutating func differences(_ example: JSONValue, _ actual: JSONValue) -> [String] {
    var comparison = Comparison(known: values)
    comparison.compare(example, actual, JSONPointer(), "")
    if comparison.found.isEmpty { values.merge(comparison.bound) { old, _ in old } }
    return comparison.found
  }

  /// Looks of texts.
  enum Shape {
    static func isUUID(_ text: String) -> Bool {
      matches(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh")
    }

    /// A random one (RFC 9562 §5.4).
    static func newUUID() -> String {
      func digits(_ value: UInt64, _ count: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: count - text.count) + text
      }
      let (high, low) = (UInt64.random(in: 0..<1 << 48), UInt64.random(in: 0..<1 << 48))
      let middle = (UInt64.random(in: 0x4000...0x4FFF), UInt64.random(in: 0x8000...0xBFFF))
      return "\(digits(high >> 16, 8))-\(digits(high & 0xFFFF, 4))-\(digits(middle.0, 4))-\(digits(middle.1, 4))-"
        + digits(low, 12)
    }

    static func isTime(_ text: String) -> Bool { matches(text, "dddd-dd-ddTdd:dd:dd.dddZ") }

    private static func matches(_ text: String, _ form: String) -> Bool {
      text.utf8.count == form.utf8.count
        && zip(text.utf8, form.utf8).allSatisfy { byte, kind in
          switch kind {
          case UInt8(ascii: "h"): (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
          case UInt8(ascii: "d"): (0x30...0x39).contains(byte)
          default: byte == kind
          }
        }
    }
  }

  private struct Comparison {
    let known: [String: String]
    var bound: [String: String] = [:]
    var found: [String] = []

    mutating func compare(_ example: JSONValue, _ actual: JSONValue, _ pointer: JSONPointer, _ name: String) {
      if Literals.unforeseeable.contains(name) { return }
      switch (example, actual) {
      case (.object(let example), .object(let actual)):
        for member in actual.members where example[member.name] == nil {
          found.append("\(pointer.appending(member.name.string)) is there, and not in the example")
        }
        for member in example.members {
          let pointer = pointer.appending(member.name.string)
          guard let other = actual[member.name] else {
            found.append("\(pointer) is missing")
            continue
          }
          compare(member.value, other, pointer, member.name.string)
        }
      case (.array(let example), .array(let actual)):
        if example.items.count != actual.items.count {
          found.append("\(pointer) has \(actual.items.count) items, not \(example.items.count)")
        }
        for (place, (one, other)) in zip(example.items, actual.items).enumerated() {
          compare(one, other, pointer.appending(String(place)), name)
        }
      case (.string(let example), .string(let actual)): compare(example.string, actual.string, pointer, name)
      default: if example != actual { tell(pointer, example, actual) }
      }
    }

    private mutating func tell(_ pointer: JSONPointer, _ example: JSONValue, _ actual: JSONValue) {
      func text(_ value: JSONValue) -> String { String(String(decoding: value.encoded, as: UTF8.self).prefix(200)) }
      found.append("\(pointer) is \(text(actual)), not \(text(example))")
    }

    private mutating func compare(_ example: String, _ actual: String, _ pointer: JSONPointer, _ name: String) {
      // The message of a violation.
      if name == "message", pointer.tokens.dropLast(2).last == "errors" { return }
      let isID = Shape.isUUID(example)
      if let value = known[example] ?? bound[example] {
        if value != actual { tell(pointer, .string(JSONText(value)), .string(JSONText(actual))) }
      } else if isID || Literals.serverMade.contains(name) || Shape.isTime(example) {
        // Two ids are never the same thing; two moments may well be.
        if isID, known.values.contains(actual) || bound.values.contains(actual) {
          found.append("\(pointer) is an id that stands for something else")
        }
        bound[example] = actual
      } else if JSONText(example) != JSONText(actual) {
        tell(pointer, .string(JSONText(example)), .string(JSONText(actual)))
      }
    }
  }
}
