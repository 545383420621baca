/// Integers that are written with a fraction or an exponent: `1.0`, `1e2`, `0.05e2`.
enum DecimalInteger {
  /// The value of a JSON number (RFC 8259 §6) if it is an integer, however it is written. Beyond 64 bits only its sign
  /// counts: it breaks one of the bounds that every integer of a spec has.
  static func value(of number: some Collection<UInt8>) -> Int? {
    let decimal = DecimalDigits(number)
    guard !decimal.digits.isEmpty else { return 0 }
    guard decimal.point >= decimal.digits.count else { return nil }
    let limit = decimal.isNegative ? Int.min : Int.max
    // 2⁶³ has 19 digits.
    guard decimal.point <= 19 else { return limit }
    var value = 0
    for index in 0..<decimal.point {
      let digit = index < decimal.digits.count ? Int(decimal.digits[index]) : 0
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = product.addingReportingOverflow(decimal.isNegative ? -digit : digit)
      guard !isLarge, !isLarger else { return limit }
      value = sum
    }
    return value
  }
}
