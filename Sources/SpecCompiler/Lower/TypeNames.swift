/// Gives types names that the specs do not name, and tells apart what would become one name in Swift.
struct TypeNames {
  private var used: Set<String> = []
  /// The last number that was given to a name: to count from 2 each time takes long where many are the same.
  private var numbers: [String: Int] = [:]
  private var byPlace: [SourceLocation: String] = [:]

  /// - Returns: whether it was free.
  @discardableResult
  mutating func take(_ name: String) -> Bool { used.insert(SwiftName.schema(name)).inserted }

  /// A name for a component that is called so.
  mutating func name(forComponent key: String) -> String { free(Self.typeName([key])) }

  /// The name of a type that is written in place, always the same.
  ///
  /// - Parameter parts: what it is called by, from the outside to the inside.
  /// - Returns: nil for one that has a name.
  mutating func name(at node: Node, parts: [String]) -> (name: String, isNew: Bool) {
    if let known = byPlace[node.keyLocation] { return (known, false) }
    let name = free(Self.typeName(parts))
    byPlace[node.keyLocation] = name
    return (name, true)
  }

  /// The name, with a number behind it if it is taken.
  mutating func free(_ name: String) -> String {
    if take(name) { return name }
    var number = numbers[name, default: 1] + 1
    while !take("\(name)\(number)") { number += 1 }
    numbers[name] = number
    return "\(name)\(number)"
  }

  private static func typeName(_ parts: [String]) -> String {
    let name = parts.map { SwiftName.spelledPart($0) }.joined()
    return name.first?.isNumber == true ? "T" + name : name
  }
}

/// The names of the members of one type.
struct MemberNames {
  private var used: Set<String> = []
  private var numbers: [String: Int] = [:]
  let scope: SwiftName.Scope

  init(_ scope: SwiftName.Scope) { self.scope = scope }

  mutating func name(for text: String) -> String {
    let name = SwiftName.bare(text, scope)
    if used.insert(name).inserted { return name }
    var number = numbers[name, default: 1] + 1
    while !used.insert("\(name)\(number)").inserted { number += 1 }
    numbers[name] = number
    return "\(name)\(number)"
  }
}

extension Lowerer {
  /// What a schema that is written in place is called by: the keys that lead to it, without those of the standards.
  func nameParts(of node: Node) -> [String] {
    let keys = node.path.keys
    var parts: [String] = []
    var rest = keys[...]
    if keys.first == "paths", keys.count > 3 {
      parts.append(operationNames["\(keys[1]) \(keys[2])"] ?? keys[1] + "/" + keys[2])
      rest = keys[3...]
    } else if keys.first == "components", keys.count > 2 {
      parts.append(keys[1] == "schemas" ? schemaTypeNames[keys[2]] ?? keys[2] : keys[2])
      rest = keys[3...]
    }
    while let key = rest.popFirst() {
      switch key {
      case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "headers":
        if let name = rest.popFirst() { parts.append(name) }
      case "parameters":
        // In an operation it is a list.
        if let name = rest.popFirst() { parts.append(Int(name).map { "Parameter\($0 + 1)" } ?? name) }
      case "items", "contains": parts.append("Item")
      case "additionalProperties", "propertyNames": parts.append("Value")
      case "oneOf", "anyOf": parts.append("Option\((rest.popFirst().flatMap { Int($0) } ?? 0) + 1)")
      case "allOf": parts.append("Part\((rest.popFirst().flatMap { Int($0) } ?? 0) + 1)")
      case "prefixItems": parts.append("Item\((rest.popFirst().flatMap { Int($0) } ?? 0) + 1)")
      case "requestBody": parts.append("Body")
      case "responses": parts.append("Response\(rest.popFirst() ?? "")")
      case "content": _ = rest.popFirst()
      case "schema": continue
      default: parts.append(key)
      }
    }
    return parts
  }
}
