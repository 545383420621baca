/// Goes through the rows of a result, and through the columns of each in their order.
///
/// A column that does not exist, one of another type, and one that was left unread when its row ends are each a
/// `badValue`: the statement and the type that reads it say different things.
public struct RowReader: ~Copyable {
  private var row: Row
  /// The column that is read next; before and behind the rows that of a row that is over.
  private var column: Int
  private let columnCount: Int
  /// How many rows there are.
  public let count: Int

  public init(_ result: PostgresResult) {
    row = Row(result: result, index: -1)
    columnCount = result.columnCount
    column = columnCount
    count = result.count
  }

  /// How many rows an INSERT, UPDATE, DELETE or SELECT concerned.
  public var affectedRows: Int { row.result.affectedRows }

  /// Goes to the next row; false behind the last one.
  ///
  /// - Throws: `badValue` if the row before has columns that were not read.
  public mutating func next() throws(PostgresError) -> Bool {
    guard column == columnCount else {
      throw PostgresError(.badValue, "a row has \(columnCount) columns, \(column) were read")
    }
    guard Int(row.index) + 1 < count else { return false }
    row.index += 1
    column = 0
    return true
  }

  /// Whether the next column is NULL.
  public var isNull: Bool {
    get throws(PostgresError) {
      guard column < columnCount else { throw missing() }
      return row.isNull(column)
    }
  }

  /// Leaves columns unread.
  ///
  /// - Parameter count: at least 0.
  public mutating func skip(_ count: Int) throws(PostgresError) {
    guard count >= 0, count <= columnCount - column else { throw missing() }
    column += count
  }

  /// Leaves columns unread if the first of them is NULL.
  ///
  /// - Parameter count: at least 1.
  /// - Returns: Whether it did.
  public mutating func skipNull(_ count: Int) throws(PostgresError) -> Bool {
    guard count >= 1, count <= columnCount - column else { throw missing() }
    guard row.isNull(column) else { return false }
    column += count
    return true
  }

  /// The error to throw for the column that was read last.
  public func badValue(expected: String) -> PostgresError {
    row.index >= 0 && column > 0 ? row.badValue(column - 1, expected: expected) : missing()
  }

  @inline(never)
  private func missing() -> PostgresError {
    PostgresError(.badValue, "a row has only \(columnCount) columns, another was asked for")
  }

  /// The next column, which counts as read.
  @inline(__always)
  private mutating func take() throws(PostgresError) -> Int {
    guard column < columnCount else { throw missing() }
    column += 1
    return column - 1
  }
}

// Each as its namesake of `Row`, for the next column.
extension RowReader {
  public mutating func string() throws(PostgresError) -> String { try row.string(try take()) }
  public mutating func optionalString() throws(PostgresError) -> String? { try row.optionalString(try take()) }
  public mutating func int() throws(PostgresError) -> Int { try row.int(try take()) }
  public mutating func optionalInt() throws(PostgresError) -> Int? { try row.optionalInt(try take()) }
  public mutating func bool() throws(PostgresError) -> Bool { try row.bool(try take()) }
  public mutating func optionalBool() throws(PostgresError) -> Bool? { try row.optionalBool(try take()) }
  public mutating func double() throws(PostgresError) -> Double { try row.double(try take()) }
  public mutating func bytes() throws(PostgresError) -> [UInt8] { try row.bytes(try take()) }
  public mutating func microsecondsSinceEpoch() throws(PostgresError) -> Int64 {
    try row.microsecondsSinceEpoch(try take())
  }
  public mutating func optionalMicrosecondsSinceEpoch() throws(PostgresError) -> Int64? {
    try row.optionalMicrosecondsSinceEpoch(try take())
  }
  public mutating func uuidWords() throws(PostgresError) -> UUIDWords {
    try row.uuidWords(try take())
  }
  public mutating func optionalUUIDWords() throws(PostgresError) -> UUIDWords? {
    try row.optionalUUIDWords(try take())
  }
  public mutating func uuidWordsArray() throws(PostgresError) -> [UUIDWords] {
    try row.uuidWordsArray(try take())
  }
  public mutating func intArray() throws(PostgresError) -> [Int?] { try row.intArray(try take()) }

  /// A text, of which `body` makes something else: its UTF-8, borrowed while `body` runs; empty for NULL.
  // Inlinable for the sake of `Output` and `body`, which are known where it is called.
  @inlinable
  public mutating func text<Output>(_ body: (UnsafeRawBufferPointer) -> Output) throws(PostgresError) -> Output {
    body(try utf8())
  }

  /// What `text` lends: valid for as long as the result lives, which this holds.
  @usableFromInline
  mutating func utf8() throws(PostgresError) -> UnsafeRawBufferPointer { try row.utf8(of: try take()) }
}
