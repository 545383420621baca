import Bytes
import NIOCore

extension MessagePackWriter {
  /// Writes a JSON value, with the binaries where their placeholders stand.
  ///
  /// Numbers become what JavaScript makes of them: integers when they are whole, else float 64. Whole numbers beyond
  /// 2⁵³ keep all their digits as far as 64 bits go; JavaScript reads the nearest that it has, as it does from JSON.
  mutating func value(_ value: ClusterValue, maxDepth: Int = ClusterLimits().maxDepth) throws(ClusterError) {
    let json = value.json.readableBytesUInt8Span
    let counts = try JSONText.check(json, maxDepth: maxDepth, isCounting: true)
    var container = 0
    var position = 0
    // What is well-formed is a sequence of scalars and openings; the rest says nothing new.
    while position < json.count {
      switch json[position] {
      case UInt8(ascii: "{"):
        let count = Int(counts[container])
        container += 1
        if count == 2, !value.attachments.isEmpty, let placeholder = Placeholder(in: json, at: position) {
          guard value.attachments.indices.contains(placeholder.number) else {
            throw .malformed("there is no attachment \(placeholder.number)")
          }
          binary(value.attachments[placeholder.number])
          position = placeholder.end
        } else {
          map(count)
          position += 1
        }
      case UInt8(ascii: "["):
        array(Int(counts[container]))
        container += 1
        position += 1
      case UInt8(ascii: "\""):
        let end = JSONString.end(ofStringAt: position, json)
        string(json, position..<end)
        position = end
      case UInt8(ascii: "t"):
        bool(true)
        position += 4
      case UInt8(ascii: "f"):
        bool(false)
        position += 5
      case UInt8(ascii: "n"):
        null()
        position += 4
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        position = number(json, position)
      default:
        position += 1
      }
    }
  }

  private mutating func string(_ json: Span<UInt8>, _ range: Range<Int>) {
    let content = range.lowerBound + 1..<range.upperBound - 1
    let isPlain = json.withUnsafeBufferPointer { bytes in
      guard !bytes[content].contains(UInt8(ascii: "\\")) else { return false }
      string(utf8: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[content])))
      return true
    }
    if !isPlain { string(JSONString.decode(json, range)) }
  }

  // Writes the number that begins here and returns where it ends.
  private mutating func number(_ json: Span<UInt8>, _ start: Int) -> Int {
    var end = start
    var isWhole = true
    let isNegative = json[start] == UInt8(ascii: "-")
    var magnitude: UInt64? = 0
    loop: while end < json.count {
      let byte = json[end]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        magnitude = magnitude.flatMap { $0.adding(digit: byte - UInt8(ascii: "0")) }
      case UInt8(ascii: "-") where end == start: break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
        isWhole = false
      default: break loop
      }
      end += 1
    }
    if isWhole, let magnitude {
      if !isNegative {
        unsigned(magnitude)
        return end
      }
      if magnitude <= Int64.max.magnitude {
        integer(-Int64(magnitude))
        return end
      }
    }
    let text = json.withUnsafeBufferPointer { String(decoding: $0[start..<end], as: UTF8.self) }
    // Beyond the largest double is infinity, as for JSON.parse.
    number(Double(text) ?? 0)
    return end
  }
}

extension UInt64 {
  // Ten times this and a digit more; nil if that has no room.
  fileprivate func adding(digit: UInt8) -> UInt64? {
    let (tenfold, isTooLarge) = multipliedReportingOverflow(by: 10)
    let (sum, isStillTooLarge) = tenfold.addingReportingOverflow(UInt64(digit))
    return isTooLarge || isStillTooLarge ? nil : sum
  }
}

/// `{"_placeholder":true,"num":n}`: where a binary stands in the JSON of a Socket.IO packet. It is one only with these
/// two members and no other, in either order.
private struct Placeholder {
  var number = -1
  var end = 0

  /// Looks at the object with two members that begins at `start`.
  init?(in json: Span<UInt8>, at start: Int) {
    end = start + 1
    for member in 0..<2 {
      if take("\"_placeholder\"", json) {
        guard take(":", json), take("true", json) else { return nil }
      } else {
        guard number < 0, take("\"num\"", json), take(":", json), takeNumber(json) else { return nil }
      }
      guard take(member == 0 ? "," : "}", json) else { return nil }
    }
    guard number >= 0 else { return nil }
  }

  private mutating func take(_ expected: StaticString, _ json: Span<UInt8>) -> Bool {
    while end < json.count, json[end].isJSONWhitespace { end += 1 }
    guard end + expected.utf8CodeUnitCount <= json.count else { return false }
    for offset in 0..<expected.utf8CodeUnitCount where json[end + offset] != expected.utf8Start[offset] { return false }
    end += expected.utf8CodeUnitCount
    return true
  }

  private mutating func takeNumber(_ json: Span<UInt8>) -> Bool {
    while end < json.count, json[end].isJSONWhitespace { end += 1 }
    let start = end
    number = 0
    // Nine digits are more than there can be attachments.
    while end < json.count, json[end].isDecimalDigit, end - start < 9 {
      number = number * 10 + Int(json[end] - UInt8(ascii: "0"))
      end += 1
    }
    return end > start
  }
}
