import Glibc

/// Writes values into memory that is large enough for `bound(of:)` of each: plain ones in PostgreSQL's text format,
/// uuids and arrays in its binary form.
///
/// As text, each byte of a uuid is parsed by a call of its own, and each element of an array is looked through for
/// quotes: 8 % of PostgreSQL's work for a message was that.
struct ParameterWriter {
  private(set) var cursor: UnsafeMutableRawPointer

  init(_ start: UnsafeMutableRawPointer) { cursor = start }

  static func isBinary(_ value: Value) -> Bool {
    switch value {
    case .null, .text, .int, .bool, .double: false
    case .uuid, .textArray, .intArray, .uuidArray: true
    }
  }

  /// How many bytes a value takes at most, with the NUL that ends a text.
  static func bound(of value: Value) -> Int {
    switch value {
    case .null: 0
    case .text(let text): text.utf8.count + 1
    case .int: 21
    case .bool: 2
    case .double: 33
    case .uuid: 16
    case .textArray(let elements): elements.reduce(20) { $0 + 4 + ($1?.utf8.count ?? 0) }
    case .intArray(let elements): 20 + 12 * elements.count
    case .uuidArray(let elements): 20 + 20 * elements.count
    }
  }

  /// Writes a value. False if it has a NUL byte.
  mutating func write(_ value: Value) -> Bool {
    switch value {
    case .null: return true
    case .text(let text):
      guard append(text) else { return false }
    case .int(let number): append(digitsOf: number)
    case .bool(let flag): append(flag ? UInt8(ascii: "t") : UInt8(ascii: "f"))
    case .double(let number): _ = append(number.description)
    case .uuid(let words):
      append(words)
      return true
    case .textArray(let elements):
      return array(elements, of: .text) { writer, text in
        writer.append(Int32(text.utf8.count))
        return writer.append(text)
      }
    case .intArray(let elements):
      return array(elements, of: .bigint) { writer, number in
        writer.append(Int32(8))
        writer.append(Int64(number))
        return true
      }
    case .uuidArray(let elements):
      return array(elements, of: .uuid) { writer, words in
        writer.append(Int32(16))
        writer.append(words)
        return true
      }
    }
    append(0 as UInt8)
    return true
  }

  /// In network byte order.
  private mutating func append(_ number: some FixedWidthInteger) {
    cursor.storeBytes(of: number.bigEndian, as: type(of: number))
    cursor += MemoryLayout.size(ofValue: number)
  }

  private mutating func append(_ words: UUIDWords) {
    append(words.high)
    append(words.low)
  }

  private mutating func append(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
      guard memchr(start, 0, bytes.count) == nil else { return false }
      cursor.copyMemory(from: start, byteCount: bytes.count)
      cursor += bytes.count
      return true
    }
  }

  private mutating func append(digitsOf number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    var length = 1
    var power: UInt = 10
    while length < 20, rest >= power {
      length += 1
      let (next, overflow) = power.multipliedReportingOverflow(by: 10)
      if overflow { break }
      power = next
    }
    for position in (0..<length).reversed() {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      cursor.storeBytes(of: UInt8(ascii: "0") + UInt8(digit), toByteOffset: position, as: UInt8.self)
      rest = quotient
    }
    cursor += length
  }

  // array_recv: see ``BinaryForm/array(_:of:_:)``, which reads it.
  private mutating func array<Element>(
    _ elements: [Element?], of type: ColumnType, _ write: (inout ParameterWriter, Element) -> Bool
  ) -> Bool {
    append(elements.isEmpty ? 0 : 1 as Int32)
    append(elements.contains { $0 == nil } ? 1 : 0 as Int32)
    append(type.rawValue)
    guard !elements.isEmpty else { return true }
    append(Int32(elements.count))
    append(1 as Int32)
    for element in elements {
      guard let element else {
        append(-1 as Int32)
        continue
      }
      guard write(&self, element) else { return false }
    }
    return true
  }
}
