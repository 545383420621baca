import Synchronization

/// A Unicode property of `\p{…}` (ECMA-262 §22.2.2.9), as far as Swift's standard library can tell it: general
/// categories and binary properties, of the Unicode version of the compiler's Swift.
struct UnicodeProperty {
  struct Unknown: Error {
    let message: String
  }

  let set: CharacterSet
  /// Names the walk over all code points that made the set.
  let walk: String

  /// - Parameter name: what stands between the braces: `L`, `General_Category=Letter`, `Alphabetic`.
  init(named name: String) throws(Unknown) {
    let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      switch parts[0] {
      case "General_Category", "gc":
        guard let set = Self.category(parts[1]) else {
          throw Unknown(message: "unknown general category '\(parts[1])'; known are names such as L, Lu and Letter")
        }
        (self.set, walk) = (set, "General_Category")
        return
      case "Script", "sc", "Script_Extensions", "scx":
        throw Unknown(message: "Unicode scripts are not supported; list the ranges, such as [\\u0370-\\u03FF]")
      default:
        throw Unknown(message: "unknown Unicode property '\(parts[0])'; only General_Category has a value here")
      }
    }
    if let set = Self.category(name) {
      (self.set, walk) = (set, "General_Category")
      return
    }
    let name = Self.longNames[name] ?? name
    guard let test = Self.tests[name] else {
      throw Unknown(
        message: "unknown Unicode property '\(name)'; known are general categories such as L and Lu, and binary"
          + " properties such as Alphabetic")
    }
    (set, walk) = (Self.set(name, test), name)
  }

  // MARK: - Walks

  private static let surrogates: ClosedRange<UInt32> = 0xD800...0xDFFF

  /// Each category's code points, found in one walk.
  private static let categories: [Unicode.GeneralCategory: CharacterSet] = {
    var ranges: [Unicode.GeneralCategory: [ClosedRange<UInt32>]] = [:]
    var start: UInt32 = 0
    var current = Unicode.GeneralCategory.control
    var value: UInt32 = 0
    while value <= CharacterSet.last {
      let category = Unicode.Scalar(value)?.properties.generalCategory ?? .surrogate
      if category != current {
        ranges[current, default: []].append(start...(value - 1))
        (start, current) = (value, category)
      }
      value += 1
    }
    ranges[current, default: []].append(start...CharacterSet.last)
    return ranges.mapValues { CharacterSet($0) }
  }()

  private static func category(_ name: String) -> CharacterSet? {
    switch name {
    case "Any": return .all
    case "ASCII": return CharacterSet([0...0x7F])
    case "Assigned": return categories[.unassigned]?.inverted
    default: break
    }
    guard let members = members[categoryNames[name] ?? name] else { return nil }
    return CharacterSet(members.flatMap { categories[$0]?.ranges ?? [] })
  }

  /// Planes of which one code point stands for all but the last two: nothing in them is assigned, or all is for private
  /// use. They are most of Unicode.
  private static let uniformPlanes: Set<UInt32> = {
    let ranges = [Unicode.GeneralCategory.unassigned, .privateUse].flatMap { categories[$0]?.ranges ?? [] }
    return Set(
      (0...16).filter { plane in ranges.contains { $0.contains(plane << 16) && $0.contains(plane << 16 | 0xFFFD) } })
  }()

  /// What has been walked for: the same for every compilation.
  private static let sets = Mutex<[String: CharacterSet]>([:])

  private static func set(
    _ name: String, _ test: @Sendable (Unicode.Scalar.Properties) -> Bool
  ) -> CharacterSet {
    sets.withLock { sets in
      if let set = sets[name] { return set }
      var ranges: [ClosedRange<UInt32>] = []
      var value: UInt32 = 0
      while value <= CharacterSet.last {
        let isPlane = value & 0xFFFF == 0 && uniformPlanes.contains(value >> 16)
        let end = isPlane ? value | 0xFFFD : value
        if let scalar = Unicode.Scalar(value), test(scalar.properties) { ranges.append(value...end) }
        value = end + 1
      }
      let set = CharacterSet(ranges)
      sets[name] = set
      return set
    }
  }
}
