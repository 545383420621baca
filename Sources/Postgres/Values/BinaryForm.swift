/// PostgreSQL's binary form of values (the types' own send functions; all numbers are big-endian).
enum BinaryForm {
  /// Microseconds from 1970 to 2000-01-01T00:00:00Z, where PostgreSQL's times begin.
  static let epoch: Int64 = 946_684_800_000_000

  /// A number that fills the bytes; nil for any other length, as that of NULL.
  static func number<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ type: Number.Type) -> Number? {
    guard bytes.count == MemoryLayout<Number>.size else { return nil }
    return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
  }

  /// An integer of two, four or eight bytes.
  static func integer(_ bytes: UnsafeRawBufferPointer) -> Int? {
    switch bytes.count {
    case 8: number(bytes, Int64.self).map { Int($0) }
    case 4: number(bytes, Int32.self).map { Int($0) }
    default: number(bytes, Int16.self).map { Int($0) }
    }
  }

  static func uuid(_ bytes: UnsafeRawBufferPointer) -> UUIDWords? {
    guard bytes.count == 16 else { return nil }
    return UUIDWords(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// The elements of an array of one dimension, or of an empty one; nil for anything else and for another type.
  ///
  /// array_send: the number of dimensions, whether there are NULLs, the elements' type; for each dimension its length
  /// and lower bound; for each element its length (−1 for NULL) and bytes. All of these are 32 bits wide.
  static func array<Element>(
    _ bytes: UnsafeRawBufferPointer, of types: [ColumnType], _ element: (UnsafeRawBufferPointer) -> Element?
  ) -> [Element?]? {
    func word(_ offset: Int) -> Int? {
      guard offset + 4 <= bytes.count else { return nil }
      return Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
    }
    // An OID is unsigned.
    guard let dimensions = word(0), let type = word(8).map({ UInt32(truncatingIfNeeded: $0) }),
      types.contains(ColumnType(rawValue: type))
    else { return nil }
    if dimensions == 0 { return [] }
    guard dimensions == 1, let count = word(12), count >= 0, word(16) == 1 else { return nil }
    var elements: [Element?] = []
    var offset = 20
    for _ in 0..<count {
      guard let length = word(offset) else { return nil }
      offset += 4
      if length < 0 {
        elements.append(nil)
        continue
      }
      guard offset + length <= bytes.count,
        let value = element(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
      else { return nil }
      elements.append(value)
      offset += length
    }
    return elements
  }
}
