import NIOCore

/// A value that writes itself as JSON.
public protocol JSONEncodable: Sendable {
  func encode(into writer: inout JSONWriter)
}

/// Writes JSON into bytes of its own, which `finish()` hands over. It checks nothing: generated code calls it in the
/// right order.
public struct JSONWriter: ~Copyable {
  // A ByteBuffer would check uniqueness and bounds at each of the dozens of writes of a message.
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// Bytes written so far.
  public private(set) var count = 0

  /// - Parameter capacity: bytes to begin with; it grows as it must.
  public init(capacity: Int) {
    self.capacity = max(capacity, 16)
    base = .allocate(byteCount: self.capacity, alignment: 1)
  }

  deinit {
    base.deallocate()
  }

  /// What was written; the writer begins anew.
  public mutating func take() -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    buffer.writeBytes(UnsafeRawBufferPointer(start: base, count: count))
    count = 0
    return buffer
  }

  /// What was written.
  public consuming func finish() -> ByteBuffer {
    take()
  }

  /// Room for so many bytes more, at the end.
  private mutating func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
    if count + bytes > capacity { grow(bytes) }
    return base + count
  }

  private mutating func grow(_ bytes: Int) {
    let wider = max(capacity * 2, count + bytes)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: wider, alignment: 1)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = wider
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }

  /// Bytes as they are: punctuation and names.
  public mutating func raw(_ text: StaticString) {
    write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Text that needs neither quotes nor escapes.
  public mutating func unquoted(_ text: String) {
    var copy = text
    copy.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  /// JSON that is written already.
  public mutating func json(_ json: ByteBuffer) {
    json.withUnsafeReadableBytes { write($0) }
  }

  private mutating func byte(_ byte: UInt8) {
    reserve(1).storeBytes(of: byte, as: UInt8.self)
    count += 1
  }

  /// A comma, unless it is the first of an object or array.
  public mutating func separator(_ isFirst: inout Bool) {
    if !isFirst { byte(UInt8(ascii: ",")) }
    isFirst = false
  }

  public mutating func null() {
    raw("null")
  }

  public mutating func boolean(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  public mutating func integer(_ value: Int) {
    // 19 digits and a sign; written from the end, then moved to the front.
    let target = UnsafeMutableRawBufferPointer(start: reserve(20), count: 20)
    var magnitude = value.magnitude
    var index = 20
    repeat {
      index -= 1
      target[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
    } while magnitude > 0
    if value < 0 {
      index -= 1
      target[index] = UInt8(ascii: "-")
    }
    (base + count).copyMemory(from: base + count + index, byteCount: 20 - index)
    count += 20 - index
  }

  /// A finite number in the shortest form that reads back the same; `null` for what JSON can't say.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    if let whole = Int(exactly: value) { return integer(whole) }
    unquoted(value.description)
  }

  public mutating func uuid(_ value: UUID) {
    let target = UnsafeMutableRawBufferPointer(start: reserve(38), count: 38)
    target[0] = UInt8(ascii: "\"")
    value.write(into: UnsafeMutableRawBufferPointer(rebasing: target[1..<37]))
    target[37] = UInt8(ascii: "\"")
    count += 38
  }

  public mutating func timestamp(_ value: Timestamp) {
    let target = UnsafeMutableRawBufferPointer(start: reserve(26), count: 26)
    target[0] = UInt8(ascii: "\"")
    value.write(into: UnsafeMutableRawBufferPointer(rebasing: target[1..<25]))
    target[25] = UInt8(ascii: "\"")
    count += 26
  }

  /// A string in quotes, escaped as RFC 8259 §7 demands and no further.
  public mutating func string(_ value: String) {
    let written: Void? = value.utf8.withContiguousStorageIfAvailable { string($0) }
    if written == nil {
      var copy = value
      copy.withUTF8 { string($0) }
    }
  }

  private mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) {
    byte(UInt8(ascii: "\""))
    if !bytes.contains(where: Self.needsEscape) {
      write(UnsafeRawBufferPointer(bytes))
    } else {
      for byte in bytes {
        if Self.needsEscape(byte) { escape(byte) } else { self.byte(byte) }
      }
    }
    byte(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case 0x0a: raw("\\n")
    case 0x0d: raw("\\r")
    case 0x09: raw("\\t")
    default:
      raw("\\u00")
      for digit in [byte >> 4, byte & 0x0f] {
        self.byte(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }

  /// An array, by a closure that writes one element.
  public mutating func array<Element>(
    _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
  ) {
    raw("[")
    var isFirst = true
    for element in elements {
      separator(&isFirst)
      write(&self, element)
    }
    raw("]")
  }

  /// The properties of values of one type, within an object. They are sorted, so that the output is deterministic.
  public mutating func map<Value>(
    _ values: [String: Value], isFirst: inout Bool, _ write: (inout JSONWriter, Value) -> Void
  ) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      separator(&isFirst)
      string(key)
      raw(":")
      write(&self, value)
    }
  }

  /// An object of values of one type.
  public mutating func object<Value>(_ values: [String: Value], _ write: (inout JSONWriter, Value) -> Void) {
    raw("{")
    var isFirst = true
    map(values, isFirst: &isFirst, write)
    raw("}")
  }
}
