/// Which names of a spec can become Swift names.
enum IdentifierCheck {
  /// Names that a named schema would hide: Swift's own, the runtime's and those that the generator declares.
  static let reservedTypes: Set<String> = [
    // Swift
    "Any", "AnyObject", "Array", "Bool", "CaseIterable", "Character", "Codable", "Comparable", "Dictionary", "Double",
    "Equatable", "Error", "Float", "Hashable", "Identifiable", "Int", "Int32", "Int64", "Never", "Optional", "Protocol",
    "RawRepresentable", "Result", "Self", "Sendable", "Set", "StaticString", "String", "Substring", "Swift", "Task",
    "Type", "UInt", "UInt8", "UInt16", "UInt32", "UInt64", "Void",
    // ProtocolRuntime
    "AccessDecision", "Acknowledgement", "Authenticator", "BodyStream", "ByteBuffer", "Caller", "ConnectionID",
    "Content",
    "EncodedEvent", "FormField", "FormFile", "FormPart", "FormParts",
    "JSONDecodable", "JSONEncodable", "JSONReader", "JSONWriter", "LogPosition", "NIOCore", "ProblemCode",
    "ProblemDetails", "ProtocolRuntime", "Refusal", "Request", "RequestContext", "Response", "Timestamp", "UUID",
    "UnavailableError", "Violation",
    // Generated
    "API", "AccessPolicies", "Code", "EventStream", "Events", "Input", "OperationID", "Operations",
    "BodyPart", "Output", "Path", "Patterns", "Query", "Route", "ServerEvents", "SpecDocuments", "Validators",
  ]

  /// Also the protocols of the tags are called so, and what is made of a stream.
  static func isReservedType(_ name: String) -> Bool {
    reservedTypes.contains(name) || ["Handler", "Handlers", "LogEvent", "LogReplay"].contains(where: name.hasSuffix)
  }

  /// Tags that the generated API would call something else by.
  static let reservedTags: Set<String> = ["policies", "policy", "authenticator", "token", "on-fault", "problem"]

  /// The type of an operation: `sendMessage` has `SendMessage`.
  static func typeName(_ id: String) -> String {
    id.prefix(1).uppercased() + id.dropFirst()
  }

  /// `UpperCamelCase`: a letter A–Z, then letters and digits.
  static func isUpperCamelCase(_ name: String) -> Bool {
    startsWithUpper(name) && name.utf8.allSatisfy(isLetterOrDigit)
  }

  static func isLowerCamelCase(_ name: String) -> Bool {
    startsWithLower(name) && name.utf8.allSatisfy(isLetterOrDigit)
  }

  static func isSnakeCase(_ name: String) -> Bool {
    startsWithLower(name) && !name.hasSuffix("_") && !name.contains("__")
      && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) && !(0x41...0x5A).contains($0) }
  }

  static func isKebabCase(_ name: String) -> Bool {
    startsWithLower(name) && !name.hasSuffix("-") && !name.contains("--")
      && name.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isLetterOrDigit($0) && !(0x41...0x5A).contains($0) }
  }

  /// What a property, parameter or enum member may be called: a letter, then letters, digits, `_`, `-` and `.`.
  static func canBeMember(_ name: String) -> Bool {
    (startsWithLower(name) || startsWithUpper(name))
      && name.utf8.allSatisfy { isLetterOrDigit($0) || "_-.".utf8.contains($0) }
  }

  /// The member's name in Swift: `chat_id` is `chatID`. Two names of one scope must not become the same.
  static func memberName(_ name: String) -> String {
    let parts = name.split { "_-.".contains($0) }
    return parts.enumerated().map { index, part in
      if index == 0 { return part.prefix(1).lowercased() + part.dropFirst() }
      switch part.lowercased() {
      case "id": return "ID"
      case "ids": return "IDs"
      case "url": return "URL"
      case "urls": return "URLs"
      default: return part.prefix(1).uppercased() + part.dropFirst()
      }
    }.joined()
  }

  private static func startsWithUpper(_ name: String) -> Bool {
    name.utf8.first.map { (0x41...0x5A).contains($0) } ?? false
  }

  private static func startsWithLower(_ name: String) -> Bool {
    name.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
