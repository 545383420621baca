/// Entity tags (RFC 9110 §8.8.3).
enum EntityTag {
  /// Whether a list of If-None-Match names the tag: any for `*`, otherwise by the weak comparison (§13.1.2, §8.8.3.2).
  ///
  /// - Parameter tag: with its quotes.
  static func matches(_ tag: String, in list: String) -> Bool {
    if list == "*" { return true }
    let wanted = tag.hasPrefix("W/") ? tag.utf8.dropFirst(2) : tag.utf8[...]
    var rest = list.utf8[...]
    while true {
      rest = rest.drop { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
      // What is no tag ends what can be understood of the list.
      guard rest.first == UInt8(ascii: "\""), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else {
        return false
      }
      if rest[...end].elementsEqual(wanted) { return true }
      rest = rest[end...].dropFirst()
    }
  }
}
