import NIOCore

/// A property of an object in a parameter, and what its texts stand for.
public struct ParameterProperty: Sendable {
  let name: StaticString
  /// Whether what is written as a number, a truth value or null is one, and no string.
  let isBare: Bool
  let isList: Bool

  public init(_ name: StaticString, isBare: Bool = false, isList: Bool = false) {
    self.name = name
    self.isBare = isBare
    self.isList = isList
  }
}

/// Objects in parameters (OpenAPI 3.1 §4.8.12.2), and parameters of JSON: read as the value of JSON that they stand for.
/// All report what is wrong, with pointers into the value, and return nil then or where there is no such parameter.
extension Parameters {
  public typealias Reader<Value> = (inout JSONReader) throws(JSONSyntaxError) -> Value?

  /// Of a text of JSON that is there.
  public mutating func json<Value>(_ name: StaticString, _ text: String, _ read: Reader<Value>) -> Value? {
    value(ByteBuffer(string: text), at: "/\(name)", read)
  }

  /// A query's `filter[name]=ada`, in the style deepObject.
  public mutating func bracketed<Value>(
    _ name: StaticString, required: Bool = false, _ properties: [ParameterProperty],
    others: ParameterProperty = ParameterProperty(""), _ read: Reader<Value>
  ) -> Value? {
    let opening = "\(name)["
    let texts = query.compactMap { pair -> (name: String, value: String)? in
      guard pair.name.hasPrefix(opening), pair.name.hasSuffix("]") else { return nil }
      return (String(pair.name.dropFirst(opening.count).dropLast()), pair.value)
    }
    guard isThere(name, texts, required) else { return nil }
    return object(texts, at: "/\(name)", properties, others, read)
  }

  /// A query's `name=ada&age=3`, in the style form with `explode`: only what is declared is known to belong to it.
  public mutating func exploded<Value>(
    _ name: StaticString, required: Bool = false, _ properties: [ParameterProperty],
    others: ParameterProperty = ParameterProperty(""), _ read: Reader<Value>
  ) -> Value? {
    let names = Set(properties.map(\.name.description))
    let texts = query.filter { names.contains($0.name) }
    guard isThere(name, texts, required) else { return nil }
    // The properties are the parameters that a client sees.
    return object(texts, at: "", properties, others, read)
  }

  /// Of a text that is there, such as `name,ada,age,3`.
  ///
  /// - Parameter isAssigned: whether it is `name=ada,age=3`.
  public mutating func object<Value>(
    _ name: StaticString, _ text: String, isAssigned: Bool = false, _ properties: [ParameterProperty],
    others: ParameterProperty = ParameterProperty(""), _ read: Reader<Value>
  ) -> Value? {
    let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
    var texts: [(name: String, value: String)] = []
    if isAssigned {
      for part in parts {
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else {
          violate(name, "type", "must be names and values with '=' between them, and ',' between the pairs")
          return nil
        }
        texts.append((String(sides[0]), String(sides[1])))
      }
    } else {
      guard parts.count.isMultiple(of: 2) else {
        violate(name, "type", "must be names and values in turn, with ',' between them")
        return nil
      }
      for index in stride(from: 0, to: parts.count, by: 2) {
        texts.append((String(parts[index]), String(parts[index + 1])))
      }
    }
    return object(texts, at: "/\(name)", properties, others, read)
  }

  private mutating func isThere(
    _ name: StaticString, _ texts: [(name: String, value: String)], _ required: Bool
  ) -> Bool {
    if texts.isEmpty, required { violate(name, "required", "is required") }
    return !texts.isEmpty
  }

  private mutating func object<Value>(
    _ texts: [(name: String, value: String)], at pointer: String, _ properties: [ParameterProperty],
    _ others: ParameterProperty, _ read: Reader<Value>
  ) -> Value? {
    var writer = JSONWriter(capacity: 256)
    writer.raw("{")
    var isFirst = true
    var rest = Dictionary(grouping: texts, by: \.name)
    // In the order of the query, each where it is first.
    for (name, _) in texts {
      guard let values = rest.removeValue(forKey: name)?.map(\.value) else { continue }
      let property = properties.first { $0.name.description == name } ?? others
      guard property.isList || values.count == 1 else {
        violate(at: "\(pointer)/\(JSONReader.token(name))", "maxItems", "must be there once")
        return nil
      }
      writer.separator(&isFirst)
      writer.string(name)
      writer.raw(":")
      if property.isList {
        writer.array(values) { writer, value in Self.write(value, property, &writer) }
      } else {
        Self.write(values[0], property, &writer)
      }
    }
    writer.raw("}")
    return value(writer.finish(), at: pointer, read)
  }

  private static func write(_ text: String, _ property: ParameterProperty, _ writer: inout JSONWriter) {
    if property.isBare, ["true", "false", "null"].contains(text) || JSONReader.isNumber(text) {
      writer.unquoted(text)
    } else {
      writer.string(text)
    }
  }

  private mutating func value<Value>(_ json: ByteBuffer, at pointer: String, _ read: Reader<Value>) -> Value? {
    var found: [Violation] = []
    do {
      if let value = try JSONReader.read(json, violations: &found, read), found.isEmpty { return value }
    } catch {
      violate(at: pointer, "type", "must be JSON")
    }
    for violation in found { violate(at: pointer + violation.pointer, violation.keyword, violation.message) }
    return nil
  }
}
