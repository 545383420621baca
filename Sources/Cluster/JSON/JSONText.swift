import Bytes
import NIOCore

/// Whole texts of JSON, as they come from other nodes.
enum JSONText {
  /// - Throws: `malformed` or `tooLarge`.
  /// - Returns: how many elements each array and object has, in the order in which they open, if that is wanted.
  @discardableResult
  static func check(_ bytes: Span<UInt8>, maxDepth: Int, isCounting: Bool = false) throws(ClusterError) -> [UInt32] {
    var scan = JSONScan(maxDepth: maxDepth, isCounting: isCounting)
    guard scan.whole(bytes) else {
      throw scan.isTooDeep
        ? ClusterError(.tooLarge, "JSON nested deeper than \(maxDepth)")
        : .malformed("JSON, byte \(scan.position): not well-formed")
    }
    return scan.counts
  }

  /// Writes a string with its quotes, escaped as RFC 8259 §7 demands and no further.
  static func write(_ text: String, into json: inout ByteBuffer) {
    var text = text
    text.withUTF8 { write(wellFormed: UnsafeRawBufferPointer($0), into: &json) }
  }

  /// Writes UTF-8 from outside as a string; what is not UTF-8 becomes U+FFFD.
  static func write(utf8 bytes: Span<UInt8>, into json: inout ByteBuffer) {
    guard UTF8Check.firstInvalid(in: bytes) == nil else {
      return write(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }, into: &json)
    }
    bytes.withUnsafeBytes { write(wellFormed: $0, into: &json) }
  }

  private static func write(wellFormed bytes: UnsafeRawBufferPointer, into json: inout ByteBuffer) {
    json.writeInteger(UInt8(ascii: "\""))
    if JSONString.needsEscape(bytes) {
      JSONString.escape(bytes) { json.writeInteger($0) }
    } else {
      json.writeBytes(bytes)
    }
    json.writeInteger(UInt8(ascii: "\""))
  }
}
