// The standard library's own normaliser: Foundation's would bring all of ICU into the executable.
@_spi(_Unicode) import Swift

/// Unicode's Normalization Form C (UAX #15).
enum NormalFormC {
  static func takes(_ text: String) -> Bool { text.unicodeScalars.elementsEqual(text._nfc) }
}
