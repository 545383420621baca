/// Well-formed UTF-8 (RFC 3629).
public enum UTF8Check {
  /// The offset of the first byte that is not part of a well-formed sequence; nil where there is none.
  public static func firstInvalid(in bytes: Span<UInt8>) -> Int? {
    // A character begins behind what is all ASCII, and mostly nothing is left there.
    let plain = asciiCount(bytes)
    guard plain < bytes.count else { return nil }
    do {
      _ = try UTF8Span(validating: bytes.extracting(plain...))
      return nil
    } catch {
      return plain + error.byteOffsets.lowerBound
    }
  }

  /// How many bytes at the beginning are ASCII; perhaps too few, for they are looked at by 32.
  private static func asciiCount(_ bytes: Span<UInt8>) -> Int {
    bytes.withUnsafeBytes { bytes in
      var position = 0
      while position &+ 32 <= bytes.count {
        let words =
          bytes.loadUnaligned(fromByteOffset: position, as: SIMD2<UInt64>.self)
          | bytes.loadUnaligned(fromByteOffset: position &+ 16, as: SIMD2<UInt64>.self)
        guard (words[0] | words[1]) & 0x8080_8080_8080_8080 == 0 else { return position }
        position &+= 32
      }
      // What is left is less than 32 bytes.
      while position < bytes.count, bytes[position] < 0x80 { position &+= 1 }
      return position
    }
  }
}
