import Contract
import JSONSchema

/// A limit with all that it counts together.
struct PromisedLimit: Sendable {
  /// What one may ask for.
  enum Door: Sendable {
    /// With a token, or without one.
    case operation(Operation, isSignedIn: Bool)
    case event(Event)

    var title: String {
      switch self {
      case .operation(let operation, let isSignedIn):
        isSignedIn || operation.isPublic ? operation.id : "\(operation.id) without a token"
      case .event(let event): "the event \(event.name)"
      }
    }
  }

  let rule: LimitRule
  /// `all operations`, or the one whose own it is.
  let owner: String
  /// All that count in it; first those that no other limit counts as well.
  let doors: [Door]
  /// Whether the first door is in no other limit.
  let isAlone: Bool

  var title: String { "limit by \(rule.by.rawValue) of \(owner)" }

  /// Those of a contract, in the order in which they are best tried: what refuses at the same time as others first.
  ///
  /// - Throws: `ClientError` for what says no limit.
  static func all(in contract: Contract) throws -> [PromisedLimit] {
    let operations = try ofOperations(contract)
    let events = try ofEvents(contract)
    let (crowded, alone) = (operations.filter { !$0.isAlone }, operations.filter(\.isAlone))
    // An address's limit for all operations keeps others from being tried once it is used up.
    let last = alone.filter { $0.owner == Self.everything && $0.rule.by == .address }
    return crowded + alone.filter { $0.owner != Self.everything || $0.rule.by != .address } + events + last
  }

  private static let everything = "all operations"

  private static func ofOperations(_ contract: Contract) throws -> [PromisedLimit] {
    let root = try LimitRule.all(of: contract.openapi)
    var found: [PromisedLimit] = []
    var shared = root.map { (rule: $0, alone: [Door](), others: [Door]()) }
    for operation in contract.operations {
      let own = try LimitRule.all(of: operation.node)
      let door = Door.operation(operation, isSignedIn: !operation.isPublic)
      let inherited = root.indices.filter { place in
        let by = root[place].by
        return by == (operation.isPublic ? .address : .user) && !own.contains { $0.by == by }
      }
      let isAlone = own.count + inherited.count == 1
      for rule in own { found.append(PromisedLimit(rule: rule, owner: operation.id, doors: [door], isAlone: isAlone)) }
      for place in inherited {
        if isAlone { shared[place].alone.append(door) } else { shared[place].others.append(door) }
      }
      // Who has no token counts by address, wherever one is needed.
      if !operation.isPublic, let place = root.firstIndex(where: { $0.by == .address }) {
        shared[place].others.append(.operation(operation, isSignedIn: false))
      }
    }
    return found
      + shared.filter { !$0.alone.isEmpty || !$0.others.isEmpty }.map {
        PromisedLimit(rule: $0.rule, owner: everything, doors: $0.alone + $0.others, isAlone: !$0.alone.isEmpty)
      }
  }

  private static func ofEvents(_ contract: Contract) throws -> [PromisedLimit] {
    let root = try LimitRule.all(of: contract.events)
    var found: [PromisedLimit] = []
    var shared = root.map { (rule: $0, doors: [Door]()) }
    for event in contract.received.values.sorted(by: { $0.name < $1.name }) {
      let own = try LimitRule.all(of: event.node)
      let inherited = root.indices.filter { place in !own.contains { $0.by == root[place].by } }
      let isAlone = own.count + inherited.count == 1
      for rule in own {
        found.append(
          PromisedLimit(rule: rule, owner: "the event \(event.name)", doors: [.event(event)], isAlone: isAlone))
      }
      for place in inherited { shared[place].doors.append(.event(event)) }
    }
    return found
      + shared.filter { !$0.doors.isEmpty }.map {
        PromisedLimit(rule: $0.rule, owner: "all events", doors: $0.doors, isAlone: true)
      }
  }
}

extension Operation {
  /// Whether no token is needed (`x-access`).
  var isPublic: Bool { node["x-access"]?.text == "public" }
}
