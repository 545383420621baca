/// The keywords of numbers, for bodies and parameters alike.
enum NumberRules {
  static func broken(_ value: Int, minimum: Int, maximum: Int, multipleOf: Int?) -> [(StaticString, String)] {
    var broken: [(StaticString, String)] = []
    if value < minimum { broken.append(("minimum", "must be \(minimum) or more")) }
    if value > maximum { broken.append(("maximum", "must be \(maximum) or less")) }
    if let multipleOf, !value.isMultiple(of: multipleOf) {
      broken.append(("multipleOf", "must be a multiple of \(multipleOf)"))
    }
    return broken
  }

  /// - Parameter text: the number as it is written in JSON, of which `value` is the nearest that a `Double` can be.
  static func broken(
    _ value: Double, written text: some Collection<UInt8>, minimum: Double?, maximum: Double?,
    exclusiveMinimum: Double?, exclusiveMaximum: Double?, multipleOf: DecimalStep?
  ) -> [(StaticString, String)] {
    var broken: [(StaticString, String)] = []
    if let minimum, order(value, text, beside: minimum) < 0 { broken.append(("minimum", "must be \(minimum) or more")) }
    if let maximum, order(value, text, beside: maximum) > 0 { broken.append(("maximum", "must be \(maximum) or less")) }
    if let exclusiveMinimum, order(value, text, beside: exclusiveMinimum) <= 0 {
      broken.append(("exclusiveMinimum", "must be more than \(exclusiveMinimum)"))
    }
    if let exclusiveMaximum, order(value, text, beside: exclusiveMaximum) >= 0 {
      broken.append(("exclusiveMaximum", "must be less than \(exclusiveMaximum)"))
    }
    if let multipleOf, !multipleOf.divides(text) {
      broken.append(("multipleOf", "must be a multiple of \(multipleOf.description)"))
    }
    if broken.isEmpty, !value.isFinite { broken.append(("type", "must be a number that 64 bits can hold")) }
    return broken
  }

  /// -1, 0 or 1: how a number is beside a bound. To round keeps the order, so that only what became the same as the
  /// bound is told apart by its digits.
  private static func order(_ value: Double, _ text: some Collection<UInt8>, beside bound: Double) -> Int {
    if value != bound { return value < bound ? -1 : 1 }
    // A double tells all decimals of 15 digits apart.
    let isShort = text.count <= 15 && !text.contains { $0 | 0x20 == UInt8(ascii: "e") }
    return isShort ? 0 : DecimalDigits(text).order(beside: DecimalDigits(bound.description.utf8))
  }
}
