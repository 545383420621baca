extension SchemaLibrary {
  /// What is told of a value at most.
  public static let maxFindings = 32

  /// What is wrong with a value; empty where it keeps the schema.
  ///
  /// Each schema looks at each value once, so that the work is at most (schemas × values), however schemas branch; what
  /// is nested beyond a bound of steps is a finding, never the end of the stack.
  public func findings(in value: JSONValue, by schema: SchemaID) -> [Finding] {
    var judgement = Judgement(library: self)
    return judgement.findings(in: value, by: schema)
  }
}

/// One value that is judged by one schema.
struct Judgement {
  /// Schemas and values in each other. A step takes 7 KB of the stack in a debug build, so that all of them take
  /// less than half of the 8 MB that a thread has.
  private static let maxDepth = 512

  /// What a schema says of a value, with what of it was evaluated (JSON Schema Core §7.7.1); nothing was where it is not
  /// valid, and where nobody asks.
  struct Outcome {
    var isValid = true
    /// By their numbers in the object, in the array.
    var members: Set<Int> = []
    var items: Set<Int> = []

    mutating func add(_ other: Outcome) {
      guard other.isValid else { return }
      members.formUnion(other.members)
      items.formUnion(other.items)
    }
  }

  /// Where a judgement stands in the value.
  struct Spot {
    let value: JSONValue
    /// The value's number among all of the whole; a name's is that of its value, negated.
    let number: Int
    /// Nil where nobody wants to hear what is wrong.
    let path: Path?
    /// The schema resources that led here, by a number.
    var scope: Int
  }

  /// A pointer that grows at its end.
  final class Path {
    let parent: Path?
    let token: String

    init(_ parent: Path?, _ token: String) {
      self.parent = parent
      self.token = token
    }

    var pointer: JSONPointer {
      var tokens: [String] = []
      var path: Path? = self
      while let each = path, each.parent != nil {
        tokens.append(each.token)
        path = each.parent
      }
      return JSONPointer(tokens: tokens.reversed())
    }
  }

  private struct Question: Hashable {
    let schema: Int
    let value: Int
    let scope: Int
  }

  let library: SchemaLibrary
  private var found: [Finding] = []
  /// Nil for a question that is being looked at.
  private var answers: [Question: Outcome?] = [:]
  private var scopes: [[Int]] = [[]]
  private var scopeNumbers: [[Int]: Int] = [[]: 0]
  private var depth = 0
  private var isTooDeep = false
  private var endless: SchemaPlace?

  init(library: SchemaLibrary) { self.library = library }

  mutating func findings(in value: JSONValue, by schema: SchemaID) -> [Finding] {
    let root = Path(nil, "")
    let outcome = apply(schema, Spot(value: value, number: 1, path: root, scope: 0))
    if isTooDeep || endless != nil { found = [] }
    if isTooDeep {
      tell(
        root, library.schemas[schema.number].place, "depth",
        "is nested too deep, by itself or by its schema, to be judged")
    } else if let endless {
      tell(root, endless, "$ref", "can't be judged by a schema that refers to itself without an end")
    } else if !outcome.isValid, found.isEmpty {
      tell(root, library.schemas[schema.number].place, "schema", "breaks the schema")
    }
    return found
  }

  // MARK: - Steps

  /// What a schema says of a value. Where it says no and somebody wants to hear, it is told what is wrong.
  mutating func apply(_ schema: SchemaID, _ spot: Spot) -> Outcome {
    var spot = spot
    spot.scope = entered(schema, from: spot.scope)
    let question = Question(schema: schema.number, value: spot.number, scope: spot.scope)
    let outcome: Outcome
    if let known = answers[question] {
      if known == nil { endless = library.schemas[schema.number].place }
      outcome = known ?? Outcome()
    } else {
      answers[question] = .some(nil)
      outcome = walk(schema, Spot(value: spot.value, number: spot.number, path: nil, scope: spot.scope))
      answers[question] = outcome
    }
    if !outcome.isValid, spot.path != nil, !isFull { _ = walk(schema, spot) }
    return outcome
  }

  var isFull: Bool { found.count >= SchemaLibrary.maxFindings }

  private mutating func walk(_ schema: SchemaID, _ spot: Spot) -> Outcome {
    guard depth < Self.maxDepth else {
      isTooDeep = true
      return Outcome()
    }
    depth += 1
    defer { depth -= 1 }
    var outcome = Outcome()
    let compiled = library.schemas[schema.number]
    for rule in compiled.rules {
      // What a broken rule has evaluated nobody knows.
      if !outcome.isValid, rule.looksAtOthers { break }
      let isKept = judge(rule, in: compiled, spot, &outcome)
      if !isKept {
        outcome.isValid = false
        if spot.path == nil || isFull { break }
      }
    }
    return outcome.isValid ? outcome : Outcome(isValid: false)
  }

  /// Only the first entry into a resource counts for what a dynamic reference finds.
  private mutating func entered(_ schema: SchemaID, from scope: Int) -> Int {
    let resource = library.schemas[schema.number].resource
    if scopes[scope].contains(resource) { return scope }
    let resources = scopes[scope] + [resource]
    if let number = scopeNumbers[resources] { return number }
    scopes.append(resources)
    scopeNumbers[resources] = scopes.count - 1
    return scopes.count - 1
  }

  func resources(of scope: Int) -> [Int] { scopes[scope] }

  mutating func tell(_ path: Path?, _ place: SchemaPlace, _ keyword: String, _ message: String) {
    guard let path, !isFull else { return }
    found.append(Finding(pointer: path.pointer, schema: place, keyword: keyword, message: message))
  }

  /// Tells of a rule that is broken.
  ///
  /// - Returns: false.
  mutating func broken(
    _ rule: Rule, _ schema: CompiledSchema, _ path: Path?, _ message: @autoclosure () -> String
  ) -> Bool {
    if path != nil { tell(path, schema.place.appending(rule.keyword), rule.keyword, message()) }
    return false
  }
}
