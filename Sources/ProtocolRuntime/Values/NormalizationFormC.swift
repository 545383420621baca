// The standard library's own normaliser, which it compares strings with: Foundation's would bring all of ICU into the
// static executable.
@_spi(_Unicode) import Swift

extension StringProtocol {
  /// The text in Unicode's Normalization Form C (UAX #15).
  public var normalizedC: String {
    if isPlainlyNormalizedC { return String(self) }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: String(self)._nfc)
    return String(result)
  }

  /// Whether the text is in Unicode's Normalization Form C.
  public var isNormalizedC: Bool {
    isPlainlyNormalizedC || unicodeScalars.elementsEqual(String(self)._nfc)
  }

  /// UAX #15 §9: nothing below U+0300 changes in this form.
  private var isPlainlyNormalizedC: Bool { unicodeScalars.allSatisfy { $0.value < 0x300 } }
}
