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
    for index in stride(from: digits + sign - 1, through: sign, by: -1) {
      let digit = UInt8(truncatingIfNeeded: magnitude % 10)
      target.storeBytes(of: UInt8(ascii: "0") &+ digit, toByteOffset: index, as: UInt8.self)
      magnitude /= 10
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
    guard let start = text.baseAddress, !Self.needsEscape(text) else { return escaped(text) }
    target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    (target + 1).copyMemory(from: start, byteCount: text.count)
    (target + 1 + text.count).storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    length += text.count + 2
  }

  private mutating func escaped(_ bytes: UnsafeRawBufferPointer) {
    byte(UInt8(ascii: "\""))
    for byte in bytes {
      if Self.needsEscape(byte) { escape(byte) } else { self.byte(byte) }
    }
    byte(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Eight bytes at a time: most texts have nothing to escape, and are long.
  private static func needsEscape(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = UInt64(UInt8(ascii: "\"")) &* ones
    let backslashes = UInt64(UInt8(ascii: "\\")) &* ones
    var position = 0
    while position &+ 8 <= bytes.count {
      let word = start.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      // A subtraction borrows into the high bit of a byte that is too small. Whether others get one is of no matter
      // then, but those that had it before, beyond ASCII, are left out.
      let found = (word &- 0x20 &* ones) | ((word ^ quotes) &- ones) | ((word ^ backslashes) &- ones)
      if found & ~word & (0x80 &* ones) != 0 { return true }
      position &+= 8
    }
    while position < bytes.count {
      if needsEscape(start.load(fromByteOffset: position, as: UInt8.self)) { return true }
      position &+= 1
    }
    return false
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
  @inlinable
  public mutating func array<Element>(
    _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
  ) {
    raw("[")
    let start = count
    // By their addresses: to take an element out of an array is to copy it, and to count up what it refers to.
    elements.withUnsafeBufferPointer { elements in
      for index in 0..<elements.count {
        if index > 0 { raw(",") }
        write(&self, elements[index])
        // The others are probably about as long as the first: better one move now than one at each doubling.
        if index == 0 { _ = reserve((count - start) * 9 / 8 * (elements.count - 1) + 64) }
      }
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
