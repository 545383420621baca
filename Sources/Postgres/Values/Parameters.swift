import Glibc

/// A statement's values as libpq wants them: one block of memory with the arrays of pointers, lengths and formats, then
/// the values they speak of (a nil pointer for NULL).
///
/// @unchecked: written once in `encode`, before anybody else sees it, and only read afterwards.
final class Parameters: @unchecked Sendable {
  /// The Bind message counts its parameters in 16 bits.
  static let maximumCount = 65_535
  /// A message says its length in 31 bits.
  static let maximumSize = Int(Int32.max)

  private static let stride =
    MemoryLayout<UnsafePointer<CChar>?>.stride + MemoryLayout<Int32>.stride + MemoryLayout<Int32>.stride

  let count: Int
  private let block: UnsafeMutableRawPointer?

  private init(count: Int, block: UnsafeMutableRawPointer?) {
    self.count = count
    self.block = block
  }

  deinit { block?.deallocate() }

  /// Where each value lies, nil for NULL.
  var pointers: UnsafePointer<UnsafePointer<CChar>?>? {
    block.map { UnsafePointer(Self.pointers($0)) }
  }

  /// How long each is, in bytes. Those that are text end with a NUL besides.
  var lengths: UnsafePointer<Int32>? { block.map { UnsafePointer(Self.lengths($0, count)) } }

  /// 0 for text, 1 for binary.
  var formats: UnsafePointer<Int32>? { block.map { UnsafePointer(Self.lengths($0, count) + count) } }

  private static func pointers(_ block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UnsafePointer<CChar>?> {
    block.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
  }

  private static func lengths(_ block: UnsafeMutableRawPointer, _ count: Int) -> UnsafeMutablePointer<Int32> {
    (block + count * MemoryLayout<UnsafePointer<CChar>?>.stride).assumingMemoryBound(to: Int32.self)
  }

  /// Throws `badValue` for text with U+0000, which PostgreSQL cannot store, and for too many or too large values.
  static func encode(_ values: [Value], for statement: String) throws(PostgresError) -> Parameters {
    guard !values.isEmpty else { return Parameters(count: 0, block: nil) }
    let count = values.count
    guard count <= maximumCount else {
      throw PostgresError(.badValue, "more than \(maximumCount) parameters", statement: statement)
    }
    let size = values.reduce(0) { $0 + ParameterWriter.bound(of: $1) }
    guard size <= maximumSize else {
      throw PostgresError(.badValue, "parameters of more than \(maximumSize) bytes", statement: statement)
    }
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: count * stride + size, alignment: MemoryLayout<UnsafePointer<CChar>?>.alignment)
    let pointers = block.bindMemory(to: UnsafePointer<CChar>?.self, capacity: count)
    let lengths = UnsafeMutableRawPointer(pointers + count).bindMemory(to: Int32.self, capacity: 2 * count)
    let parameters = Parameters(count: count, block: block)
    var writer = ParameterWriter(UnsafeMutableRawPointer(lengths + 2 * count))
    for (index, value) in values.enumerated() {
      let start = writer.cursor
      guard writer.write(value) else {
        throw PostgresError(
          .badValue, "parameter $\(index + 1) has the character U+0000, which PostgreSQL cannot store",
          statement: statement)
      }
      if case .null = value {
        (pointers + index).initialize(to: nil)
      } else {
        (pointers + index).initialize(to: UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
      }
      (lengths + index).initialize(to: Int32(writer.cursor - start))
      (lengths + count + index).initialize(to: ParameterWriter.isBinary(value) ? 1 : 0)
    }
    return parameters
  }
}
