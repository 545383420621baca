// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Checks what a server sent against the spec, by the generated decoders.
public enum Validators {
  /// - Returns: nil for an operation or success status that the spec does not have.
  public static func response(operation: String, status: Int, body: ByteBuffer) throws -> [Violation]? {
    switch (operation, status) {
    default: return nil
    }
  }

  /// - Returns: nil for an event that the spec does not have.
  public static func event(_ name: String, payload: ByteBuffer) throws -> [Violation]? {
    switch name {
    default: return nil
    }
  }

  /// - Parameter data: the `data` of an acknowledgement with `ok: true`.
  /// - Returns: nil for an event that the spec does not have, or one without data.
  public static func acknowledgement(event: String, data: ByteBuffer) throws -> [Violation]? {
    switch event {
    default: return nil
    }
  }

  private static func violations<Value>(_ json: ByteBuffer, _ read: (inout JSONReader) throws(JSONSyntaxError) -> Value?) throws -> [Violation] {
    var violations: [Violation] = []
    _ = try JSONReader.read(json, violations: &violations, read)
    return violations
  }
}
