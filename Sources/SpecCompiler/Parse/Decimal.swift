/// A number by its decimal digits: ±coefficient · 10^exponent. A `Double` of the model stands for the shortest decimal
/// that is read as that `Double`; a spec's number that has more digits is refused where it is read.
struct Decimal: Equatable {
  /// Of the digits that a `Double` is written with.
  private static let digitLimit = 17

  /// Below 10¹⁷, without zeros at its end.
  private(set) var coefficient: UInt64 = 0
  private(set) var exponent = 0
  private(set) var isNegative = false

  init(_ value: Double) {
    // Never nil: a finite value is written with at most 17 digits.
    self = Decimal(value.description) ?? Decimal()
  }

  private init() {}

  /// A number as YAML 1.2 or Swift writes it; nil if it has more digits than a `Double` can keep.
  init?(_ text: String) {
    var zeros = 0
    var isFraction = false
    var digits = 0
    var rest = text.utf8[...]
    while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
      rest.removeFirst()
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "+"): continue
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "0"):
        if isFraction { exponent -= 1 }
        if digits > 0 { zeros += 1 }
      default:
        if isFraction { exponent -= 1 }
        digits += zeros + 1
        guard digits <= Self.digitLimit else { return nil }
        for _ in 0...zeros { coefficient *= 10 }
        coefficient += UInt64(byte - UInt8(ascii: "0"))
        zeros = 0
      }
    }
    guard coefficient > 0 else {
      self = Decimal()
      return
    }
    exponent += zeros
    if !rest.isEmpty {
      // A finite number that is not 0 has a small one, unless it has a megabyte of zeros.
      guard let power = Int(Substring(rest.dropFirst())), abs(power) < 1 << 32 else { return nil }
      exponent += power
    }
  }

  func isMultiple(of step: Decimal) -> Bool {
    guard coefficient > 0 else { return true }
    // 10 divides no coefficient.
    guard step.coefficient > 0, exponent >= step.exponent else { return false }
    var remainder = coefficient % step.coefficient
    for _ in step.exponent..<exponent where remainder > 0 { remainder = remainder * 10 % step.coefficient }
    return remainder == 0
  }

  /// ±coefficient · 10^(exponent - place); nil beyond 128 bits.
  private func scaled(to place: Int) -> Int128? {
    var value = Int128(coefficient)
    guard exponent - place <= 38 else { return nil }
    for _ in place..<exponent {
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      guard !isLarge else { return nil }
      value = product
    }
    return isNegative ? -value : value
  }

  /// Whether there is a multiple of `step` from `low` to `high`, where an open end is none. Numbers of such different
  /// sizes that it can't be told count as if there were one.
  static func hasMultiple(
    of step: Decimal, from low: Decimal, isOpen lowIsOpen: Bool, to high: Decimal, isOpen highIsOpen: Bool
  )
    -> Bool
  {
    let place = min(step.exponent, low.exponent, high.exponent)
    guard let step = step.scaled(to: place), let low = low.scaled(to: place), let high = high.scaled(to: place) else {
      return true
    }
    var (first, remainder) = low.quotientAndRemainder(dividingBy: step)
    if remainder > 0 || remainder == 0 && lowIsOpen { first += 1 }
    let (multiple, isLarge) = first.multipliedReportingOverflow(by: step)
    return !isLarge && (multiple < high || multiple == high && !highIsOpen)
  }
}
