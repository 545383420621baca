// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Checks what a server sent against the spec, by the generated decoders.
public enum Validators {
  /// - Returns: nil for an operation or success status that the spec does not have.
  public static func response(operation: String, status: Int, body: ByteBuffer) throws -> [Violation]? {
    switch (operation, status) {
    case ("listTexts", 200): return try violations(body, Told.decode(from:))
    default: return nil
    }
  }

  /// - Returns: nil for an event that the spec does not have.
  public static func event(_ name: String, payload: ByteBuffer) throws -> [Violation]? {
    switch name {
    case "text_told": return try violations(payload, Told.decode(from:))
    default: return nil
    }
  }

  /// - Parameter data: the `data` of an acknowledgement with `ok: true`.
  /// - Returns: nil for an event that the spec does not have, or one without data.
  public static func acknowledgement(event: String, data: ByteBuffer) throws -> [Violation]? {
    switch event {
    case "add_text": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constant("h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\").map { _ in "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\" } })
    default: return nil
    }
  }

  private static func violations<Value>(_ json: ByteBuffer, _ read: (inout JSONReader) throws(JSONSyntaxError) -> Value?) throws -> [Violation] {
    var violations: [Violation] = []
    _ = try JSONReader.read(json, violations: &violations, read)
    return violations
  }
}
