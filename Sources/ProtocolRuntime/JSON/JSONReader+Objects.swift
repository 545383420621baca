import Bytes
import Glibc

extension JSONReader {
  /// Where a decoder stands in an object.
  public struct Object: ~Copyable {
    let table: PropertyTable
    /// A bit for each of the first 64 properties of the table.
    var seen: UInt64 = 0
    /// What few objects have: of its own, so that the others have one reference to let go and not three.
    fileprivate var rare: RareParts?
    /// The index of the property that is next if the text has the order of the table.
    var expected = 0
    var isFirst = true
    var isInProperty = false
    public internal(set) var count = 0

    /// The name of a property that is not in the table, for a table that keeps them.
    public var unknownName: String { rare?.unknownName ?? "" }

    init(table: PropertyTable) { self.table = table }

    /// Notes that a property is there; false if it was there before.
    fileprivate mutating func see(_ index: Int) -> Bool {
      guard index < 64 else { return seeBeyond(index - 64) }
      let bit: UInt64 = 1 &<< UInt64(index)
      defer { seen |= bit }
      return seen & bit == 0
    }

    /// The same for a name that is not in the table. Strings are equal where their normal forms are; names of JSON are not.
    fileprivate mutating func seeUnknown(_ name: String) -> Bool {
      table.unknown == .kept
        ? rareParts.kept.insert(name).inserted : rareParts.others.insert(Array(name.utf8)).inserted
    }

    @inline(never)
    private mutating func seeBeyond(_ index: Int) -> Bool {
      if seenBeyond.isEmpty { rareParts.seenBeyond = [UInt64](repeating: 0, count: (table.names.count - 1) / 64) }
      let bit: UInt64 = 1 &<< UInt64(index % 64)
      defer { rareParts.seenBeyond[index / 64] |= bit }
      return seenBeyond[index / 64] & bit == 0
    }

    fileprivate var seenBeyond: [UInt64] { rare?.seenBeyond ?? [] }

    fileprivate var rareParts: RareParts {
      mutating get {
        if let rare { return rare }
        let made = RareParts()
        rare = made
        return made
      }
    }
  }

  /// Of an object with names that its table lacks, or more than 64 that it has.
  fileprivate final class RareParts {
    /// A bit for each property of the table behind the 64th, 64 to a word.
    var seenBeyond: [UInt64] = []
    /// Names that are not in the table: of a table that keeps them, those that a dictionary keeps apart.
    var kept: Set<String> = []
    var others: Set<[UInt8]> = []
    var unknownName = ""
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
      let start = position
      let known = knownName(in: object.table, from: object.expected)
      let name = known == nil ? try readName() : Name(range: start..<position)
      skipWhitespace()
      try expect(":")
      skipWhitespace()
      object.count += 1
      if let index = known ?? index(of: name, in: object.table) {
        guard object.see(index) else { throw error("the name \"\(object.table.names[index])\" is there twice") }
        object.expected = index &+ 1
        path.append(nameAt: start)
        object.isInProperty = true
        return index
      }
      let text = name.decoded ?? String(decoding: bytes[name.range], as: UTF8.self)
      guard object.seeUnknown(text) else {
        throw error("the name \"\(text.prefix(100))\" is there twice")
      }
      switch object.table.unknown {
      case .refused:
        violate("additionalProperties", at: text, "is not a property that is known here")
        try skipValue()
      case .skipped:
        try skipValue()
      case .kept:
        object.rareParts.unknownName = text
        path.append(nameAt: start)
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

  /// Moves over a name that is one of the next few of the table, which it mostly is: then nobody looks for its end.
  private mutating func knownName(in table: PropertyTable, from first: Int) -> Int? {
    guard table.isPlain, next == UInt8(ascii: "\""), let base = bytes.baseAddress else { return nil }
    let left = bytes.count &- position &- 2
    for index in first..<min(first &+ 4, table.names.count) {
      let name = table.names[index]
      let count = name.utf8CodeUnitCount
      guard count <= left, bytes[position &+ 1 &+ count] == UInt8(ascii: "\""),
        memcmp(base + position + 1, name.utf8Start, count) == 0
      else { continue }
      position &+= count &+ 2
      return index
    }
    return nil
  }

  /// A name that was read before.
  func name(at offset: Int) -> String {
    var end = offset + 1
    var hasEscapes = false
    while bytes[end] != UInt8(ascii: "\"") {
      if bytes[end] == UInt8(ascii: "\\") {
        hasEscapes = true
        end += 1
      }
      end += 1
    }
    let range = offset + 1..<end
    // Its escapes were replaced before, without an error.
    if hasEscapes, let text = try? unescape(range) { return text }
    return String(decoding: bytes[range], as: UTF8.self)
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
