/// Integers that are written with a fraction or an exponent: `1.0`, `1e2`, `0.05e2`. By their digits, for binary
/// fractions can't tell 0.99999999999999999999 from 1.
enum DecimalInteger {
  /// The value of a JSON number (RFC 8259 §6) if it is an integer, however it is written. Beyond 64 bits only its sign
  /// counts: it breaks one of the bounds that every integer of a spec has.
  static func value(of number: some Collection<UInt8>) -> Int? {
    var digits: [UInt8] = []
    // How many of the digits stand before the decimal point.
    var whole: Int?
    var rest = number[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
      rest.removeFirst()
      if byte == UInt8(ascii: ".") { whole = digits.count } else { digits.append(byte &- UInt8(ascii: "0")) }
    }
    // Zeros at the ends say nothing once it is known where the point is.
    var point = whole ?? digits.count
    while digits.last == 0 { digits.removeLast() }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    point -= leading
    guard !digits.isEmpty else { return 0 }
    // An exponent that does not fit is larger than any number of digits that a body can have.
    let exponent = rest.isEmpty ? 0 : self.exponent(rest.dropFirst())
    let (shifted, overflows) = point.addingReportingOverflow(exponent)
    point = overflows ? (exponent < 0 ? .min : .max) : shifted
    guard point >= digits.count else { return nil }
    let limit = isNegative ? Int.min : Int.max
    // 2⁶³ has 19 digits.
    guard point <= 19 else { return limit }
    var value = 0
    for index in 0..<point {
      let digit = index < digits.count ? Int(digits[index]) : 0
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = product.addingReportingOverflow(isNegative ? -digit : digit)
      guard !isLarge, !isLarger else { return limit }
      value = sum
    }
    return value
  }

  private static func exponent(_ text: some Collection<UInt8>) -> Int {
    var rest = text[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let magnitude = Int(String(decoding: rest, as: UTF8.self)) ?? .max
    return isNegative ? -magnitude : magnitude
  }
}
