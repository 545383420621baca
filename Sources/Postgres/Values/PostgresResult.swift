import CPostgres

/// The rows that a statement returned, as libpq received them. Values are decoded when they are asked for.
///
/// @unchecked: a PGresult is read-only once libpq has returned it and may be passed between threads (libpq, §34.20);
/// it is freed when nothing refers to it any more.
public final class PostgresResult: @unchecked Sendable {
  let handle: OpaquePointer
  /// The number of rows.
  public let count: Int
  /// The number of columns.
  public var columnCount: Int { types.count }
  /// The types of the columns: looked up once, for they are checked at each value.
  let types: [ColumnType]

  /// Takes the ownership of a `PGresult`.
  init(owning handle: OpaquePointer) {
    self.handle = handle
    count = Int(PQntuples(handle))
    types = (0..<PQnfields(handle)).map { ColumnType(rawValue: PQftype(handle, $0)) }
  }

  deinit { PQclear(handle) }

  /// How many rows an INSERT, UPDATE, DELETE or SELECT concerned.
  public var affectedRows: Int {
    guard let text = PQcmdTuples(handle) else { return 0 }
    return Int(String(cString: text)) ?? 0
  }

  /// The name of a column, as the statement gave it.
  public func columnName(_ column: Int) -> String {
    precondition(column >= 0 && column < columnCount, "no such column")
    return PQfname(handle, Int32(column)).map { String(cString: $0) } ?? ""
  }
}

extension PostgresResult: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> Row {
    precondition(position >= 0 && position < count, "no such row")
    return Row(result: self, index: Int32(position))
  }
}

/// One row of a result. Columns go by their index, from 0; one that does not exist is a programmer's error and traps.
public struct Row: Sendable {
  let result: PostgresResult
  var index: Int32

  /// Whether the column is NULL.
  public func isNull(_ column: Int) -> Bool {
    PQgetisnull(result.handle, index, checked(column)) != 0
  }

  /// The column's bytes in PostgreSQL's binary form, borrowed while `body` runs; empty for NULL.
  @inline(__always)
  public func withBytes<Output, Failure: Error>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Output
  ) throws(Failure) -> Output {
    try body(bytes(of: column))
  }

  /// As `withBytes`, for as long as the result lives.
  @inline(__always)
  func bytes(of column: Int) -> UnsafeRawBufferPointer {
    let column = checked(column)
    let length = Int(PQgetlength(result.handle, index, column))
    guard length > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: PQgetvalue(result.handle, index, column), count: length)
  }

  func type(_ column: Int) -> ColumnType { result.types[column] }

  /// The error to throw for a column that is not what was asked for. The value itself is kept out of it.
  @inline(never)
  public func badValue(_ column: Int, expected: String) -> PostgresError {
    let what = isNull(column) ? "NULL" : "something else"
    return PostgresError(
      .badValue, "column \(column) (\(result.columnName(column))), row \(index): expected \(expected), found \(what)")
  }

  private func checked(_ column: Int) -> Int32 {
    precondition(column >= 0 && column < result.columnCount, "no such column")
    return Int32(column)
  }
}
