/// One of the forms that a value may have, by `oneOf` or `anyOf`.
public struct JSONBranch<Value>: Sendable {
  public typealias Read = @Sendable (inout JSONReader) throws(JSONSyntaxError) -> Value?

  let kinds: JSONKinds
  let read: Read

  /// - Parameters:
  ///   - kinds: those that values of this form have; of no other kind is `read` asked.
  ///   - read: reads a value of this form.
  public init(_ kinds: JSONKinds, _ read: @escaping Read) {
    self.kinds = kinds
    self.read = read
  }
}

extension JSONReader {
  /// Bytes that may be read again to find a branch, for each byte of the text: choices within choices could ask for as
  /// many as two to the power of their levels.
  private static let rereadFactor = 64

  /// A value that has one of several forms: the first that reads it without a violation.
  ///
  /// - Parameter exactlyOne: as `oneOf` has it: no other form may read it either.
  /// - Returns: nil where none does, or more than one, or it took too long to find out, which is reported.
  public mutating func choice<Value>(
    _ branches: [JSONBranch<Value>], exactlyOne: Bool
  ) throws(JSONSyntaxError) -> Value? {
    let kind = JSONKinds(first: next)
    let keyword: StaticString = exactlyOne ? "oneOf" : "anyOf"
    let candidates = branches.filter { $0.kinds.contains(kind) }
    guard let first = candidates.first else {
      violate(keyword, "must not be \(kind == .object || kind == .array ? "an" : "a") \(nextKind)")
      try skipValue()
      return nil
    }
    guard candidates.count > 1 else { return try first.read(&self) }
    let start = position
    var found: Value?
    var count = 0
    for branch in candidates where count == 0 || exactlyOne && count == 1 {
      position = start
      guard let value = try attempt(branch) else { continue }
      if count == 0 { found = value }
      count += 1
    }
    position = start
    try skipValue()
    if isExhausted {
      violate(keyword, "has too many possible forms")
    } else if count == 0 {
      violate(keyword, "must have one of \(branches.count) forms, and has none")
    } else if count > 1, exactlyOne {
      violate(keyword, "must have just one of \(branches.count) forms, and has more")
    } else {
      return found
    }
    return nil
  }

  private var isExhausted: Bool { reread > bytes.count * Self.rereadFactor }

  /// Tries a branch, and leaves no trace but the position.
  private mutating func attempt<Value>(_ branch: JSONBranch<Value>) throws(JSONSyntaxError) -> Value? {
    guard !isExhausted else { return nil }
    let start = position
    let before = (violations: violations, count: violationCount, path: path.count)
    violationCount = 0
    let value = try branch.read(&self)
    let isClean = violationCount == 0
    path.count = before.path
    restore(violations: before.violations, count: before.count)
    reread += position - start
    return isClean ? value : nil
  }
}
