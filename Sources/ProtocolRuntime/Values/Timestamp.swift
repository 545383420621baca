import Glibc

/// A moment in UTC with milliseconds, written as RFC 3339 (`2026-11-22T17:00:00.000Z`).
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
  public var millisecondsSinceEpoch: Int64

  public init(millisecondsSinceEpoch: Int64) {
    self.millisecondsSinceEpoch = millisecondsSinceEpoch
  }

  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
  }

  /// Moves by seconds.
  public func advanced(bySeconds seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: millisecondsSinceEpoch + seconds * 1000)
  }

  /// Reads an RFC 3339 `date-time` (§5.6) with any offset; digits beyond milliseconds are cut. Nil for anything else.
  public init?(_ text: some StringProtocol) {
    var copy = String(text)
    guard let parsed = copy.withUTF8({ Timestamp(ascii: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = parsed
  }

  /// Reads an RFC 3339 `date-time` from ASCII bytes; nil for anything else.
  public init?(ascii bytes: UnsafeRawBufferPointer) {
    var scanner = DigitScanner(bytes: bytes)
    guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
      scanner.skip("-"), let day = scanner.number(digits: 2), scanner.skip("T", or: "t"),
      let hour = scanner.number(digits: 2), scanner.skip(":"), let minute = scanner.number(digits: 2),
      scanner.skip(":"), let second = scanner.number(digits: 2),
      Self.isDate(year: year, month: month, day: day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var milliseconds = 0
    if scanner.skip(".") {
      guard let fraction = scanner.fraction() else { return nil }
      milliseconds = fraction
    }
    var offsetMinutes = 0
    if !scanner.skip("Z", or: "z") {
      let isNegative: Bool
      if scanner.skip("+") {
        isNegative = false
      } else if scanner.skip("-") {
        isNegative = true
      } else {
        return nil
      }
      guard let hours = scanner.number(digits: 2), scanner.skip(":"), let minutes = scanner.number(digits: 2),
        hours < 24, minutes < 60
      else { return nil }
      offsetMinutes = (isNegative ? -1 : 1) * (hours * 60 + minutes)
    }
    guard scanner.isAtEnd else { return nil }
    // RFC 3339 §5.7: a leap second is only at the end of a UTC day; it is read as the second after.
    if second == 60 {
      let utcMinutes = (hour * 60 + minute - offsetMinutes + 2880) % 1440
      guard utcMinutes == 1439 else { return nil }
    }
    let days = Self.daysSinceEpoch(year: year, month: month, day: day)
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + (minute - offsetMinutes) * 60 + second)
    self.init(millisecondsSinceEpoch: seconds * 1000 + Int64(milliseconds))
  }

  public var description: String {
    String(unsafeUninitializedCapacity: 24) { target in
      if let start = target.baseAddress { write(into: UnsafeMutableRawPointer(start)) }
      return 24
    }
  }

  /// Writes the 24 ASCII characters; years beyond 9999 are cut to four digits.
  ///
  /// - Parameter target: at least 24 bytes.
  func write(into target: UnsafeMutableRawPointer) {
    let milliseconds = Int(millisecondsSinceEpoch)
    var (days, inDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    if inDay < 0 {
      days -= 1
      inDay += 86_400_000
    }
    let (year, month, day) = Self.date(daysSinceEpoch: days)
    func put(_ value: Int, at offset: Int) { target.storeDigits(value, at: offset) }
    func put(_ character: Unicode.Scalar, at offset: Int) {
      target.storeBytes(of: UInt8(ascii: character), toByteOffset: offset, as: UInt8.self)
    }
    let seconds = inDay / 1000
    let fraction = inDay % 1000
    put(year / 100 % 100, at: 0)
    put(year % 100, at: 2)
    put("-", at: 4)
    put(month, at: 5)
    put("-", at: 7)
    put(day, at: 8)
    put("T", at: 10)
    put(seconds / 3600, at: 11)
    put(":", at: 13)
    put(seconds / 60 % 60, at: 14)
    put(":", at: 16)
    put(seconds % 60, at: 17)
    put(".", at: 19)
    target.storeBytes(
      of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: fraction / 100), toByteOffset: 20, as: UInt8.self)
    put(fraction % 100, at: 21)
    put("Z", at: 23)
  }

  static func isDate(year: Int, month: Int, day: Int) -> Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    guard month == 2 else { return day <= 30 + (month + month / 8) % 2 }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return day <= (isLeap ? 29 : 28)
  }

  /// Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin on 1 March.
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension UnsafeMutableRawPointer {
  /// Writes a number below 100 as two decimal digits.
  func storeDigits(_ value: Int, at offset: Int) {
    let number = UInt16(truncatingIfNeeded: value)
    let tens = (number &* 205) >> 11
    let digits = tens | (number &- tens &* 10) << 8
    storeBytes(of: (digits &+ 0x3030).littleEndian, toByteOffset: offset, as: UInt16.self)
  }
}

/// Reads fixed-width decimal fields.
struct DigitScanner {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number(digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for _ in 0..<digits {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
      position += 1
    }
    return value
  }

  /// One or more digits as milliseconds.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 {
      if count < 3 { value = value * 10 + Int(bytes[position] - UInt8(ascii: "0")) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 3)..<3 { value *= 10 }
    return value
  }

  mutating func skip(_ first: Unicode.Scalar, or second: Unicode.Scalar? = nil) -> Bool {
    guard position < bytes.count else { return false }
    let byte = bytes[position]
    guard byte == UInt8(ascii: first) || second.map({ byte == UInt8(ascii: $0) }) == true else { return false }
    position += 1
    return true
  }
}
