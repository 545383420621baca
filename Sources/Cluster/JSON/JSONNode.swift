import Bytes
import NIOCore

/// A value inside of a JSON text that is known to be well-formed. Nothing is decoded before it is asked for, and what
/// nobody here reads (an event's arguments) is passed on as a slice.
struct JSONNode {
  private let text: ByteBuffer
  private let attachments: [ByteBuffer]
  /// The longest list of rooms or sockets: an element of two bytes becomes dozens here.
  private static let maxElements = 1_000_000
  /// Where the value is in the readable bytes, without white space around it.
  private let range: Range<Int>

  /// Throws `malformed` if this is not JSON.
  init(checking value: ClusterValue, limits: ClusterLimits) throws(ClusterError) {
    guard value.json.readableBytes <= limits.maxBytes else {
      throw ClusterError(.tooLarge, "more than \(limits.maxBytes) bytes")
    }
    try JSONText.check(value.json.readableBytesUInt8Span, maxDepth: limits.maxDepth)
    self.init(wellFormed: value)
  }

  init(wellFormed value: ClusterValue) {
    text = value.json
    attachments = value.attachments
    let bytes = value.json.readableBytesUInt8Span
    let start = JSONNode.skipWhitespace(0, bytes)
    range = start..<JSONNode.end(ofValueAt: start, bytes)
  }

  private init(_ parent: JSONNode, _ range: Range<Int>) {
    text = parent.text
    attachments = parent.attachments
    self.range = range
  }

  private var first: UInt8 { text.readableBytesUInt8Span[range.lowerBound] }

  // MARK: Reading

  var isNull: Bool { first == UInt8(ascii: "n") }
  var isArray: Bool { first == UInt8(ascii: "[") }

  /// The value as it stands, with the whole message's attachments, whose numbers it uses.
  var value: ClusterValue {
    ClusterValue(
      json: text.getSlice(at: text.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer(),
      attachments: attachments)
  }

  var string: String? {
    first == UInt8(ascii: "\"") ? JSONString.decode(text.readableBytesUInt8Span, range) : nil
  }

  var bool: Bool? {
    switch first {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// A whole number; 1.0 and 1e3 are whole too.
  var integer: Int? {
    guard let number else { return nil }
    return Int(number) ?? Double(number).flatMap { Int(exactly: $0) }
  }

  /// The text of a number.
  var number: String? {
    guard first == UInt8(ascii: "-") || first.isDecimalDigit else { return nil }
    return text.getString(at: text.readerIndex + range.lowerBound, length: range.count)
  }

  /// The members that have one of these names; of doubles the last, as JavaScript takes it. Nil if it is no object.
  func members(_ names: Set<String>) -> [String: JSONNode]? {
    guard first == UInt8(ascii: "{") else { return nil }
    let bytes = text.readableBytesUInt8Span
    var members: [String: JSONNode] = [:]
    var position = JSONNode.skipWhitespace(range.lowerBound + 1, bytes)
    while bytes[position] != UInt8(ascii: "}") {
      let nameEnd = JSONString.end(ofStringAt: position, bytes)
      let name = JSONString.decode(bytes, position..<nameEnd)
      // The colon is between them.
      let start = JSONNode.skipWhitespace(JSONNode.skipWhitespace(nameEnd, bytes) + 1, bytes)
      let end = JSONNode.end(ofValueAt: start, bytes)
      if names.contains(name) { members[name] = JSONNode(self, start..<end) }
      position = JSONNode.skipComma(end, bytes)
    }
    return members
  }

  /// The elements. Nil if it is no array.
  func elements() throws(ClusterError) -> [JSONNode]? {
    guard isArray else { return nil }
    let bytes = text.readableBytesUInt8Span
    var elements: [JSONNode] = []
    var position = JSONNode.skipWhitespace(range.lowerBound + 1, bytes)
    while bytes[position] != UInt8(ascii: "]") {
      let end = JSONNode.end(ofValueAt: position, bytes)
      guard elements.count < JSONNode.maxElements else {
        throw ClusterError(.tooLarge, "a list of more than \(JSONNode.maxElements)")
      }
      elements.append(JSONNode(self, position..<end))
      position = JSONNode.skipComma(end, bytes)
    }
    return elements
  }

  // MARK: Well-formed JSON

  private static func skipWhitespace(_ start: Int, _ bytes: Span<UInt8>) -> Int {
    var position = start
    while position < bytes.count, bytes[position].isJSONWhitespace { position += 1 }
    return position
  }

  private static func skipComma(_ start: Int, _ bytes: Span<UInt8>) -> Int {
    let position = skipWhitespace(start, bytes)
    return bytes[position] == UInt8(ascii: ",") ? skipWhitespace(position + 1, bytes) : position
  }

  private static func end(ofValueAt start: Int, _ bytes: Span<UInt8>) -> Int {
    var position = start
    var depth = 0
    repeat {
      switch bytes[position] {
      case UInt8(ascii: "\""): position = JSONString.end(ofStringAt: position, bytes)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
      case let byte where byte.isJSONWhitespace: position += 1
      default:
        while position < bytes.count, bytes[position].isInScalar { position += 1 }
      }
    } while depth > 0
    return position
  }
}

extension UInt8 {
  // What numbers, true, false and null are made of.
  fileprivate var isInScalar: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
