/// A number of JSON (RFC 8259 §6) as it was written. Two are equal where their decimal digits are: 1, 1.0 and 1e0.
public struct JSONNumber: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// What JSON has.
  public let text: String

  /// - Parameter text: a number of JSON.
  init(text: String) { self.text = text }

  public init(_ value: Int) { text = String(value) }

  /// - Parameter value: finite; anything else becomes 0, since JSON can't say it.
  public init(_ value: Double) { text = value.isFinite ? value.description : "0" }

  public init(integerLiteral value: Int) { self.init(value) }

  /// The integer that it is, however it is written; nil for a fraction, and beyond 64 bits.
  public var integer: Int? {
    if let value = Int(text) { return value }
    guard let value = DecimalInteger.value(of: text.utf8), value != .min, value != .max else { return nil }
    return value
  }

  /// The nearest number of 64 bits, infinite beyond the largest.
  public var double: Double { Double(text) ?? .nan }

  var digits: DecimalDigits { DecimalDigits(text.utf8) }

  public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    left.text == right.text || left.digits.order(beside: right.digits) == 0
  }

  public func hash(into hasher: inout Hasher) {
    let digits = digits
    hasher.combine(digits.isNegative)
    hasher.combine(digits.digits)
    hasher.combine(digits.point)
  }
}
