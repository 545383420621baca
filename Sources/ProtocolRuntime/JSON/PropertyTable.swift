import Bytes

/// The names of an object's properties, made once a type by generated code.
public final class PropertyTable: Sendable {
  enum Unknown: Sendable { case refused, skipped, kept }

  let names: [StaticString]
  /// Of the first 64, which is nearly always all.
  let required: UInt64
  /// Of the others, 64 to a word.
  let requiredBeyond: [UInt64]
  let unknown: Unknown
  /// Whether JSON writes each of the names as it is: none has an escape.
  let isPlain: Bool

  /// - Parameters:
  ///   - required: bit i is set where `names[i]` is required.
  ///   - requiredBeyond: bit i of word w is set where `names[64 + 64w + i]` is required; as many words as the names need.
  public init(_ names: [StaticString], required: UInt64, requiredBeyond: [UInt64] = [], refusesUnknown: Bool) {
    self.names = names
    self.required = required
    self.requiredBeyond = requiredBeyond
    isPlain = Self.arePlain(names)
    unknown = refusesUnknown ? .refused : .skipped
  }

  /// A table whose unknown properties are values too.
  public init(_ names: [StaticString], required: UInt64, requiredBeyond: [UInt64] = []) {
    self.names = names
    self.required = required
    self.requiredBeyond = requiredBeyond
    isPlain = Self.arePlain(names)
    unknown = .kept
  }

  private static func arePlain(_ names: [StaticString]) -> Bool {
    names.allSatisfy { name in
      !JSONString.needsEscape(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
  }
}
