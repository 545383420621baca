/// Which forms names of a spec have. What they become in Swift, `SwiftName` says.
enum IdentifierCheck {
  /// `UpperCamelCase`: a letter A–Z, then letters and digits.
  static func isUpperCamelCase(_ name: String) -> Bool {
    startsWithUpper(name) && name.utf8.allSatisfy(isLetterOrDigit)
  }

  static func isLowerCamelCase(_ name: String) -> Bool {
    startsWithLower(name) && name.utf8.allSatisfy(isLetterOrDigit)
  }

  static func isSnakeCase(_ name: String) -> Bool {
    startsWithLower(name) && !name.hasSuffix("_") && !name.contains("__")
      && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) && !(0x41...0x5A).contains($0) }
  }

  static func isKebabCase(_ name: String) -> Bool {
    startsWithLower(name) && !name.hasSuffix("-") && !name.contains("--")
      && name.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isLetterOrDigit($0) && !(0x41...0x5A).contains($0) }
  }

  /// What a property, parameter or enum member may be called: a letter, then letters, digits, `_`, `-` and `.`.
  static func canBeMember(_ name: String) -> Bool {
    (startsWithLower(name) || startsWithUpper(name))
      && name.utf8.allSatisfy { isLetterOrDigit($0) || "_-.".utf8.contains($0) }
  }

  private static func startsWithUpper(_ name: String) -> Bool {
    name.utf8.first.map { (0x41...0x5A).contains($0) } ?? false
  }

  private static func startsWithLower(_ name: String) -> Bool {
    name.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
