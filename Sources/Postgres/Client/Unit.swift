/// What a caller waits for: one statement, or a transaction of several. It is finished exactly once.
struct Unit: Sendable {
  /// A statement and its encoded values. A class, because a unit goes through many hands: each would count the
  /// references of the statement's texts and of the parameters.
  final class Step: Sendable {
    let statement: Statement
    let parameters: Parameters

    init(_ statement: Statement, _ parameters: Parameters) {
      self.statement = statement
      self.parameters = parameters
    }
  }

  /// When it first waited for a lock, and how often it has. A class for the same reason: hardly a unit has one.
  final class LockWait: Sendable {
    let since: ContinuousClock.Instant
    let times: Int

    init(since: ContinuousClock.Instant, times: Int) {
      self.since = since
      self.times = times
    }
  }

  enum Work: Sendable {
    case single(Step, UnsafeContinuation<Result<PostgresResult, PostgresError>, Never>)
    case transaction([Step], UnsafeContinuation<Result<[PostgresResult], PostgresError>, Never>)
  }

  let work: Work
  /// Whether it needs a Sync of its own: a transaction, or a statement that is sent again.
  var isAlone: Bool
  /// How often it was sent again for a reason of its own: a deadlock, a conflict, a lost plan.
  var retries = 0
  /// Nil before it waited for a lock.
  var locked: LockWait?
  /// When it gives up waiting for a connection.
  var deadline: ContinuousClock.Instant = .now

  init(_ work: Work) {
    self.work = work
    switch work {
    case .single: isAlone = false
    case .transaction: isAlone = true
    }
  }

  func waiting(until deadline: ContinuousClock.Instant) -> Unit {
    var unit = self
    unit.deadline = deadline
    return unit
  }

  var stepCount: Int {
    switch work {
    case .single: 1
    case .transaction(let steps, _): steps.count
    }
  }

  func step(_ index: Int) -> Step {
    switch work {
    case .single(let step, _): step
    case .transaction(let steps, _): steps[index]
    }
  }

  /// Resumes the caller. `results` has one for each step.
  func finish(_ results: [PostgresResult]) {
    precondition(results.count == stepCount, "one result for each statement")
    switch work {
    case .single(_, let continuation): continuation.resume(returning: .success(results[0]))
    case .transaction(_, let continuation): continuation.resume(returning: .success(results))
    }
  }

  /// Resumes the caller with an error.
  func fail(_ error: PostgresError) {
    switch work {
    case .single(_, let continuation): continuation.resume(returning: .failure(error))
    case .transaction(_, let continuation): continuation.resume(returning: .failure(error))
    }
  }
}
