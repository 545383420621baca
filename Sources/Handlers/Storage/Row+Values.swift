import Postgres
import ProtocolRuntime

extension Value {
  static func uuid(_ id: UUID) -> Value { .text(id.description) }

  static func optional(_ id: UUID?) -> Value { id.map { .text($0.description) } ?? .null }

  static func uuids(_ ids: some Sequence<UUID>) -> Value { .textArray(ids.map(\.description)) }
}

extension Row {
  func uuid(_ column: Int) throws(PostgresError) -> UUID {
    guard let id = withBytes(column, { UUID(ascii: $0) }) else { throw badValue(column, expected: "a uuid") }
    return id
  }

  func optionalUUID(_ column: Int) throws(PostgresError) -> UUID? {
    isNull(column) ? nil : try uuid(column)
  }

  /// A uuid[].
  func uuids(_ column: Int) throws(PostgresError) -> [UUID] {
    var ids: [UUID] = []
    for text in try textArray(column) {
      guard let id = text.flatMap({ UUID($0) }) else { throw badValue(column, expected: "uuids") }
      ids.append(id)
    }
    return ids
  }

  /// A timestamptz: the session's time zone is UTC, so the text is `2026-11-22 17:00:00.123+00`.
  func timestamp(_ column: Int) throws(PostgresError) -> Timestamp {
    let time = withBytes(column) { bytes -> Timestamp? in
      guard (22...29).contains(bytes.count), bytes[10] == UInt8(ascii: " "),
        bytes[bytes.count - 3] == UInt8(ascii: "+"), bytes[bytes.count - 2] == UInt8(ascii: "0"),
        bytes[bytes.count - 1] == UInt8(ascii: "0")
      else { return nil }
      // As RFC 3339 has it: a T in the middle, and a Z for the three characters of the offset.
      return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { copy in
        copy.copyMemory(from: bytes)
        copy[10] = UInt8(ascii: "T")
        copy[bytes.count - 3] = UInt8(ascii: "Z")
        return Timestamp(ascii: UnsafeRawBufferPointer(rebasing: copy[..<(bytes.count - 2)]))
      }
    }
    guard let time else { throw badValue(column, expected: "a time") }
    return time
  }

  func optionalTimestamp(_ column: Int) throws(PostgresError) -> Timestamp? {
    isNull(column) ? nil : try timestamp(column)
  }

  /// A text that is one of an enumeration's values.
  func named<Name: RawRepresentable<String>>(_ column: Int, as type: Name.Type = Name.self) throws(PostgresError)
    -> Name
  {
    guard let name = Name(rawValue: try string(column)) else { throw badValue(column, expected: "\(type)") }
    return name
  }
}
