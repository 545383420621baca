/// The bookkeeping of one round trip: what was sent, in order, and what the server's answers mean for each unit.
/// No I/O: answers go in, verdicts come out.
struct Flight {
  enum Step: Equatable {
    /// Parse a statement, alone before its own Sync, so that one that is wrong harms only those that use it.
    case prepare(Int)
    case endOfPrepare
    /// Execute step `step` of unit `unit`.
    case execute(unit: Int, step: Int)
    /// The Sync that ends the group of these units.
    case sync(Range<Int>)
  }

  /// An answer, as PQgetResult gives them.
  enum Answer {
    case success(PostgresResult)
    case failure(PostgresError)
    /// Not executed, because an earlier one of its group failed.
    case skipped
    /// The server is through with a Sync: what came before it is committed, or rolled back.
    case synced
  }

  enum Verdict {
    /// With one result for each of its steps.
    case finished(Unit, ArraySlice<PostgresResult>)
    case failed(Unit, PostgresError)
    case sendAgain(Unit)
    /// Rolled back, because it waited for a lock: to be sent again when some time has passed.
    case locked(Unit, PostgresError)
  }

  /// How often a unit is sent again for a deadlock, a serialization conflict or a lost plan.
  static let retryLimit = 5

  private(set) var steps: [Step] = []
  private(set) var units: [Unit]
  /// What has to be prepared.
  private(set) var preparations: [Statement] = []
  /// Names of statements that the server has prepared in this flight.
  private(set) var prepared: [String] = []
  /// Names of statements that the server turned out not to have (any more).
  private(set) var forgotten: [String] = []
  /// Why only a new connection helps, if so.
  private(set) var needsNewConnection: String?
  private(set) var executeCount = 0
  private(set) var syncCount = 0

  private var position = 0
  /// Of the group that is being answered, in the order of its steps.
  private var results: [PostgresResult] = []
  private var preparationErrors: [String: PostgresError] = [:]
  private var failure: (unit: Int?, error: PostgresError)?

  /// Orders the units: those that share the first Sync, then those with a Sync of their own.
  init(_ units: [Unit], isPrepared: (String) -> Bool) {
    self.units = units
    // Nearly always in order already.
    if units.contains(where: \.isAlone) { self.units = units.filter { !$0.isAlone } + units.filter(\.isAlone) }
    steps.reserveCapacity(units.count + 4)
    var seen: Set<String> = []
    for unit in self.units {
      for index in 0..<unit.stepCount {
        let statement = unit.step(index).statement
        guard !isPrepared(statement.name), seen.insert(statement.name).inserted else { continue }
        steps.append(.prepare(preparations.count))
        steps.append(.endOfPrepare)
        preparations.append(statement)
      }
    }
    let shared = self.units.firstIndex(where: \.isAlone) ?? units.count
    for index in 0..<shared { steps.append(.execute(unit: index, step: 0)) }
    if shared > 0 { steps.append(.sync(0..<shared)) }
    for index in shared..<self.units.count {
      for step in 0..<self.units[index].stepCount { steps.append(.execute(unit: index, step: step)) }
      steps.append(.sync(index..<index + 1))
    }
    for step in steps {
      switch step {
      case .execute: executeCount += 1
      case .sync, .endOfPrepare: syncCount += 1
      case .prepare: break
      }
    }
  }

  var isOver: Bool { position == steps.count }

  /// Takes the next answer. Returns nil if it is not one that can come here: the protocol is broken.
  mutating func receive(_ answer: Answer) -> [Verdict]? {
    guard position < steps.count else { return nil }
    switch (steps[position], answer) {
    case (.prepare(let index), .success):
      prepared.append(preparations[index].name)
      position += 1
    case (.prepare(let index), .failure(let error)):
      preparationErrors[preparations[index].name] = error
      position += 1
    case (.endOfPrepare, .synced):
      position += 1
    case (.execute, .success(let result)):
      results.append(result)
      position += 1
    case (.execute(let unit, let step), .failure(let error)):
      failure = (unit, named(error, units[unit].step(step).statement.name))
      position += 1
    case (.execute, .skipped):
      position += 1
    case (.sync, .failure(let error)):
      // The commit itself failed, for a deferred constraint or a serialization conflict.
      failure = failure ?? (nil, error)
    case (.sync(let group), .synced):
      position += 1
      return conclude(group)
    default:
      return nil
    }
    return []
  }

  /// The connection is lost. Groups known to have failed are rolled back for sure; of the others nothing is known.
  mutating func abandon(_ error: PostgresError) -> [Verdict] {
    var verdicts: [Verdict] = []
    for step in steps[position...] {
      guard case .sync(let group) = step else { continue }
      if failure != nil {
        verdicts += conclude(group)
      } else {
        for index in group { verdicts.append(.failed(units[index], error)) }
      }
    }
    position = steps.count
    return verdicts
  }

  // A group's implicit transaction has ended: committed as a whole, or, after a failure, not at all.
  private mutating func conclude(_ group: Range<Int>) -> [Verdict] {
    defer { results.removeAll() }
    guard let (culprit, error) = failure else {
      var next = 0
      return group.map { index in
        let first = next
        next += units[index].stepCount
        return .finished(units[index], results[first..<next])
      }
    }
    failure = nil
    return group.map { index in
      let isCulprit = index == culprit || group.count == 1
      return isCulprit ? verdict(on: units[index], error) : .sendAgain(again(units[index]))
    }
  }

  private mutating func verdict(on unit: Unit, _ error: PostgresError) -> Verdict {
    // Not a question of how often: it waits by the clock.
    if error.state == .locked { return .locked(again(unit), error) }
    // The next connection may find the server that took over, or a session that may write again.
    if error.state == .readOnly { needsNewConnection = "the server is read-only" }
    guard unit.retries < Flight.retryLimit else { return .failed(unit, error) }
    switch error.state {
    case .conflict:
      return .sendAgain(again(unit, isOwnFault: true))
    case .lostStatement:
      // Somebody between us and the server dropped it (DISCARD ALL by a pooler).
      if let name = error.statement { forgotten.append(name) }
      return .sendAgain(again(unit, isOwnFault: true))
    case _ where error.isStalePlan:
      // A migration changed a table.
      needsNewConnection = "the server's plans are out of date"
      return .sendAgain(again(unit, isOwnFault: true))
    default:
      return .failed(unit, error)
    }
  }

  private func again(_ unit: Unit, isOwnFault: Bool = false) -> Unit {
    unit.isAlone = true
    if isOwnFault { unit.retries += 1 }
    return unit
  }

  // A statement whose Parse failed is unknown when it is executed: what went wrong is what Parse said.
  private func named(_ error: PostgresError, _ name: String) -> PostgresError {
    var error = error.state == .lostStatement ? preparationErrors[name] ?? error : error
    error.statement = name
    return error
  }
}
