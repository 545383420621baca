import ProtocolRuntime

/// The profile OpaqueString of RFC 8265 §4.2, so that a password does not depend on the keyboard that it is typed on.
enum OpaqueString {
  /// The text as it is compared and hashed; nil for one that the profile refuses. The empty text, which it refuses too,
  /// is kept out by lengths.
  static func enforced(_ text: String) -> String? {
    guard text.unicodeScalars.allSatisfy(isAllowed) else { return nil }
    var spaces = String.UnicodeScalarView()
    // §4.2.1, rule 2: any space is the space. Rule 4: Normalization Form C. Width and case stay (rules 1 and 3).
    for scalar in text.unicodeScalars {
      spaces.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
    }
    return String(spaces).normalizedC
  }

  /// Whether FreeformClass (RFC 8264 §4.3, in the order of §8) has the character. What is allowed in some contexts only
  /// (RFC 5892, Appendix A) is taken everywhere, but for the joiners: they are seen nowhere by themselves.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // RFC 5892 §2.6: exceptions that are disallowed.
    case 0x0640, 0x07FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
    // §2.9: conjoining Hangul jamo. Modern ones become syllables in Form C, and are judged as such.
    case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB: return isModernJamo(scalar.value)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .unassigned, .surrogate, .privateUse: return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// The Unicode Standard §3.12: those that syllables are made of.
  private static func isModernJamo(_ value: UInt32) -> Bool {
    (0x1100...0x1112).contains(value) || (0x1161...0x1175).contains(value) || (0x11A8...0x11C2).contains(value)
  }
}
