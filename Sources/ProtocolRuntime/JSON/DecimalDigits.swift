/// A JSON number (RFC 8259 §6) by its decimal digits, whatever their number: binary fractions can't tell
/// 0.99999999999999999999 from 1.
struct DecimalDigits {
  var isNegative: Bool
  /// Without zeros at either end; empty for 0.
  var digits: [UInt8]
  /// The number is 0.digits · 10^point.
  var point: Int

  init(_ number: some Collection<UInt8>) {
    digits = []
    // How many of the digits stand before the decimal point.
    var whole: Int?
    var rest = number[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
      rest.removeFirst()
      if byte == UInt8(ascii: ".") { whole = digits.count } else { digits.append(byte &- UInt8(ascii: "0")) }
    }
    // Zeros at the ends say nothing once it is known where the point is.
    point = whole ?? digits.count
    while digits.last == 0 { digits.removeLast() }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    point = point - leading + Self.exponent(rest.dropFirst())
    if digits.isEmpty { (point, isNegative) = (0, false) }
  }

  /// Larger ones are as good as this: no text has as many digits.
  private static let exponentLimit = 1 << 48

  /// Of the digits behind the `e`, with their sign.
  static func exponent(_ text: some Collection<UInt8>) -> Int {
    var rest = text[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let magnitude = rest.reduce(0) { min($0 * 10 + Int($1 &- UInt8(ascii: "0")), exponentLimit) }
    return isNegative ? -magnitude : magnitude
  }

  /// -1, 0 or 1: how this is beside the other.
  func order(beside other: DecimalDigits) -> Int {
    if sign != other.sign { return sign < other.sign ? -1 : 1 }
    if point != other.point { return (point < other.point) == (sign > 0) ? -1 : 1 }
    if digits == other.digits { return 0 }
    return digits.lexicographicallyPrecedes(other.digits) == (sign > 0) ? -1 : 1
  }

  private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }
}
