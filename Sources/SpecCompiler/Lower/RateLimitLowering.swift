/// `x-rate-limit`: how often something may be asked for. At the root of a document it is for all of its operations
/// together; one of an operation's own takes the place of the document's of the same `by`, and has buckets of its own.
extension Lowerer {
  /// Seconds until an empty bucket is full again, at most: what is longer is no limit of a rate.
  private static let longestFilling = 86_400
  private static let mostTokens = 1_000_000
  private static let code = "too_many_requests"

  /// What a limit may look at.
  private struct Subject {
    /// Before the names of its limits: `login/`; empty for a document.
    var name: String
    var access: Access?
    /// The object in which accounts are; nil where there is none.
    var body: (type: TypeReference, title: String)?
    var isDocument = false
  }

  // MARK: - Documents

  mutating func lowerRequestLimits(_ root: Node) {
    model.requestLimits = lowerLimits(of: root, Subject(name: "", access: .user, isDocument: true))
  }

  mutating func lowerEventLimits(_ root: Node) {
    model.eventLimits = lowerLimits(of: root, Subject(name: "events/", access: .user, isDocument: true))
  }

  // MARK: - Operations

  /// The limits that are in force for an operation, as places in the model's table.
  mutating func lowerLimits(of node: Node, id: String, access: Access?, body: RequestBody?) -> [Int] {
    var subject = Subject(name: id + "/", access: access)
    if case .json(let type) = body?.content, body?.isRequired == true { subject.body = (type, "the body") }
    let own = lowerLimits(of: node, subject)
    let isPublic = access == .everyone
    let inherited = model.requestLimits.filter { place in
      model.rateLimits[place].by == (isPublic ? .address : .user)
    }
    return merged(own, over: inherited)
  }

  /// The same for an event of clients.
  mutating func lowerLimits(ofEvent node: Node, name: String, access: Access?, payload: String?) -> [Int] {
    var subject = Subject(name: "events/\(name)/", access: access)
    if let payload { subject.body = (.named(payload), "the payload") }
    let own = lowerLimits(of: node, subject)
    return merged(own, over: model.eventLimits)
  }

  private func merged(_ own: [Int], over inherited: [Int]) -> [Int] {
    let kinds = own.map { model.rateLimits[$0].by.name }
    return inherited.filter { !kinds.contains(model.rateLimits[$0].by.name) } + own
  }

  /// An event that is another door to an operation has that one's codes; a limit of the operation's own counts what comes
  /// through its door, so the other needs one, too.
  mutating func checkLimits(ofEvent node: Node, limits: [Int], operation id: String) {
    guard let operation = model.operations.first(where: { $0.id == id }) else { return }
    let isOwn = { (place: Int) in !self.model.requestLimits.contains(place) && !self.model.eventLimits.contains(place) }
    if operation.rateLimits.contains(where: isOwn), !limits.contains(where: isOwn) {
      errorAtKey(
        node["x-operation"] ?? node,
        "the operation '\(id)' has an 'x-rate-limit' of its own, so this way to it needs one, too")
    }
    if !limits.isEmpty, !operation.codes.contains(Self.code) {
      errorAtKey(node, "the code '\(Self.code)' is missing among those of the operation '\(id)': the event has a limit")
    }
  }

  // MARK: - One limit

  private mutating func lowerLimits(of owner: Node, _ subject: Subject) -> [Int] {
    guard let place = owner["x-rate-limit"] else { return [] }
    let nodes = place.isSequence ? place.items : [place]
    if nodes.isEmpty { error(place, "'x-rate-limit' is one limit or a list of them") }
    checkLimitProblem(place)
    var kinds: Set<String> = []
    var places: [Int] = []
    for node in nodes where check(node, .rateLimit) {
      guard let limit = lowerLimit(node, subject) else { continue }
      guard kinds.insert(limit.by.name).inserted else {
        error(node["by"] ?? node, "there is another limit by \(limit.by.name)")
        continue
      }
      places.append(model.rateLimits.count)
      model.rateLimits.append(limit)
    }
    return places
  }

  /// Said once, at the first limit.
  private mutating func checkLimitProblem(_ place: Node) {
    guard model.rateLimits.isEmpty, problems[Self.code]?.status != 429 else { return }
    error(place, "a limit answers '\(Self.code)' (429), which x-problems lacks")
  }

  private mutating func lowerLimit(_ node: Node, _ subject: Subject) -> RateLimit? {
    let tokens = lowerTokens("limit", of: node)
    let burst = node["burst"] == nil ? tokens : lowerTokens("burst", of: node)
    let seconds = lowerPeriod(node)
    let by = lowerKey(node, subject)
    let asksFirst = lowerShared(node, subject)
    guard let tokens, let burst, let seconds, let by else { return nil }
    guard seconds <= Self.longestFilling * tokens / burst else {
      error(node["per"] ?? node, "an empty bucket takes longer than a day to fill")
      return nil
    }
    return RateLimit(
      name: subject.name + by.name, limit: tokens, seconds: seconds, burst: burst, by: by, asksFirst: asksFirst)
  }

  private mutating func lowerTokens(_ key: String, of node: Node) -> Int? {
    guard let place = node[key] else { return nil }
    guard let count = place.integer, (1...Self.mostTokens).contains(count) else {
      error(place, "'\(key)' is an integer from 1 to \(Self.mostTokens)")
      return nil
    }
    return count
  }

  private mutating func lowerPeriod(_ node: Node) -> Int? {
    guard let place = node["per"] else { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
    if let text = place.string, let last = text.last, let unit = units[last], let first = text.first, first != "0",
      text.dropLast().allSatisfy({ ("0"..."9").contains($0) }), let count = Int(text.dropLast()),
      count <= Self.longestFilling / unit
    {
      return count * unit
    }
    error(place, "'per' is a number of seconds, minutes or hours, up to a day: 1s, 10m, 1h")
    return nil
  }

  private mutating func lowerShared(_ node: Node, _ subject: Subject) -> Bool {
    guard let place = node["shared"] else { return false }
    if place.string != "first" {
      error(place, "'shared' is first, for a limit that asks the other nodes before it lets something pass")
    } else if subject.isDocument {
      errorAtKey(place, "'shared: first' costs a way to the other nodes each time: it is for single operations")
    }
    return true
  }

  // MARK: - Whom it counts

  private mutating func lowerKey(_ node: Node, _ subject: Subject) -> RateLimit.Key? {
    guard let place = node["by"] else { return nil }
    if let account = node["account"], place.string != RateLimit.Key.account([]).name {
      errorAtKey(account, "an 'account' belongs to a limit by ip+account")
    }
    switch place.string {
    case "ip": return .address
    case "user":
      if subject.access == .everyone { error(place, "who calls a public operation is not known: limit it by ip") }
      return .user
    case "ip+account":
      guard !subject.isDocument else {
        error(place, "an account is in the body of one operation: the document's limits are by ip or user")
        return nil
      }
      return lowerAccount(node, subject).map { .account($0) }
    default:
      error(place, "'by' is ip, user or ip+account")
      return nil
    }
  }

  /// Where a JSON Pointer leads to a required string.
  private mutating func lowerAccount(_ node: Node, _ subject: Subject) -> [String]? {
    guard let place = node["account"] else {
      errorAtKey(node, "a limit by ip+account needs 'account': where in the body the account is")
      return nil
    }
    guard let text = place.string, text.hasPrefix("/"), let tokens = JSONPointer.tokens(ofFragment: text) else {
      error(place, "'account' is a JSON Pointer into the body, such as /identifier")
      return nil
    }
    guard let body = subject.body else {
      error(place, "there is no required body of JSON that has an account")
      return nil
    }
    var type = body.type
    for token in tokens {
      // One with errors of its own has been reported.
      if case .named(let name) = expand(type), declarations[name] == nil { return nil }
      guard let property = objectShape(of: type)?.properties.first(where: { $0.name == token }) else {
        error(place, "'\(text)' leads to no property of \(body.title)")
        return nil
      }
      guard property.isRequired else {
        error(place, "'\(token)' can be left out, so there is nothing to count")
        return nil
      }
      type = property.type
    }
    guard case .string(let rules) = expand(type), rules.format != .uuid, rules.format != .dateTime else {
      error(place, "an account is a text, but '\(text)' leads to \(describe(type))")
      return nil
    }
    return tokens
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidRateLimit) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidRateLimit) }
}
