import Postgres
import ProtocolRuntime

extension Value {
  static func uuid(_ id: UUID) -> Value { .text(id.description) }

  static func optional(_ id: UUID?) -> Value { id.map { .text($0.description) } ?? .null }

  static func uuids(_ ids: some Sequence<UUID>) -> Value { .textArray(ids.map(\.description)) }
}

extension Row {
  func uuid(_ column: Int) throws(PostgresError) -> UUID { UUID(try uuidWords(column)) }

  func optionalUUID(_ column: Int) throws(PostgresError) -> UUID? { try optionalUUIDWords(column).map { UUID($0) } }

  /// A uuid[].
  func uuids(_ column: Int) throws(PostgresError) -> [UUID] { try uuidWordsArray(column).map { UUID($0) } }

  /// A timestamptz, cut to milliseconds.
  func timestamp(_ column: Int) throws(PostgresError) -> Timestamp {
    Timestamp(microsecondsSinceEpoch: try microsecondsSinceEpoch(column))
  }

  func optionalTimestamp(_ column: Int) throws(PostgresError) -> Timestamp? {
    try optionalMicrosecondsSinceEpoch(column).map { Timestamp(microsecondsSinceEpoch: $0) }
  }

  /// A text that is one of the values of an enumeration of the protocol.
  func named<Name: TextEnumeration>(_ column: Int, as type: Name.Type = Name.self) throws(PostgresError) -> Name {
    guard let name = try text(column, { Name(utf8: $0) }) else { throw badValue(column, expected: "\(type)") }
    return name
  }

  /// A text that is one of another enumeration's values.
  func named<Name: RawRepresentable<String>>(_ column: Int, as type: Name.Type = Name.self) throws(PostgresError)
    -> Name
  {
    guard let name = Name(rawValue: try string(column)) else { throw badValue(column, expected: "\(type)") }
    return name
  }
}

extension UUID {
  fileprivate init(_ halves: (high: UInt64, low: UInt64)) { self.init(high: halves.high, low: halves.low) }
}

extension Timestamp {
  fileprivate init(microsecondsSinceEpoch microseconds: Int64) {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1000)
    self.init(millisecondsSinceEpoch: remainder < 0 ? quotient - 1 : quotient)
  }
}
