// Typed access to columns. Each throws `badValue` for NULL and for what does not parse; its `optional…` sibling answers
// nil for NULL.
extension Row {
  /// Text, also of uuid, timestamptz, json….
  public func string(_ column: Int) throws(PostgresError) -> String {
    guard let value = optionalString(column) else { throw badValue(column, expected: "text") }
    return value
  }

  public func optionalString(_ column: Int) -> String? {
    isNull(column) ? nil : withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  /// A smallint, integer or bigint.
  public func int(_ column: Int) throws(PostgresError) -> Int {
    guard let value = parseInt(column) else { throw badValue(column, expected: "an integer") }
    return value
  }

  public func optionalInt(_ column: Int) throws(PostgresError) -> Int? {
    isNull(column) ? nil : try int(column)
  }

  /// As `int`, in 64 bits.
  public func int64(_ column: Int) throws(PostgresError) -> Int64 { Int64(try int(column)) }

  public func bool(_ column: Int) throws(PostgresError) -> Bool {
    let byte: UInt8? = withBytes(column) { $0.count == 1 ? $0[0] : nil }
    switch byte {
    case UInt8(ascii: "t"): return true
    case UInt8(ascii: "f"): return false
    default: throw badValue(column, expected: "a boolean")
    }
  }

  public func optionalBool(_ column: Int) throws(PostgresError) -> Bool? {
    isNull(column) ? nil : try bool(column)
  }

  /// A real, double precision or numeric.
  public func double(_ column: Int) throws(PostgresError) -> Double {
    guard let text = optionalString(column), let value = Double(text) else {
      throw badValue(column, expected: "a number")
    }
    return value
  }

  public func optionalDouble(_ column: Int) throws(PostgresError) -> Double? {
    isNull(column) ? nil : try double(column)
  }

  /// A bytea, which the server sends as `\x` and hexadecimal digits.
  public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
    guard let bytes = withBytes(column, Hexadecimal.decodeBytea), !isNull(column) else {
      throw badValue(column, expected: "bytes")
    }
    return bytes
  }

  public func optionalBytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
    isNull(column) ? nil : try bytes(column)
  }

  /// A one-dimensional array of anything, its elements as text.
  public func textArray(_ column: Int) throws(PostgresError) -> [String?] {
    guard let elements = withBytes(column, ArrayLiteral.parse), !isNull(column) else {
      throw badValue(column, expected: "an array of one dimension")
    }
    return elements
  }

  /// A one-dimensional array of integers.
  public func intArray(_ column: Int) throws(PostgresError) -> [Int?] {
    var numbers: [Int?] = []
    for element in try textArray(column) {
      guard let element else {
        numbers.append(nil)
        continue
      }
      guard let number = Int(element) else { throw badValue(column, expected: "an array of integers") }
      numbers.append(number)
    }
    return numbers
  }

  private func parseInt(_ column: Int) -> Int? {
    withBytes(column) { bytes in
      let isNegative = bytes.first == UInt8(ascii: "-")
      let start = isNegative ? 1 : 0
      guard start < bytes.count else { return nil }
      // Built downwards from zero, so that Int.min fits.
      var number = 0
      for index in start..<bytes.count {
        let digit = bytes[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, underflow) = product.subtractingReportingOverflow(Int(digit))
        guard !overflow, !underflow else { return nil }
        number = sum
      }
      if isNegative { return number }
      return number == .min ? nil : -number
    }
  }
}
