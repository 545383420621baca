/// A spec file as it was read.
public struct SpecSource: Sendable {
  /// Of a file, in bytes: a larger one is refused, so that there is no need to read more than a byte beyond it.
  public static let sizeLimit = 4 << 20
  /// Of a folder's files, so that one that is something else is noticed.
  public static let folderLimit = 1_000

  /// How diagnostics name the file, and by whose last component the other file refers to it.
  public let path: String
  public let bytes: [UInt8]
  /// Whether others wrote it: then a number that can't be kept exactly becomes the nearest one, as other tools do, and
  /// anchors and aliases are no errors.
  public var isForeign = false

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// `openapi.yaml` of `spec/openapi.yaml`.
  public var fileName: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Offset of the first byte that is not UTF-8 (RFC 3629 §4: no overlong forms, no surrogates).
  var firstInvalidByte: Int? {
    // The library's reading is the faster one, and says only whether there is such a byte.
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch lead {
      case 0x00...0x7F:
        index += 1
        continue
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      case 0xF1...0xF3: length = 4
      default: return index
      }
      guard index + length <= bytes.count, second.contains(bytes[index + 1]),
        bytes[(index + 1)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
      else { return index }
      index += length
    }
    return nil
  }
}
