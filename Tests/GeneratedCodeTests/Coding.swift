import NIOCore
import ProtocolRuntime

/// Reads a value, and tells what breaks its schema: `/name maxLength`.
func decode<Value: JSONDecodable>(_ type: Value.Type, _ json: String) throws -> (Value?, [String]) {
  var violations: [Violation] = []
  let value = try Value.decode(json: ByteBuffer(string: json), violations: &violations)
  return (value, violations.map { "\($0.pointer) \($0.keyword)" })
}

func encode(_ value: some JSONEncodable) -> String {
  var writer = JSONWriter(capacity: 64)
  value.encode(into: &writer)
  return String(buffer: writer.finish())
}
