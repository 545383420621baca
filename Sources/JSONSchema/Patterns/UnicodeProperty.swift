/// What `\p{…}` may name (ECMA-262 §22.2.1, tables 66 to 68): general categories by their short and long names, and the
/// binary properties that the standard library knows. Scripts are not among them: it has no public table of them.
enum UnicodeProperty {
  static func set(named text: String) -> ScalarSet? {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      guard parts[0] == "General_Category" || parts[0] == "gc" else { return nil }
      return category(parts[1])
    }
    return binary[text].map { ScalarSet($0) } ?? category(text)
  }

  private static func category(_ name: String) -> ScalarSet? {
    let short = longNames[name] ?? name
    guard let categories = categories(short) else { return nil }
    return ScalarSet { categories.contains($0.properties.generalCategory) }
  }

  private static func categories(_ short: String) -> Set<Unicode.GeneralCategory>? {
    if let one = byShortName[short] { return [one] }
    if short == "LC" { return [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter] }
    guard short.utf8.count == 1 else { return nil }
    let several = byShortName.filter { $0.key.hasPrefix(short) }.map(\.value)
    return several.isEmpty ? nil : Set(several)
  }

  private static let byShortName: [String: Unicode.GeneralCategory] = [
    "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter, "Lm": .modifierLetter, "Lo": .otherLetter,
    "Mn": .nonspacingMark, "Mc": .spacingMark, "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber,
    "No": .otherNumber, "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
    "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation, "Po": .otherPunctuation,
    "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol, "So": .otherSymbol, "Zs": .spaceSeparator,
    "Zl": .lineSeparator, "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format, "Cs": .surrogate, "Co": .privateUse,
    "Cn": .unassigned,
  ]

  private static let longNames: [String: String] = [
    "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Combining_Mark": "M", "Nonspacing_Mark": "Mn",
    "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
    "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs",
    "Private_Use": "Co", "Unassigned": "Cn",
  ]

  private static let binary: [String: ScalarSet.Property] = [
    "Any": { _ in true }, "ASCII": { $0.isASCII }, "Alphabetic": { $0.properties.isAlphabetic },
    "Alpha": { $0.properties.isAlphabetic }, "Assigned": { $0.properties.generalCategory != .unassigned },
    "Lowercase": { $0.properties.isLowercase }, "Lower": { $0.properties.isLowercase },
    "Uppercase": { $0.properties.isUppercase }, "Upper": { $0.properties.isUppercase },
    "White_Space": { $0.properties.isWhitespace }, "space": { $0.properties.isWhitespace },
    "Emoji": { $0.properties.isEmoji }, "Emoji_Presentation": { $0.properties.isEmojiPresentation },
    "Emoji_Modifier": { $0.properties.isEmojiModifier }, "Ideographic": { $0.properties.isIdeographic },
    "Math": { $0.properties.isMath }, "Dash": { $0.properties.isDash }, "Hex_Digit": { $0.properties.isHexDigit },
    "ASCII_Hex_Digit": { $0.properties.isASCIIHexDigit }, "ID_Start": { $0.properties.isIDStart },
    "ID_Continue": { $0.properties.isIDContinue }, "XID_Start": { $0.properties.isXIDStart },
    "XID_Continue": { $0.properties.isXIDContinue }, "Diacritic": { $0.properties.isDiacritic },
    "Cased": { $0.properties.isCased }, "Variation_Selector": { $0.properties.isVariationSelector },
    "Default_Ignorable_Code_Point": { $0.properties.isDefaultIgnorableCodePoint },
    "Noncharacter_Code_Point": { $0.properties.isNoncharacterCodePoint },
  ]
}
