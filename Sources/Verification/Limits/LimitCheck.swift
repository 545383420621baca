import Contract
import JSONSchema

/// Looks whether a server has the limits of its documents: it tells their numbers, lets through as much and no more, and
/// says the truth about when there is more. What a server was told to multiply its limits by is taken from what it says.
struct LimitCheck {
  private let entrance: Entrance
  private let caller: LimitCaller
  /// Fills all buckets of the server; nil where only time does.
  private let refill: (@Sendable () -> Void)?

  init(_ entrance: Entrance, refill: (@Sendable () -> Void)? = nil) {
    self.entrance = entrance
    caller = LimitCaller(door: entrance.door)
    self.refill = refill
  }

  func groups() async -> [ProbeGroup] {
    let limits: [PromisedLimit]
    do { limits = try PromisedLimit.all(in: caller.door.contract) } catch {
      return [ProbeGroup("limits", [Probe { throw error }])]
    }
    if limits.isEmpty { return [ProbeGroup("limits", obstacle: "the documents have none")] }
    refill?()
    let persons = await persons(limits)
    let told: [(limit: PromisedLimit, fields: RateLimitFields?)]
    do { told = try await survey(limits, persons) } catch {
      return [ProbeGroup("limits", [Probe { throw error }])]
    }
    guard !told.isEmpty else { return [ProbeGroup("limits", obstacle: "nothing would tell the server's numbers")] }
    guard told.contains(where: { $0.fields != nil }) else {
      return [ProbeGroup("limits", obstacle: "the server limits nothing")]
    }
    let scale = LimitScale(told.compactMap { each in each.fields.map { (each.limit.rule, $0) } })
    return [numbers(scale, told)]
      + limits.flatMap { groups(of: $0, told, scale: scale ?? .one, persons) }
  }

  private func numbers(
    _ scale: LimitScale?, _ told: [(limit: PromisedLimit, fields: RateLimitFields?)]
  ) -> ProbeGroup {
    let name = "numbers of the limits"
    let quotas = told.map { limit, fields in
      "\(limit.title) is \(fields.map { "\($0.quota) in \($0.window) s" } ?? "none"), "
        + "not \(limit.rule.burst) in \(Int(limit.rule.filling.rounded(.up))) s"
    }
    guard let scale else {
      return ProbeGroup(name, [Probe { ["what the server tells is no multiple of the documents'"] + quotas }])
    }
    if scale == .one { return ProbeGroup(name, [Probe { [] }]) }
    return ProbeGroup(name, obstacle: "the server was told others: " + quotas.joined(separator: ", "))
  }

  private func groups(
    of limit: PromisedLimit, _ told: [(limit: PromisedLimit, fields: RateLimitFields?)], scale: LimitScale,
    _ persons: [String]
  ) -> [ProbeGroup] {
    if limit.rule.by == .user, persons.isEmpty { return [ProbeGroup(limit.title, obstacle: "nobody could sign in")] }
    let others = Set(told.filter { $0.limit.title != limit.title }.compactMap(\.fields?.name))
    let own = told.first { $0.limit.title == limit.title }?.fields
    let left = own.map { ", of which \($0.remaining) of \($0.quota) were left" } ?? ""
    var groups = [
      ProbeGroup(
        limit.title + left,
        [
          Probe {
            refill?()
            var run = LimitRun(limit, by: caller, scale: scale, others: others, persons: persons)
            return try await run.faults(isFull: refill != nil)
          }
        ])
    ]
    if limit.rule.by == .user, persons.count < 2 {
      groups.append(ProbeGroup("\(limit.title): another user's", obstacle: "nobody else could sign in"))
    }
    return groups
  }

  // MARK: - Before anything is used up

  /// What the server tells of each limit that is alone at some door of HTTP.
  private func survey(
    _ limits: [PromisedLimit], _ persons: [String]
  ) async throws -> [(limit: PromisedLimit, fields: RateLimitFields?)] {
    var told: [(limit: PromisedLimit, fields: RateLimitFields?)] = []
    for limit in limits where limit.isAlone {
      guard case .operation = limit.doors[0], limit.rule.by != .user || !persons.isEmpty else { continue }
      told.append((limit, try await caller.ask(limit.doors[0], token: persons.first, socket: nil).fields))
    }
    return told
  }

  /// Access tokens of two persons, who come for it, or who took part in something before.
  private func persons(_ limits: [PromisedLimit]) async -> [String] {
    var tokens: [String] = []
    for number in 0..<2 {
      guard let token = try? await entrance.token(after: number) else { break }
      tokens.append(token)
    }
    for token in caller.door.ledger.tokens.reversed() where tokens.count < 2 {
      if await isValid(token, limits) { tokens.append(token) }
    }
    return tokens
  }

  private func isValid(_ token: String, _ limits: [PromisedLimit]) async -> Bool {
    for limit in limits {
      guard case .operation(let operation, true) = limit.doors[0] else { continue }
      let answer = try? await caller.door.call(
        operation, parameters: (try? Parameters.required(of: operation, in: caller.door.contract)) ?? .object(.empty),
        token: token, body: nil)
      return answer.map { $0.status != 401 } ?? false
    }
    return false
  }
}
