import Glibc

/// A statement's values as libpq wants them: one block of memory with an array of pointers, then the NUL-terminated
/// texts they point to (nil for NULL).
///
/// @unchecked: written once in `encode`, before anybody else sees it, and only read afterwards.
final class Parameters: @unchecked Sendable {
  /// The Bind message counts its parameters in 16 bits.
  static let maximumCount = 65_535

  let count: Int
  let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>?

  private init(count: Int, pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
    self.count = count
    self.pointers = pointers
  }

  deinit { UnsafeMutableRawPointer(pointers)?.deallocate() }

  /// Throws `badValue` for text with U+0000, which would end it early, and for too many values.
  static func encode(_ values: [Value], for statement: String) throws(PostgresError) -> Parameters {
    guard !values.isEmpty else { return Parameters(count: 0, pointers: nil) }
    guard values.count <= maximumCount else {
      throw PostgresError(.badValue, "more than \(maximumCount) parameters", statement: statement)
    }
    let pointersSize = values.count * MemoryLayout<UnsafePointer<CChar>?>.stride
    let bound = values.reduce(pointersSize) { $0 + ParameterWriter.bound(of: $1) }
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: bound, alignment: MemoryLayout<UnsafePointer<CChar>?>.alignment)
    let pointers = block.bindMemory(to: UnsafePointer<CChar>?.self, capacity: values.count)
    let parameters = Parameters(count: values.count, pointers: pointers)
    var writer = ParameterWriter((block + pointersSize).assumingMemoryBound(to: UInt8.self))
    for (index, value) in values.enumerated() {
      if case .null = value {
        (pointers + index).initialize(to: nil)
        continue
      }
      (pointers + index).initialize(to: UnsafeRawPointer(writer.cursor).assumingMemoryBound(to: CChar.self))
      guard writer.write(value) else {
        throw PostgresError(
          .badValue, "parameter $\(index + 1) has the character U+0000, which PostgreSQL cannot store",
          statement: statement)
      }
    }
    return parameters
  }
}

/// Writes values in PostgreSQL's text format into memory that is large enough for `bound(of:)` of each.
struct ParameterWriter {
  private(set) var cursor: UnsafeMutablePointer<UInt8>

  init(_ start: UnsafeMutablePointer<UInt8>) { cursor = start }

  /// How many bytes a value takes at most, with its terminator.
  static func bound(of value: Value) -> Int {
    switch value {
    case .null: 0
    case .text(let text): text.utf8.count + 1
    case .int: 21
    case .bool: 2
    case .double: 33
    // Quotes and a comma for each element; each of its bytes may need a backslash; NULL takes 5.
    case .textArray(let elements): elements.reduce(3) { $0 + 2 * ($1?.utf8.count ?? 1) + 3 }
    case .intArray(let elements): 21 * elements.count + 3
    }
  }

  /// Writes a value and its terminator. False if it has a NUL byte.
  mutating func write(_ value: Value) -> Bool {
    var isClean = true
    switch value {
    case .null: return true
    case .text(let text): isClean = append(text)
    case .int(let number): append(number)
    case .bool(let flag): append(byte: flag ? UInt8(ascii: "t") : UInt8(ascii: "f"))
    case .double(let number): _ = append(number.description)
    case .textArray(let elements): isClean = array(elements) { $0.append(quoted: $1) }
    case .intArray(let elements):
      _ = array(elements) {
        $0.append($1)
        return true
      }
    }
    append(byte: 0)
    return isClean
  }

  private mutating func append(byte: UInt8) {
    cursor.initialize(to: byte)
    cursor += 1
  }

  private mutating func append(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
      guard memchr(start, 0, bytes.count) == nil else { return false }
      cursor.initialize(from: start, count: bytes.count)
      cursor += bytes.count
      return true
    }
  }

  private mutating func append(_ number: Int) {
    if number < 0 { append(byte: UInt8(ascii: "-")) }
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
      (cursor + position).initialize(to: UInt8(ascii: "0") + UInt8(digit))
      rest = quotient
    }
    cursor += length
  }

  // An element of an array is always quoted: that is right for the empty text, for NULL as a text, for spaces and
  // braces; inside, the quote and the backslash are escaped (PostgreSQL §8.15.2).
  private mutating func append(quoted text: String) -> Bool {
    append(byte: UInt8(ascii: "\""))
    var text = text
    let isClean = text.withUTF8 { bytes in
      for byte in bytes {
        if byte == 0 { return false }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(byte: UInt8(ascii: "\\")) }
        append(byte: byte)
      }
      return true
    }
    append(byte: UInt8(ascii: "\""))
    return isClean
  }

  private mutating func array<Element>(
    _ elements: [Element?], _ write: (inout ParameterWriter, Element) -> Bool
  ) -> Bool {
    append(byte: UInt8(ascii: "{"))
    for (index, element) in elements.enumerated() {
      if index > 0 { append(byte: UInt8(ascii: ",")) }
      if let element {
        guard write(&self, element) else { return false }
      } else {
        _ = append("NULL")
      }
    }
    append(byte: UInt8(ascii: "}"))
    return true
  }
}
