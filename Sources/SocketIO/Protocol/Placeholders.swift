import Bytes
import NIOCore

/// The objects `{"_placeholder":true,"num":n}` that stand for attachments in a payload.
enum Placeholders {
  /// An object or an array that is open.
  private struct Container {
    enum Name { case placeholder, number, other }

    let isObject: Bool
    /// In an object, whether a name comes next.
    var expectsName: Bool
    var name = Name.other
    var isPlaceholder = false
    var number: Int?

    /// Whether it is none, or names one of the attachments.
    func fits(_ attachments: Int) -> Bool {
      !self.isPlaceholder || self.number.map { (0..<attachments).contains($0) } ?? false
    }
  }

  /// Whether each of them names one of the attachments, counted from 0. One pass, whatever is nested.
  ///
  /// - Parameter payload: Well-formed JSON.
  static func fit(_ payload: ByteBuffer, attachments: Int) -> Bool {
    let bytes = payload.readableBytesUInt8Span
    var open: [Container] = []
    var scan = JSONScan()
    while scan.position < bytes.count {
      let byte = bytes[scan.position]
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = byte == UInt8(ascii: "{")
        open.append(Container(isObject: isObject, expectsName: isObject))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if let closed = open.popLast(), !closed.fits(attachments) { return false }
      case UInt8(ascii: ","):
        if !open.isEmpty { open[open.count - 1].expectsName = open[open.count - 1].isObject }
      case UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: break
      default:
        // A string, a number or a literal.
        guard let value = scan.value(bytes) else { return false }
        if !open.isEmpty { self.note(value, bytes, in: &open[open.count - 1]) }
        continue
      }
      _ = scan.take(byte, bytes)
    }
    return true
  }

  private static func note(_ value: Range<Int>, _ bytes: Span<UInt8>, in container: inout Container) {
    guard !container.expectsName else {
      container.expectsName = false
      switch JSONString.decode(bytes, value) {
      case "_placeholder": container.name = .placeholder
      case "num": container.name = .number
      default: container.name = .other
      }
      return
    }
    switch container.name {
    case .placeholder: container.isPlaceholder = bytes[value.lowerBound] == UInt8(ascii: "t")
    case .number:
      container.number = Int(
        bytes.extracting(value).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    case .other: break
    }
  }
}
