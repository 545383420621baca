import JSONSchema

/// What an answer, an acknowledgement or an event owes and does not keep. Nothing of its content is in it but the names
/// of members.
public struct Breach: Sendable, Hashable, CustomStringConvertible {
  /// The operation or event: `getMe 200`, `send_message`.
  public let subject: String
  /// Into the body or payload; empty for what is about the whole, or a header field.
  public let pointer: String
  /// Of JSON Schema; or `status`, `media type`, `header`, `code`, `json`, `event`.
  public let keyword: String
  public let message: String
  /// The keyword's place in the documents; empty for what no schema says.
  public let schema: String

  init(_ subject: String, _ keyword: String, _ message: String, pointer: String = "", schema: String = "") {
    self.subject = subject
    self.pointer = pointer
    self.keyword = keyword
    self.message = message
    self.schema = schema
  }

  init(_ subject: String, _ finding: Finding, below prefix: String = "") {
    self.init(
      subject, finding.keyword, finding.message, pointer: prefix + finding.pointer.description,
      schema: finding.schema.description)
  }

  public var description: String {
    let place = pointer.isEmpty ? keyword : "\(pointer): \(keyword)"
    return "\(subject): \(place): \(message)" + (schema.isEmpty ? "" : " (\(schema))")
  }
}

/// Documents that nothing can be judged by.
public struct ContractError: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
