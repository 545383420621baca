import Glibc

/// An enumeration of the protocol: each of its cases is a text.
public protocol TextEnumeration: RawRepresentable<String>, CaseIterable, Sendable {
  /// The case of a text, without making a `String` of it; nil for any other text.
  ///
  /// - Parameter utf8: the text's bytes.
  init?(utf8: UnsafeRawBufferPointer)
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are those of a text.
  @inlinable
  public func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
    return memcmp(baseAddress, text.utf8Start, count) == 0
  }
}
