/// A number by its decimal digits, exactly as it is written: coefficient × 10^exponent.
public struct DecimalNumber: Hashable, Sendable {
  /// Of a number that is written with an exponent: beyond it the number is refused, so that no sum of two overflows.
  static let maxExponent = 1_000_000_000

  public let isNegative: Bool
  /// 0 to 9 each, without zeros at the beginning and the end; empty for 0.
  let digits: [UInt8]
  /// The power of ten of the last digit.
  let exponent: Int

  /// - Parameter digits: 0 to 9 each.
  init(isNegative: Bool, digits: some Collection<UInt8>, exponent: Int) {
    let begun = digits.drop { $0 == 0 }
    var kept = Array(begun)
    while kept.last == 0 { kept.removeLast() }
    self.isNegative = isNegative && !kept.isEmpty
    self.exponent = kept.isEmpty ? 0 : exponent + begun.count - kept.count
    self.digits = kept
  }

  public init(_ integer: Int) {
    self.init(
      isNegative: integer < 0, digits: String(integer.magnitude).utf8.map { $0 - UInt8(ascii: "0") }, exponent: 0)
  }

  /// 0.5
  public static let half = DecimalNumber(isNegative: false, digits: [5], exponent: -1)

  public var isZero: Bool { digits.isEmpty }

  /// Whether it has no fraction: 1.0 and 1e3 have none.
  public var isInteger: Bool { exponent >= 0 }

  /// Nil for a fraction, and for what an Int can't hold.
  public var integer: Int? {
    guard isInteger, digits.count + exponent <= 19 else { return nil }
    var magnitude: UInt64 = 0
    for place in 0..<(digits.count + exponent) {
      let (tens, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeNow) = tens.addingReportingOverflow(UInt64(place < digits.count ? digits[place] : 0))
      if isTooLarge || isTooLargeNow { return nil }
      magnitude = sum
    }
    if isNegative, magnitude == UInt64(Int.max) + 1 { return .min }
    guard let value = Int(exactly: magnitude) else { return nil }
    return isNegative ? -value : value
  }
}

extension DecimalNumber: Comparable {
  public static func < (one: DecimalNumber, other: DecimalNumber) -> Bool {
    if one.isNegative != other.isNegative { return one.isNegative }
    return one.isNegative ? isSmaller(other, one) : isSmaller(one, other)
  }

  /// Compares without the signs.
  private static func isSmaller(_ one: DecimalNumber, _ other: DecimalNumber) -> Bool {
    if one.isZero || other.isZero { return one.isZero && !other.isZero }
    let (place, otherPlace) = (one.digits.count + one.exponent, other.digits.count + other.exponent)
    if place != otherPlace { return place < otherPlace }
    // From the same place on, and without zeros at the end: the texts' order is the numbers'.
    return one.digits.lexicographicallyPrecedes(other.digits)
  }
}

/// What `multipleOf` asks for.
struct DecimalDivisor: Sendable {
  private let coefficient: UInt64
  private let exponent: Int

  /// - Returns: nil for what is not above 0, and for more than 19 digits.
  init?(_ number: DecimalNumber) {
    guard !number.isZero, !number.isNegative, number.digits.count <= 19 else { return nil }
    var coefficient: UInt64 = 0
    for digit in number.digits {
      let (tens, isTooLarge) = coefficient.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeNow) = tens.addingReportingOverflow(UInt64(digit))
      if isTooLarge || isTooLargeNow { return nil }
      coefficient = sum
    }
    self.coefficient = coefficient
    exponent = number.exponent
  }

  /// Exact, in steps as many as the number's digits.
  func divides(_ number: DecimalNumber) -> Bool {
    if number.isZero { return true }
    // The last digit is not 0, so the number is no multiple of a higher power of ten.
    guard number.exponent >= exponent else { return false }
    var rest: UInt64 = 0
    for digit in number.digits { rest = added(multiplied(rest, 10), UInt64(digit)) }
    return multiplied(rest, powerOfTen(number.exponent - exponent)) == 0
  }

  private func multiplied(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = (one % coefficient).multipliedFullWidth(by: other % coefficient)
    // Both are below the coefficient, so the high half is, too: the quotient fits.
    return coefficient.dividingFullWidth(product).remainder
  }

  private func added(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let (sum, isOver) = one.addingReportingOverflow(other % coefficient)
    return isOver ? sum &- coefficient : sum % coefficient
  }

  private func powerOfTen(_ power: Int) -> UInt64 {
    var (result, base, power) = (1 % coefficient, 10 % coefficient, power)
    while power > 0 {
      if power & 1 == 1 { result = multiplied(result, base) }
      base = multiplied(base, base)
      power >>= 1
    }
    return result
  }
}
