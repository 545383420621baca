import JSONSchema

/// Uses one limit up, and looks at all that is said on the way: exactly so much is let through, all doors of the limit
/// are closed then and nobody else's is, and after as long as it says it opens.
struct LimitRun {
  /// Longer nobody waits for a token, in seconds.
  static let patience = 5
  /// More are not asked for to use a limit up.
  private static let mostTokens = 10_000.0
  /// Tokens that may come while one tries to use them up, and other limits that may be in the way.
  private static let slack = 30

  private let caller: LimitCaller
  private let limit: PromisedLimit
  private let scale: LimitScale
  /// What the server calls its other limits.
  private let others: Set<String>
  /// Access tokens; the first one's person uses the limit up.
  private let persons: [String]
  private var sockets: [SocketConnection] = []
  private var count: TokenCount?
  private var body: JSONValue?

  /// - Parameters:
  ///   - scale: of the server's limits.
  ///   - others: what the server calls its other limits.
  ///   - persons: access tokens of different persons; where the limit is by user, at least one.
  init(
    _ limit: PromisedLimit, by caller: LimitCaller, scale: LimitScale, others: Set<String>, persons: [String]
  ) {
    self.caller = caller
    self.limit = limit
    self.scale = scale
    self.others = others
    self.persons = persons
  }

  private var door: PromisedLimit.Door { limit.doors[0] }

  /// - Parameter isFull: whether nothing was asked for a while.
  /// - Returns: what is wrong.
  /// - Throws: `NotChecked` where it can't be found out now.
  mutating func faults(isFull: Bool) async throws -> [String] {
    guard case .event = door else { return try await look(isFull) }
    for token in persons { sockets.append(try await caller.door.socket(token: token)) }
    let found: Result<[String], any Error>
    do { found = .success(try await look(isFull)) } catch { found = .failure(error) }
    for socket in sockets { await socket.close() }
    return try found.get()
  }

  private mutating func look(_ isFull: Bool) async throws -> [String] {
    if limit.rule.by == .account { body = try caller.body(of: door, account: limit.rule.account) }
    if case .event = door, !isFull { try await waitUntilFull() }
    var found = try await useUp(startsFull: isFull || limit.rule.by == .account || isOfEvents)
    if found.isEmpty { found = try await closedDoors() }
    if found.isEmpty { found = try await openDoors() }
    if found.isEmpty { found = try await opening() }
    return found
  }

  private var isOfEvents: Bool { if case .event = door { true } else { false } }

  private func waitUntilFull() async throws {
    guard limit.rule.filling <= Double(Self.patience) else {
      throw NotChecked("nothing tells what is left of it, and it fills in more than \(Self.patience) s")
    }
    try await Task.sleep(for: .seconds(limit.rule.filling))
  }

  // MARK: - One request

  private func ask(
    _ what: PromisedLimit.Door, person: Int = 0, body: JSONValue? = nil
  ) async throws -> LimitAnswer {
    for _ in 0..<Self.slack {
      let answer = try await caller.ask(
        what, token: persons.indices.contains(person) ? persons[person] : nil,
        socket: sockets.indices.contains(person) ? sockets[person] : nil, body: body)
      guard let seconds = answer.refusal, let fields = answer.fields, others.contains(fields.name) else {
        return answer
      }
      try await wait(seconds, for: "another limit is used up")
    }
    throw NotChecked("another limit is in the way")
  }

  private func wait(_ seconds: Int, for why: String) async throws {
    guard seconds <= Self.patience else { throw NotChecked("\(why), and lets nothing through for \(seconds) s") }
    try await Task.sleep(for: .seconds(seconds))
  }

  /// Notes an answer, and says what is wrong with it.
  private mutating func judge(_ answer: LimitAnswer, of what: String) -> [String] {
    let own = answer.fields.flatMap { others.contains($0.name) ? nil : $0 }
    var found = answer.faults
    if let own { found += numberFaults(own) }
    if let seconds = answer.refusal {
      found += count?.refused(at: answer.moment, seconds: seconds) ?? []
      if let own, own.remaining != 0 { found.append("is refused, and says that \(own.remaining) are left") }
    } else {
      found += count?.letThrough(at: answer.moment, remaining: own?.remaining) ?? []
    }
    return found.map { "\(what): \($0)" }
  }

  private func numberFaults(_ fields: RateLimitFields) -> [String] {
    var found: [String] = []
    if !scale.capacity(of: limit.rule).contains(Double(fields.quota)) {
      found.append("its quota is \(fields.quota), which the documents' \(limit.rule.burst) is not")
    }
    if scale == .one, Double(fields.window) != limit.rule.filling.rounded(.up) {
      found.append("its window is \(fields.window) s, which \(limit.rule.filling) s is not")
    }
    return found
  }

  // MARK: - The steps

  /// Asks until it is refused.
  private mutating func useUp(startsFull: Bool) async throws -> [String] {
    let capacity = scale.capacity(of: limit.rule)
    guard capacity.upperBound <= Self.mostTokens else {
      throw NotChecked("it lets more than \(Int(Self.mostTokens)) through at once")
    }
    var answer = try await ask(door, body: body)
    // What a refusal has of a token is not told; what is let through tells how many are left.
    if !startsFull, let seconds = answer.refusal {
      let found = judge(answer, of: door.title)
      if !found.isEmpty { return found }
      try await wait(seconds, for: "it is used up")
      answer = try await ask(door, body: body)
    }
    var start = capacity
    if !startsFull {
      guard let remaining = answer.fields?.remaining else {
        return ["\(door.title): no RateLimit and RateLimit-Policy say how the limit stands"]
      }
      let least = Double(remaining) + (answer.refusal == nil ? 1 : 0)
      start = least...(least >= capacity.upperBound ? least : least + 1)
    }
    count = TokenCount(capacity: capacity, interval: scale.interval(of: limit.rule), start: start, at: answer.moment)
    let most = 2 * Int(capacity.upperBound) + Self.slack
    for number in 0..<most {
      if number > 0 { answer = try await ask(door, body: body) }
      let found = judge(answer, of: door.title)
      if !found.isEmpty || answer.refusal != nil { return found }
    }
    throw NotChecked("\(most) requests did not use it up: it fills faster than the server answers")
  }

  /// All that counts in it is refused.
  private mutating func closedDoors() async throws -> [String] {
    var found: [String] = []
    for door in limit.doors.dropFirst() { found += try await closed(door, door.title, body) }
    if let body, let same = try caller.inCapitals(body, of: door, account: limit.rule.account) {
      found += try await closed(door, "\(door.title), the account in capitals", same)
    }
    return found
  }

  private mutating func closed(
    _ door: PromisedLimit.Door, _ title: String, _ body: JSONValue?
  ) async throws -> [String] {
    for _ in 0..<Self.slack {
      let answer = try await ask(door, body: body)
      let found = judge(answer, of: title)
      if !found.isEmpty || answer.refusal != nil { return found }
    }
    return ["\(title): is let through all the time"]
  }

  /// Whom it does not count is let through.
  private mutating func openDoors() async throws -> [String] {
    switch limit.rule.by {
    case .address: return []
    case .user:
      guard persons.count > 1 else { return [] }
      return try await ask(door, person: 1).refusal == nil ? [] : ["\(door.title): another user is refused"]
    case .account:
      let other = try caller.body(of: door, account: limit.rule.account)
      return try await ask(door, body: other).refusal == nil ? [] : ["\(door.title): another account is refused"]
    }
  }

  /// After as long as it says there is a token.
  private mutating func opening() async throws -> [String] {
    let answer = try await ask(door, body: body)
    let found = judge(answer, of: door.title)
    guard found.isEmpty, let seconds = answer.refusal, seconds <= Self.patience else { return found }
    try await Task.sleep(for: .seconds(seconds))
    return judge(try await ask(door, body: body), of: "\(door.title), \(seconds) s later")
  }
}
