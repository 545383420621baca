/// A parameter's value.
///
/// A plain one is sent as text, and the server gives it the type that the statement asks for. A uuid and an array are
/// sent in binary, and must be what the statement says: `uuid`, `uuid[]`, `text[]`, `bigint[]`. Write a cast in the
/// statement (`$1::uuid[]`) where it could not tell.
///
/// Other modules add their own types with a static function:
/// `static func uuid(_ id: UUID) -> Value { .uuid(UUIDWords(high: id.high, low: id.low)) }`.
public enum Value: Sendable, Hashable {
  case null
  /// Text without U+0000, which PostgreSQL cannot store: one that has it is refused before it is sent
  /// (``PostgresError/Code/badValue``). Also for timestamptz, json, enums…, but not for uuid.
  case text(String)
  case int(Int)
  case bool(Bool)
  case double(Double)
  case uuid(UUIDWords)
  /// A `text[]`.
  case textArray([String?])
  /// A `bigint[]`.
  case intArray([Int?])
  case uuidArray([UUIDWords?])

  /// Text, or NULL for nil.
  public static func optional(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
  /// An integer, or NULL for nil.
  public static func optional(_ number: Int?) -> Value { number.map { .int($0) } ?? .null }
  /// A boolean, or NULL for nil.
  public static func optional(_ flag: Bool?) -> Value { flag.map { .bool($0) } ?? .null }
}

/// A uuid: its first and its last eight bytes, big-endian.
public struct UUIDWords: Sendable, Hashable {
  public let high: UInt64
  public let low: UInt64

  @inline(__always)
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}
