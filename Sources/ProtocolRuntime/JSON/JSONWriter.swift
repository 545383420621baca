import Bytes
import NIOCore

/// A value that writes itself as JSON.
public protocol JSONEncodable: Sendable {
  func encode(into writer: inout JSONWriter)
}

/// Writes JSON into bytes of its own, which `finish()` hands over. It checks nothing: generated code calls it in the
/// right order.
public struct JSONWriter: ~Copyable {
  // A ByteBuffer would check uniqueness and bounds at each of the dozens of writes of a message. What generated code
  // calls for each property is inlined there, where lengths are known: a name becomes a few stores.
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  @usableFromInline var length = 0

  /// Bytes written so far.
  public var count: Int { length }

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
    length = 0
    return buffer
  }

  /// What was written.
  public consuming func finish() -> ByteBuffer {
    take()
  }

  /// Room for so many bytes more, at the end.
  @inlinable @inline(__always)
  mutating func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
    if bytes > capacity &- length { grow(bytes) }
    return base + length
  }

  @inline(never) @usableFromInline
  mutating func grow(_ bytes: Int) {
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
    length += bytes.count
  }

  /// Bytes as they are: punctuation and names.
  @inlinable @inline(__always)
  public mutating func raw(_ text: StaticString) {
    reserve(text.utf8CodeUnitCount).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    length &+= text.utf8CodeUnitCount
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
    length += 1
  }

  /// A comma, unless it is the first of an object or array.
  public mutating func separator(_ isFirst: inout Bool) {
    if !isFirst { raw(",") }
    isFirst = false
  }

  public mutating func null() {
    raw("null")
  }

  public mutating func boolean(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  public mutating func integer(_ value: Int) {
    var magnitude = value.magnitude
    // Counted first, so that the digits are written where they belong.
    var digits = 1
    var limit: UInt = 10
    while digits < 20, magnitude >= limit {
      digits += 1
      limit = digits < 20 ? limit &* 10 : limit
    }
    let sign = value < 0 ? 1 : 0
    let target = reserve(digits + sign)
    if sign > 0 { target.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self) }
    var index = digits + sign
    while magnitude >= 10 {
      index &-= 2
      target.storeDigits(Int(magnitude % 100), at: index)
      magnitude /= 100
    }
    if index > sign {
      target.storeBytes(of: UInt8(ascii: "0") &+ UInt8(magnitude), toByteOffset: index &- 1, as: UInt8.self)
    }
    length += digits + sign
  }

  /// A finite number in the shortest form that reads back the same; `null` for what JSON can't say.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    if let whole = Int(exactly: value) { return integer(whole) }
    unquoted(value.description)
  }

  public mutating func uuid(_ value: UUID) {
    let target = reserve(38)
    target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    value.write(into: target + 1)
    target.storeBytes(of: UInt8(ascii: "\""), toByteOffset: 37, as: UInt8.self)
    length += 38
  }

  public mutating func timestamp(_ value: Timestamp) {
    let target = reserve(26)
    target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    value.write(into: target + 1)
    target.storeBytes(of: UInt8(ascii: "\""), toByteOffset: 25, as: UInt8.self)
    length += 26
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
    let text = UnsafeRawBufferPointer(bytes)
    let target = reserve(text.count + 2)
    guard let start = text.baseAddress, !JSONString.needsEscape(text) else { return escaped(text) }
    target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    (target + 1).copyMemory(from: start, byteCount: text.count)
    (target + 1 + text.count).storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    length += text.count + 2
  }

  private mutating func escaped(_ bytes: UnsafeRawBufferPointer) {
    byte(UInt8(ascii: "\""))
    JSONString.escape(bytes) { byte($0) }
    byte(UInt8(ascii: "\""))
  }

  /// An array, by a closure that writes one element.
  @inlinable
  public mutating func array<Element>(
    _ elements: [Element], _ write: (inout JSONWriter, borrowing Element) -> Void
  ) {
    raw("[")
    elements.withUnsafeBufferPointer { self.elements($0, write) }
    raw("]")
  }

  // Said of what can't be copied, for it is not to be: a copy of an element counts up all that it refers to.
  @inlinable
  mutating func elements<Element: ~Copyable>(
    _ elements: UnsafeBufferPointer<Element>, _ write: (inout JSONWriter, borrowing Element) -> Void
  ) {
    let start = count
    for index in 0..<elements.count {
      if index > 0 { raw(",") }
      write(&self, elements[index])
      // The others are probably about as long as the first: better one move now than one at each doubling.
      if index == 0 { _ = reserve((count - start) * 9 / 8 * (elements.count - 1) + 64) }
    }
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
