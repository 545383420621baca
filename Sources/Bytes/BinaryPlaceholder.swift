/// `{"_placeholder":true,"num":n}`: where a binary stands in the JSON of a Socket.IO packet. Other members change nothing:
/// clients put the binary in the object's place, with all that is in it.
///
/// Source: socketio/socket.io, packages/socket.io-parser/lib/binary.ts, `_reconstructPacket`.
public struct BinaryPlaceholder: Equatable, Sendable {
  /// Which binary, from 0.
  public let number: Int
  /// The first byte behind the object.
  public let end: Int
  /// The arrays and objects that it is made of, itself among them.
  public let containers: Int

  /// An array or an object that is open.
  fileprivate struct Container {
    enum Name { case placeholder, number, other }

    let start: Int
    let index: Int
    let isObject: Bool
    /// In an object, whether a name comes next.
    var expectsName: Bool
    var name = Name.other
    var isPlaceholder = false
    var number: Int?
  }

  /// Finds all of them in one pass, by the byte where they begin.
  ///
  /// - Parameters:
  ///   - json: Well-formed.
  ///   - count: The binaries that there are.
  /// - Returns: nil if one names none of the binaries.
  public static func all(in json: Span<UInt8>, count: Int) -> [Int: BinaryPlaceholder]? {
    var found: [Int: BinaryPlaceholder] = [:]
    var open: [Container] = []
    var containers = 0
    var position = 0
    while position < json.count {
      let byte = json[position]
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = byte == UInt8(ascii: "{")
        if let top = open.indices.last { open[top].note(json, position..<position + 1) }
        open.append(Container(start: position, index: containers, isObject: isObject, expectsName: isObject))
        containers += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        position += 1
        guard let closed = open.popLast(), closed.isPlaceholder else { continue }
        guard let number = closed.number, (0..<count).contains(number) else { return nil }
        found[closed.start] = BinaryPlaceholder(number: number, end: position, containers: containers - closed.index)
      case UInt8(ascii: ","):
        if let top = open.indices.last { open[top].expectsName = open[top].isObject }
        position += 1
      case UInt8(ascii: ":"): position += 1
      case let byte where byte.isJSONWhitespace: position += 1
      default:
        let start = position
        if byte == UInt8(ascii: "\"") {
          position = JSONString.end(ofStringAt: position, json)
        } else {
          while position < json.count, !json[position].endsScalar { position += 1 }
        }
        if let top = open.indices.last { open[top].note(json, start..<position) }
      }
    }
    return found
  }
}

extension BinaryPlaceholder.Container {
  /// A name, or a value, of whose bytes the first are enough unless it is a number. Of members of one name the last
  /// counts, as for JSON.parse.
  fileprivate mutating func note(_ json: Span<UInt8>, _ range: Range<Int>) {
    guard !expectsName else {
      expectsName = false
      switch JSONString.decode(json, range) {
      case "_placeholder": name = .placeholder
      case "num": name = .number
      default: name = .other
      }
      return
    }
    switch name {
    case .placeholder: isPlaceholder = json[range.lowerBound] == UInt8(ascii: "t")
    case .number:
      let text = json.withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
      // Also 0.0 and 1e0, as JavaScript reads them. Quotes and brackets are no digits.
      number = Double(text).flatMap { Int(exactly: $0) }
    case .other: break
    }
    name = .other
  }
}

extension UInt8 {
  /// Whether a number, true, false or null is over here.
  fileprivate var endsScalar: Bool {
    switch self {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): true
    default: isJSONWhitespace
    }
  }
}
