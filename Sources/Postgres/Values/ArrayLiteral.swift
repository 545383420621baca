/// The text form of arrays (PostgreSQL §8.15.2 and §8.15.6): `{"a","say \"hi\"",NULL}`.
enum ArrayLiteral {
  /// The elements of an array of one dimension, or nil for anything else.
  static func parse(_ text: UnsafeRawBufferPointer) -> [String?]? {
    guard text.count >= 2, text[0] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") else { return nil }
    if text.count == 2 { return [] }
    let end = text.count - 1
    var elements: [String?] = []
    var position = 1
    while true {
      guard position < end else { return nil }
      if text[position] == UInt8(ascii: "\"") {
        guard let (element, next) = quoted(text, from: position + 1, to: end) else { return nil }
        elements.append(element)
        position = next
      } else {
        let start = position
        while position < end, text[position] != UInt8(ascii: ",") {
          // An unquoted brace opens a further dimension.
          if text[position] == UInt8(ascii: "{") { return nil }
          position += 1
        }
        guard position > start else { return nil }
        let element = String(decoding: UnsafeRawBufferPointer(rebasing: text[start..<position]), as: UTF8.self)
        // The server quotes the text NULL, and leaves the null unquoted and in capitals.
        elements.append(element == "NULL" ? nil : element)
      }
      if position == end { return elements }
      guard text[position] == UInt8(ascii: ",") else { return nil }
      position += 1
    }
  }

  // The text up to the closing quote, and the position behind that.
  private static func quoted(
    _ text: UnsafeRawBufferPointer, from start: Int, to end: Int
  ) -> (element: String, next: Int)? {
    var bytes: [UInt8] = []
    var position = start
    while position < end {
      switch text[position] {
      case UInt8(ascii: "\""):
        return (String(decoding: bytes, as: UTF8.self), position + 1)
      case UInt8(ascii: "\\"):
        guard position + 1 < end else { return nil }
        bytes.append(text[position + 1])
        position += 2
      case let byte:
        bytes.append(byte)
        position += 1
      }
    }
    return nil
  }
}
