/// What a caller waits for: one statement, or a transaction of several. It is finished exactly once.
///
/// A class, because it goes through many hands: a copy for each would count all that it refers to.
///
/// @unchecked: it is changed by who holds it only, and one holds it at a time: the caller until it is submitted, then the
/// queue under its lock, then the thread of a connection.
final class Unit: @unchecked Sendable {
  /// A statement and its encoded values. A class for the same reason: the flight looks at it for each of its steps.
  final class Step: Sendable {
    let statement: Statement
    let parameters: Parameters

    init(_ statement: Statement, _ parameters: Parameters) {
      self.statement = statement
      self.parameters = parameters
    }
  }

  /// When it first waited for a lock, and how often it has.
  struct LockWait {
    let since: ContinuousClock.Instant
    let times: Int
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
  var deadline: ContinuousClock.Instant

  /// - Parameter deadline: when it gives up waiting for a connection.
  init(_ work: Work, deadline: ContinuousClock.Instant = .now) {
    self.work = work
    self.deadline = deadline
    switch work {
    case .single: isAlone = false
    case .transaction: isAlone = true
    }
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
  func finish(_ results: ArraySlice<PostgresResult>) {
    precondition(results.count == stepCount, "one result for each statement")
    switch work {
    case .single(_, let continuation): continuation.resume(returning: .success(results[results.startIndex]))
    case .transaction(_, let continuation): continuation.resume(returning: .success(Array(results)))
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
