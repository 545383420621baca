import Glibc

/// A point in time as JavaScript's Date has it: milliseconds since 1970, at most 8.64e15 away from it
/// (ECMA-262 §21.4.1.1).
struct JavaScriptDate {
  private let milliseconds: Int64
  private static let reach: Int64 = 8_640_000_000_000_000

  /// Nil for what JavaScript calls an invalid date.
  init?(milliseconds: Int64) {
    guard (-JavaScriptDate.reach...JavaScriptDate.reach).contains(milliseconds) else { return nil }
    self.milliseconds = milliseconds
  }

  init?(seconds: Int64, nanoseconds: Int64) {
    guard abs(clamped: seconds) <= JavaScriptDate.reach / 1_000 + 5 else { return nil }
    var sum = seconds * 1_000 + nanoseconds / 1_000_000
    // Date drops fractions towards 1970 (TimeClip, ECMA-262 §21.4.1.31).
    if sum < 0, nanoseconds % 1_000_000 != 0 { sum += 1 }
    self.init(milliseconds: sum)
  }

  /// What `toJSON` says: years of four digits, or a sign and six (ECMA-262 §21.4.1.32).
  var text: String {
    let whole = milliseconds.quotientDown(by: 1_000)
    var seconds = time_t(whole)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let year = Int(parts.tm_year) + 1_900
    let yearText =
      (0...9_999).contains(year)
      ? padded(year, 4) : (year < 0 ? "-" : "+") + padded(abs(year), 6)
    let date = "\(yearText)-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
    let clock = "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    return "\(date)T\(clock).\(padded(Int(milliseconds - whole * 1_000), 3))Z"
  }

  private func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

private func abs(clamped value: Int64) -> Int64 { value == .min ? .max : abs(value) }

extension Int64 {
  fileprivate func quotientDown(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
