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
    let count = value.attachments.count
    guard let placeholders = count == 0 ? [:] : BinaryPlaceholder.all(in: json, count: count) else {
      throw .malformed("a placeholder names no attachment")
    }
    var container = 0
    var position = 0
    // What is well-formed is a sequence of scalars and openings; the rest says nothing new.
    while position < json.count {
      switch json[position] {
      case UInt8(ascii: "{"):
        if let placeholder = placeholders[position] {
          binary(value.attachments[placeholder.number])
          container += placeholder.containers
          position = placeholder.end
        } else {
          map(Int(counts[container]))
          container += 1
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
