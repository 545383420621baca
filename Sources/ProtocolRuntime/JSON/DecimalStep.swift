/// The `multipleOf` of a number as the spec has it, in decimal: 0.1 is 1 · 10⁻¹, which no binary fraction is.
public struct DecimalStep: Sendable {
  private let coefficient: UInt64
  private let exponent: Int

  /// - Parameters:
  ///   - coefficient: 1 to 10¹⁷.
  ///   - exponent: the step is coefficient · 10^exponent.
  public init(_ coefficient: UInt64, exponent: Int) {
    self.coefficient = coefficient
    self.exponent = exponent
  }

  var description: String { "\(Double("\(coefficient)e\(exponent)") ?? .nan)" }

  /// Whether a JSON number is a multiple, in time linear in its text and without memory of its own.
  func divides(_ number: some Collection<UInt8>) -> Bool {
    // The number is N · 10^place, where N has no zero at its end. `tail` is how many zeros wait for a digit that is none.
    var remainder: UInt64 = 0
    var isZero = true
    var place = 0
    var tail = 0
    var isFraction = false
    var rest = number[...]
    while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
      rest.removeFirst()
      switch byte {
      case UInt8(ascii: "-"): continue
      case UInt8(ascii: "."): isFraction = true
      default:
        if isFraction { place -= 1 }
        tail += 1
        guard byte != UInt8(ascii: "0") else { continue }
        if isZero { tail = 1 }
        isZero = false
        while tail > 1 {
          remainder = remainder &* 10 % coefficient
          tail -= 1
        }
        remainder = (remainder &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))) % coefficient
        tail = 0
      }
    }
    if isZero { return true }
    place += tail + DecimalDigits.exponent(rest.dropFirst())
    // 10 divides no N.
    guard place >= exponent else { return false }
    return multiplied(remainder, byPowerOfTen: place - exponent) == 0
  }

  /// By squaring, modulo the coefficient.
  private func multiplied(_ value: UInt64, byPowerOfTen power: Int) -> UInt64 {
    func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
      coefficient.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
    }
    var result = value
    var factor = 10 % coefficient
    var power = power
    while power > 0, result != 0 {
      if power & 1 == 1 { result = product(result, factor) }
      factor = product(factor, factor)
      power >>= 1
    }
    return result
  }
}
