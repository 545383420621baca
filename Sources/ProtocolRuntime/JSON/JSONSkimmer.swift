import Bytes
import NIOCore

/// Finds single values in a JSON text by their JSON Pointers (RFC 6901), and reads nothing behind them.
///
/// It makes no values of what it passes and checks no schema: for texts of which another node has made sure. Whatever the
/// bytes are, it goes through them once at most for each value, allocates nothing and stays within them. Of several
/// properties with one name the first counts; a name that is written with escapes is not found.
public struct JSONSkimmer {
  /// The largest integer that every reader of JSON keeps (RFC 8259 §6).
  public static let maxInteger = 9_007_199_254_740_991

  private let json: ByteBuffer

  public init(_ json: ByteBuffer) {
    self.json = json
  }

  /// - Parameter pointer: property names only, without `~0` and `~1`.
  /// - Returns: nil where there is no such value, or it is no UUID.
  public func uuid(at pointer: StaticString) -> UUID? {
    let bytes = json.readableBytesUInt8Span
    guard let value = value(at: pointer), value.count == 38, bytes[value.lowerBound] == UInt8(ascii: "\"") else {
      return nil
    }
    return bytes.extracting(value.lowerBound + 1..<value.upperBound - 1).withUnsafeBytes { UUID(ascii: $0) }
  }

  /// - Parameter pointer: property names only, without `~0` and `~1`.
  /// - Returns: nil where there is no such value, or it is no integer from 0 to ``maxInteger`` that is written in digits.
  public func integer(at pointer: StaticString) -> Int? {
    // Sixteen digits are far from an overflow; a number of more is beyond the bound.
    guard let value = value(at: pointer), value.count <= 16 else { return nil }
    let bytes = json.readableBytesUInt8Span
    var number = 0
    for index in value {
      guard bytes[index].isDecimalDigit else { return nil }
      number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
    }
    return number <= Self.maxInteger ? number : nil
  }

  private func value(at pointer: StaticString) -> Range<Int>? {
    pointer.withUTF8Buffer { pointer in
      var scan = JSONScan()
      var token = 0
      while token < pointer.count {
        // Behind the slash.
        token += 1
        var end = token
        while end < pointer.count, pointer[end] != UInt8(ascii: "/") { end += 1 }
        guard pass(to: UnsafeBufferPointer(rebasing: pointer[token..<end]), &scan) else { return nil }
        token = end
      }
      return scan.value(json.readableBytesUInt8Span)
    }
  }

  /// Goes into the object that comes next, up to the value of its property.
  private func pass(to name: UnsafeBufferPointer<UInt8>, _ scan: inout JSONScan) -> Bool {
    let text = json.readableBytesUInt8Span
    scan.whitespace(text)
    guard scan.take(UInt8(ascii: "{"), text) else { return false }
    repeat {
      scan.whitespace(text)
      guard let found = scan.string(text) else { return false }
      scan.whitespace(text)
      guard scan.take(UInt8(ascii: ":"), text) else { return false }
      if text.extracting(found.lowerBound + 1..<found.upperBound - 1).withUnsafeBytes({
        $0.hasSameBytes(as: UnsafeRawBufferPointer(name))
      }) {
        return true
      }
      guard scan.value(text) != nil else { return false }
      scan.whitespace(text)
    } while scan.take(UInt8(ascii: ","), text)
    return false
  }
}
