/// Well-formed UTF-8 (RFC 3629).
public enum UTF8Check {
  /// The offset of the first byte that is not part of a well-formed sequence; nil where there is none.
  public static func firstInvalid(in bytes: Span<UInt8>) -> Int? {
    do {
      _ = try UTF8Span(validating: bytes)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
