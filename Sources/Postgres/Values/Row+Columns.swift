import CPostgres

// Typed access to columns. Each throws `badValue` for NULL and for a column of another type; its `optional…` sibling
// answers nil for NULL.
//
// What a page of messages has hundreds of is inlined into `RowReader`, which is what reads it: each value is one call.
extension Row {
  /// A text, varchar, name or json.
  @inline(__always)
  public func string(_ column: Int) throws(PostgresError) -> String {
    guard let value = try optionalString(column) else { throw badValue(column, expected: "text") }
    return value
  }

  @inline(__always)
  public func optionalString(_ column: Int) throws(PostgresError) -> String? {
    let bytes = try utf8(of: column)
    return bytes.isEmpty && isNull(column) ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// As `string`, for what makes something else of a text: its UTF-8, borrowed while `body` runs; empty for NULL.
  public func text<Output>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) -> Output
  ) throws(PostgresError) -> Output {
    body(try utf8(of: column))
  }

  /// As `text`, for as long as the result lives.
  @inline(__always)
  func utf8(of column: Int) throws(PostgresError) -> UnsafeRawBufferPointer {
    guard isText(column) else { throw badValue(column, expected: "text") }
    return bytes(of: column)
  }

  /// A smallint, integer or bigint.
  @inline(__always)
  public func int(_ column: Int) throws(PostgresError) -> Int {
    guard let value = try optionalInt(column) else { throw badValue(column, expected: "an integer") }
    return value
  }

  @inline(__always)
  public func optionalInt(_ column: Int) throws(PostgresError) -> Int? {
    switch type(column) {
    case .bigint: number(column, Int64.self).map { Int($0) }
    case .integer: number(column, Int32.self).map { Int($0) }
    case .smallint: number(column, Int16.self).map { Int($0) }
    default: throw badValue(column, expected: "an integer")
    }
  }

  /// As `int`, in 64 bits.
  public func int64(_ column: Int) throws(PostgresError) -> Int64 { Int64(try int(column)) }

  public func bool(_ column: Int) throws(PostgresError) -> Bool {
    guard let value = try optionalBool(column) else { throw badValue(column, expected: "a boolean") }
    return value
  }

  public func optionalBool(_ column: Int) throws(PostgresError) -> Bool? {
    guard type(column) == .boolean else { throw badValue(column, expected: "a boolean") }
    return number(column, UInt8.self).map { $0 != 0 }
  }

  /// A double precision.
  public func double(_ column: Int) throws(PostgresError) -> Double {
    guard let value = try optionalDouble(column) else { throw badValue(column, expected: "a double") }
    return value
  }

  public func optionalDouble(_ column: Int) throws(PostgresError) -> Double? {
    guard type(column) == .double else { throw badValue(column, expected: "a double") }
    return number(column, UInt64.self).map { Double(bitPattern: $0) }
  }

  /// A bytea.
  public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
    guard let bytes = try optionalBytes(column) else { throw badValue(column, expected: "bytes") }
    return bytes
  }

  public func optionalBytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
    guard type(column) == .bytea else { throw badValue(column, expected: "bytes") }
    return withBytes(column) { $0.isEmpty && isNull(column) ? nil : Array($0) }
  }

  /// A uuid: its first and its last eight bytes, big-endian.
  @inline(__always)
  public func uuidWords(_ column: Int) throws(PostgresError) -> UUIDWords {
    guard let value = try optionalUUIDWords(column) else { throw badValue(column, expected: "a uuid") }
    return value
  }

  @inline(__always)
  public func optionalUUIDWords(_ column: Int) throws(PostgresError) -> UUIDWords? {
    guard type(column) == .uuid else { throw badValue(column, expected: "a uuid") }
    return withBytes(column, BinaryForm.uuid)
  }

  /// A timestamptz, in microseconds since 1970-01-01T00:00:00Z.
  @inline(__always)
  public func microsecondsSinceEpoch(_ column: Int) throws(PostgresError) -> Int64 {
    guard let time = try optionalMicrosecondsSinceEpoch(column) else { throw badValue(column, expected: "a time") }
    return time
  }

  @inline(__always)
  public func optionalMicrosecondsSinceEpoch(_ column: Int) throws(PostgresError) -> Int64? {
    guard type(column) == .timestamptz else { throw badValue(column, expected: "a time") }
    guard let time = number(column, Int64.self) else { return nil }
    // Infinity and -infinity are the ends of the 64 bits (PostgreSQL's timestamp.h).
    guard time != .max, time != .min else { throw badValue(column, expected: "a time") }
    return time + BinaryForm.epoch
  }

  /// An array of one dimension whose elements are text.
  public func textArray(_ column: Int) throws(PostgresError) -> [String?] {
    try array(column, of: [.text, .varchar, .name]) { String(decoding: $0, as: UTF8.self) }
  }

  /// An array of one dimension whose elements are integers.
  public func intArray(_ column: Int) throws(PostgresError) -> [Int?] {
    try array(column, of: [.bigint, .integer, .smallint], BinaryForm.integer)
  }

  /// An array of one dimension whose elements are uuids, none of them NULL.
  public func uuidWordsArray(_ column: Int) throws(PostgresError) -> [UUIDWords] {
    var values: [UUIDWords] = []
    for element in try array(column, of: [.uuid], BinaryForm.uuid) {
      guard let element else { throw badValue(column, expected: "an array without NULL") }
      values.append(element)
    }
    return values
  }

  @inline(__always)
  private func isText(_ column: Int) -> Bool {
    switch type(column) {
    case .text, .varchar, .name, .json: true
    default: false
    }
  }

  // A page of messages has hundreds of numbers: no closure, and one look at the length for NULL and for the size.
  @inline(__always)
  private func number<Number: FixedWidthInteger>(_ column: Int, _ type: Number.Type) -> Number? {
    guard Int(PQgetlength(result.handle, index, Int32(column))) == MemoryLayout<Number>.size,
      let value = PQgetvalue(result.handle, index, Int32(column))
    else { return nil }
    return Number(bigEndian: UnsafeRawPointer(value).loadUnaligned(as: Number.self))
  }

  private func array<Element>(
    _ column: Int, of types: [ColumnType], _ element: (UnsafeRawBufferPointer) -> Element?
  ) throws(PostgresError) -> [Element?] {
    guard type(column).isArray, let elements = withBytes(column, { BinaryForm.array($0, of: types, element) }) else {
      throw badValue(column, expected: "an array of one dimension of \(types[0])")
    }
    return elements
  }
}
