/// A parameter's value. It is sent as text, and the server gives it the type that the statement asks for: write a cast
/// in the statement (`$1::uuid[]`) where it could not tell.
///
/// Other modules add their own types with a static function: `static func uuid(_ id: UUID) -> Value { .text("\(id)") }`.
public enum Value: Sendable, Hashable {
  case null
  /// Text without U+0000, which PostgreSQL cannot store: one that has it is refused before it is sent
  /// (``PostgresError/Code/badValue``). Also for uuid, timestamptz, json, enums….
  case text(String)
  case int(Int)
  case bool(Bool)
  case double(Double)
  case textArray([String?])
  case intArray([Int?])

  /// Text, or NULL for nil.
  public static func optional(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
  /// An integer, or NULL for nil.
  public static func optional(_ number: Int?) -> Value { number.map { .int($0) } ?? .null }
  /// A boolean, or NULL for nil.
  public static func optional(_ flag: Bool?) -> Value { flag.map { .bool($0) } ?? .null }
}
