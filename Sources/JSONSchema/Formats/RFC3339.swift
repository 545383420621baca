/// Dates and times as RFC 3339 §5.6 has them.
enum RFC3339 {
  static func isDate(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10])
    else { return false }
    return (1...12).contains(month) && (1...days(of: month, year)).contains(day)
  }

  static func isDateTime(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 11, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t") else { return false }
    return isDate(Array(bytes[..<10])) && isTime(Array(bytes[11...]))
  }

  private static func days(of month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isTime(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 9, let (hour, minute) = clock(bytes[..<5]), bytes[5] == UInt8(ascii: ":"),
      let second = number(bytes[6..<8]), second <= 60
    else { return false }
    var rest = bytes[8...]
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { $0.isDigit }
      guard !fraction.isEmpty else { return false }
      rest = rest[fraction.endIndex...]
    }
    guard let offset = offset(rest) else { return false }
    // §5.7: a leap second ends a day of UTC.
    return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439
  }

  /// Minutes before UTC.
  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    if bytes.count == 1, bytes.first == UInt8(ascii: "Z") || bytes.first == UInt8(ascii: "z") { return 0 }
    guard bytes.count == 6, let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let (hour, minute) = clock(bytes.dropFirst())
    else { return nil }
    let minutes = hour * 60 + minute
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }

  /// `hh:mm`
  private static func clock(_ bytes: ArraySlice<UInt8>) -> (hour: Int, minute: Int)? {
    let start = bytes.startIndex
    guard bytes.count == 5, bytes[start + 2] == UInt8(ascii: ":"), let hour = number(bytes[start..<start + 2]),
      let minute = number(bytes[(start + 3)...]), hour < 24, minute < 60
    else { return nil }
    return (hour, minute)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy(\.isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
