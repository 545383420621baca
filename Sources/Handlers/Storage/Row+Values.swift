import Postgres
import ProtocolRuntime

extension Value {
  static func uuid(_ id: UUID) -> Value { .uuid(id.words) }

  static func optional(_ id: UUID?) -> Value { id.map { .uuid($0.words) } ?? .null }

  static func uuids(_ ids: some Sequence<UUID>) -> Value { .uuidArray(ids.map(\.words)) }

  static func optionals(_ ids: some Sequence<UUID?>) -> Value { .uuidArray(ids.map { $0?.words }) }
}

extension RowReader {
  mutating func uuid() throws(PostgresError) -> UUID { UUID(try uuidWords()) }

  mutating func optionalUUID() throws(PostgresError) -> UUID? { try optionalUUIDWords().map { UUID($0) } }

  /// A uuid[].
  mutating func uuids() throws(PostgresError) -> [UUID] { try uuidWordsArray().map { UUID($0) } }

  /// A timestamptz, cut to milliseconds.
  mutating func timestamp() throws(PostgresError) -> Timestamp {
    Timestamp(microsecondsSinceEpoch: try microsecondsSinceEpoch())
  }

  mutating func optionalTimestamp() throws(PostgresError) -> Timestamp? {
    try optionalMicrosecondsSinceEpoch().map { Timestamp(microsecondsSinceEpoch: $0) }
  }

  /// A text that is one of the values of an enumeration of the protocol.
  mutating func named<Name: TextEnumeration>(as type: Name.Type = Name.self) throws(PostgresError) -> Name {
    guard let name = try text({ Name(utf8: $0) }) else { throw badValue(expected: "\(type)") }
    return name
  }

  /// A text that is one of the values of an enumeration of the statement's: what came of it. Any other is a fault, so
  /// that a typing error in a statement is never answered as something that did not happen.
  mutating func outcome<Outcome: RawRepresentable<String>>(
    as type: Outcome.Type = Outcome.self
  ) throws(PostgresError) -> Outcome {
    guard let outcome = Outcome(rawValue: try string()) else { throw badValue(expected: "\(type)") }
    return outcome
  }

  /// As the other, for one that is a small number.
  mutating func outcome<Outcome: RawRepresentable<Int>>(
    as type: Outcome.Type = Outcome.self
  ) throws(PostgresError) -> Outcome {
    guard let outcome = Outcome(rawValue: try int()) else { throw badValue(expected: "\(type)") }
    return outcome
  }
}

extension UUID {
  fileprivate init(_ words: UUIDWords) { self.init(high: words.high, low: words.low) }

  fileprivate var words: UUIDWords { UUIDWords(high: high, low: low) }
}

extension Timestamp {
  fileprivate init(microsecondsSinceEpoch microseconds: Int64) {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1000)
    self.init(millisecondsSinceEpoch: remainder < 0 ? quotient - 1 : quotient)
  }
}
