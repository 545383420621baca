import Bytes

extension JSONReader {
  /// Where a decoder stands in an object.
  public struct Object: ~Copyable {
    let table: PropertyTable
    /// A bit for each of the first 64 properties of the table, and for the others a word for 64.
    var seen: UInt64 = 0
    var seenBeyond: [UInt64] = []
    var seenUnknown: Set<String> = []
    var isFirst = true
    var isInProperty = false
    /// The name of a property that is not in the table, for a table that keeps them.
    public internal(set) var unknownName = ""
    public internal(set) var count = 0

    init(table: PropertyTable) { self.table = table }

    /// Notes that a property is there; false if it was there before.
    fileprivate mutating func see(_ index: Int) -> Bool {
      guard index < 64 else { return seeBeyond(index - 64) }
      let bit: UInt64 = 1 &<< UInt64(index)
      defer { seen |= bit }
      return seen & bit == 0
    }

    @inline(never)
    private mutating func seeBeyond(_ index: Int) -> Bool {
      if seenBeyond.isEmpty { seenBeyond = [UInt64](repeating: 0, count: (table.names.count - 1) / 64) }
      let bit: UInt64 = 1 &<< UInt64(index % 64)
      defer { seenBeyond[index / 64] |= bit }
      return seenBeyond[index / 64] & bit == 0
    }
  }

  /// Begins an object.
  ///
  /// - Returns: nil for any other value, which is reported and skipped.
  public mutating func beginObject(_ table: PropertyTable) throws(JSONSyntaxError) -> Object? {
    guard next == UInt8(ascii: "{") else {
      try refuseType(expected: "an object")
      return nil
    }
    try enter()
    return Object(table: table)
  }

  /// Moves to the value of the next property.
  ///
  /// - Returns: its index in the table; -1 for an unknown one of a table that keeps them; nil at the end, after
  ///   required properties that are missing have been reported.
  public mutating func nextProperty(_ object: inout Object) throws(JSONSyntaxError) -> Int? {
    if object.isInProperty {
      path.removeLast()
      object.isInProperty = false
    }
    while true {
      skipWhitespace()
      if next == UInt8(ascii: "}") {
        leave()
        reportMissing(object)
        return nil
      }
      if !object.isFirst {
        try expect(",")
        skipWhitespace()
      }
      object.isFirst = false
      let name = try readName()
      skipWhitespace()
      try expect(":")
      skipWhitespace()
      object.count += 1
      if let index = index(of: name, in: object.table) {
        guard object.see(index) else { throw error("the name \"\(object.table.names[index])\" is there twice") }
        path.append(.property(object.table.names[index]))
        object.isInProperty = true
        return index
      }
      let text = name.decoded ?? String(decoding: bytes[name.range], as: UTF8.self)
      switch object.table.unknown {
      case .refused:
        violate("additionalProperties", at: text, "is not a property that is known here")
        try skipValue()
      case .skipped:
        try skipValue()
      case .kept:
        guard object.seenUnknown.insert(text).inserted else {
          throw error("the name \"\(text.prefix(100))\" is there twice")
        }
        object.unknownName = text
        path.append(.key(text))
        object.isInProperty = true
        return -1
      }
    }
  }

  private mutating func reportMissing(_ object: borrowing Object) {
    reportMissing(object.table.required & ~object.seen, from: 0, of: object.table)
    for (word, required) in object.table.requiredBeyond.enumerated() {
      let seen = object.seenBeyond.isEmpty ? 0 : object.seenBeyond[word]
      reportMissing(required & ~seen, from: 64 + 64 * word, of: object.table)
    }
  }

  private mutating func reportMissing(_ bits: UInt64, from first: Int, of table: PropertyTable) {
    var missing = bits
    while missing != 0 {
      let index = first + missing.trailingZeroBitCount
      violate("required", at: table.names[index].description, "is required")
      missing &= missing - 1
    }
  }

  struct Name {
    var range: Range<Int>
    /// Set where the name has escapes.
    var decoded: String?
  }

  mutating func readName() throws(JSONSyntaxError) -> Name {
    guard next == UInt8(ascii: "\"") else { throw error("expected a name in quotes") }
    let token = try scanString()
    if token.hasEscapes { return Name(range: token.range, decoded: try unescape(token.range)) }
    return Name(range: token.range, decoded: nil)
  }

  private func index(of name: Name, in table: PropertyTable) -> Int? {
    if let decoded = name.decoded {
      return table.names.firstIndex { $0.description.hasSameBytes(as: decoded) }
    }
    guard let base = bytes.baseAddress else { return nil }
    for (index, candidate) in table.names.enumerated() where candidate.utf8CodeUnitCount == name.range.count {
      let known = UnsafeRawBufferPointer(start: candidate.utf8Start, count: candidate.utf8CodeUnitCount)
      if known.hasSameBytes(as: UnsafeRawBufferPointer(start: base + name.range.lowerBound, count: name.range.count)) {
        return index
      }
    }
    return nil
  }
}
