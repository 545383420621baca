/// The templates of paths, and which of them can't be told apart.
extension Lowerer {
  /// Of a path. A router has a level for each.
  private static let segmentLimit = 32
  /// How many comparisons are made to find paths that the same request means.
  private static let comparisonLimit = 200_000

  mutating func lowerTemplate(_ entry: Node.Entry) -> [Operation.Segment]? {
    guard entry.key.hasPrefix("/") else {
      error(entry.name, "a path starts with '/'")
      return nil
    }
    var segments: [Operation.Segment] = []
    if entry.key == "/" { return segments }
    let parts = entry.key.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let isSlash = part.isEmpty && index == parts.count - 1 && !profile.isOwn
      guard let segment = isSlash ? .literal("") : lowerSegment(part, of: entry) else { return nil }
      if case .parameter(let name) = segment, segments.contains(segment) {
        error(entry.name, "the parameter '\(name)' is twice in the path")
        return nil
      }
      segments.append(segment)
      if segments.count > Self.segmentLimit {
        error(entry.name, "the path has more than \(Self.segmentLimit) segments", .compilerLimit)
        return nil
      }
    }
    return segments
  }

  private mutating func lowerSegment(_ part: Substring, of entry: Node.Entry) -> Operation.Segment? {
    if part.hasPrefix("{"), part.hasSuffix("}"),
      part.dropFirst().dropLast().utf8.allSatisfy({ $0 != 0x7B && $0 != 0x7D })
    {
      return .parameter(String(part.dropFirst().dropLast()))
    }
    if part == "." || part == ".." {
      error(entry.name, "clients take '\(part)' out of a path before they send it (RFC 3986 §5.2.4)")
      return nil
    }
    let isPlain = part.unicodeScalars.allSatisfy {
      Self.isUnreserved($0) || !profile.isOwn && Self.otherPathCharacters.contains($0)
    }
    guard !part.isEmpty, isPlain else {
      let what = profile.isOwn ? "unreserved characters (RFC 3986 §2.3)" : "characters of a path (RFC 3986 §3.3)"
      error(entry.name, "a path's segment is '{name}' or \(what), not '\(part)'")
      return nil
    }
    return .literal(String(part))
  }

  /// `pchar` of RFC 3986 §3.3 without what is unreserved. Clients may escape them or not.
  private static let otherPathCharacters = "!$&'()*+,;=:@".unicodeScalars

  private static func isUnreserved(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar))
  }

  // MARK: - Paths that the same request means

  /// `/{x}/b` and `/a/{y}`: both match /a/b, and neither is the more concrete one. The router takes the one whose literal
  /// comes first, which no reader of the spec can know.
  mutating func checkAmbiguousPaths(_ paths: [(segments: [Operation.Segment], node: Node)]) {
    // Paths with their parameters in the same places can only be the same, so these are compared as groups.
    var groups: [[Bool]: [(segments: [Operation.Segment], node: Node)]] = [:]
    for path in paths { groups[path.segments.map(\.isParameter), default: []].append(path) }
    let masks = groups.keys.sorted { $0.lexicographicallyPrecedes($1) { !$0 && $1 } }
    var comparisons = 0
    for (index, mask) in masks.enumerated() {
      for other in masks[(index + 1)...] where isNeitherMoreConcrete(mask, other) {
        comparisons += (groups[mask]?.count ?? 0) + (groups[other]?.count ?? 0)
        guard comparisons <= Self.comparisonLimit else {
          if let node = paths.first?.node {
            diagnostics.report(
              Diagnostic(
                .warning, .compilerLimit, at: node.keyLocation,
                "there are too many forms of paths to find ambiguous ones"))
          }
          return
        }
        reportAmbiguous(groups[mask] ?? [], groups[other] ?? [], literals: zip(mask, other).map { !$0 && !$1 })
      }
    }
  }

  private func isNeitherMoreConcrete(_ left: [Bool], _ right: [Bool]) -> Bool {
    left.count == right.count && zip(left, right).contains { $0 && !$1 } && zip(left, right).contains { !$0 && $1 }
  }

  /// - Parameter literals: the places where both have a literal: a request means both where these are the same.
  private mutating func reportAmbiguous(
    _ left: [(segments: [Operation.Segment], node: Node)], _ right: [(segments: [Operation.Segment], node: Node)],
    literals: [Bool]
  ) {
    func key(_ segments: [Operation.Segment]) -> [Operation.Segment] {
      zip(segments, literals).filter(\.1).map(\.0)
    }
    let known = Dictionary(left.map { (key($0.segments), $0) }) { first, _ in first }
    for path in right {
      guard let other = known[key(path.segments)] else { continue }
      let both = zip(path.segments, other.segments).map { "/" + ($0.isParameter ? $1 : $0).text }.joined()
      let (first, second) = path.node.location.line < other.node.location.line ? (path, other) : (other, path)
      let message = "a request to \(both) could mean this path or another one; change a literal"
      diagnostics.report(
        Diagnostic(
          profile.plainPaths ? .error : .warning, .ambiguousPath, at: second.node.keyLocation, message,
          context: second.node.pointer))
      note(first.node, "the other one is here")
    }
  }
}

extension Operation.Segment {
  var isParameter: Bool { if case .parameter = self { true } else { false } }

  fileprivate var text: String {
    switch self {
    case .literal(let text): text
    case .parameter(let name): "{\(name)}"
    }
  }
}

extension [Operation.Segment] {
  /// The same for paths that differ only in their parameters' names: `/chats/{}`.
  var shape: String {
    map { if case .literal(let text) = $0 { "/\(text)" } else { "/{}" } }.joined()
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidPath) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidPath) }
}
