import Logging
import Postgres
import ProtocolRuntime
import Synchronization

/// The group-commit writer: what waits on this node is stored in one transaction.
///
/// While a flight is under way, the next batch gathers, so that batches grow with the load, and a lonely message waits
/// for nobody. A flight is one round trip of two statements (`MessageWriterStatements`) with one sync, for up to
/// `MessageQueue.Limits.batch` messages. A flight never waits for a chat that somebody else has locked: that chat's
/// messages come back, and wait by themselves. What a flight has stored is handed out while the next one is under way.
///
/// If a statement fails, nothing of its flight is stored; its messages are then tried one by one, so that a bad one fails
/// alone. Deadlocks between nodes are retried by the client.
final class MessageWriter: Sendable {
  typealias Limits = MessageQueue<Waiting>.Limits

  /// Called with each stored message, once it is durable; for one chat in the order of rev.
  typealias Publication = @Sendable (QueuedMessage, _ seq: Int, _ rev: Int, _ at: Timestamp) -> Void

  /// Called with each flight that is durable, before what it stored is published.
  typealias Landing = @Sendable (KnownCommit) -> Void

  struct Waiting: Sendable {
    let draft: QueuedMessage
    let continuation: CheckedContinuation<MessageOutcome, any Error>
  }

  private struct State {
    var queue: MessageQueue<Waiting>
    /// How many rows of flights have begun: each is served by the next executor.
    var rows = 0
    /// The handing out of what landed last. The next one waits for it: two flights may have messages of one chat.
    var handingOut: Task<Void, Never>?
  }

  /// How many flights follow each other on one executor. To go to another costs the first of them a wait for it.
  private static let flightsInRow = 16

  private let database: Database
  private let executors: [any TaskExecutor]
  private let logger: Logger
  private let landed: Landing
  private let publish: Publication
  private let state: Mutex<State>

  /// - Parameter executors: where flights are prepared and their results handed out, in turn.
  init(
    database: Database, limits: Limits = Limits(), executors: [any TaskExecutor], logger: Logger,
    landed: @escaping Landing, publish: @escaping Publication
  ) {
    self.database = database
    self.executors = executors
    self.logger = logger
    self.landed = landed
    self.publish = publish
    state = Mutex(State(queue: MessageQueue(limits: limits) { $0.draft }))
  }

  /// Stores a message; returns when that is durable, or decided otherwise.
  ///
  /// - Throws: `UnavailableError` if too many wait, if the chat is locked for long, or if the database cannot serve.
  ///   Unless it was the connection that was lost, the message was not stored; sending it again with the same client id
  ///   is safe in any case.
  func write(_ draft: QueuedMessage) async throws -> MessageOutcome {
    try await withCheckedThrowingContinuation { continuation in
      let waiting = Waiting(draft: draft, continuation: continuation)
      if state.withLock({ $0.queue.append(waiting) }) {
        takeOff()
      } else {
        continuation.resume(throwing: UnavailableError("Too many messages are waiting to be stored."))
      }
    }
  }

  /// How many messages wait now, without those that fly.
  var waitingCount: Int { state.withLock { $0.queue.count } }

  /// Lets the next flight begin, if one is to. There is none while nobody writes.
  private func takeOff() {
    let next: (batch: [Waiting], row: Int)? = state.withLock { state in
      guard let batch = state.queue.take() else { return nil }
      state.rows &+= 1
      return (batch, state.rows)
    }
    guard let (batch, row) = next else { return }
    Task(executorPreference: executor(of: row)) { await self.fly(batch) }
    // There may be a full batch for another.
    takeOff()
  }

  /// A flight, and those that follow it here.
  private func fly(_ first: [Waiting]) async {
    var batch = first
    for _ in 1..<Self.flightsInRow {
      await flyOnce(batch)
      guard let next = state.withLock({ $0.queue.take() }) else { return }
      batch = next
    }
    await flyOnce(batch)
    takeOff()
  }

  private func flyOnce(_ batch: [Waiting]) async {
    let (answers, locked) = await store(batch)
    // Flights are one ahead of what is handed out, no more: what has landed and waits for that has no other bound.
    await state.withLock { $0.handingOut }?.value
    let now = Self.now
    let (pauses, givenUp) = state.withLock { state in
      let executor = executor(of: state.rows)
      state.handingOut = Task(executorPreference: executor) { [former = state.handingOut] in
        await former?.value
        self.handOut(answers)
      }
      return state.queue.land(batch, locked: locked, now: now)
    }
    for waiting in givenUp {
      waiting.continuation.resume(throwing: UnavailableError("The chat is busy. Nothing was stored; try again."))
    }
    for (chat, pause) in pauses { rest(chat, for: pause) }
  }

  private func executor(of row: Int) -> (any TaskExecutor)? {
    executors.isEmpty ? nil : executors[Int(UInt(bitPattern: row) % UInt(executors.count))]
  }

  private func handOut(_ answers: [Answer]) {
    for (waiting, result) in answers {
      // Before the acknowledgement, so that who sees that one knows that the event is on its way.
      if case .success(.stored(let seq, let rev, let at)) = result { publish(waiting.draft, seq, rev, at) }
      waiting.continuation.resume(with: result)
    }
  }

  private func rest(_ chat: UUID, for pause: Duration) {
    Task(executorPreference: executors.first) {
      try? await Task.sleep(for: pause)
      self.state.withLock { $0.queue.tryAgain(chat) }
      self.takeOff()
    }
  }

  /// A clock that only rises.
  private static var now: Duration { ContinuousClock.now - epoch }
  private static let epoch = ContinuousClock.now

  private typealias Answer = (waiting: Waiting, result: Result<MessageOutcome, any Error>)

  /// Stores a batch.
  ///
  /// - Returns: what came of each, and what was found locked and is to be tried again, both in order.
  private func store(_ batch: [Waiting]) async -> (answers: [Answer], locked: [Waiting]) {
    var answers: [Answer] = []
    answers.reserveCapacity(batch.count)
    var locked: [Waiting] = []
    do {
      for (waiting, outcome) in zip(batch, try await outcomes(of: batch.map(\.draft))) {
        if let outcome { answers.append((waiting, .success(outcome))) } else { locked.append(waiting) }
      }
    } catch let error as PostgresError where batch.count > 1 {
      logger.warning("A batch of messages failed; they are tried one by one", metadata: ["error": "\(error)"])
      // What follows a locked one in its chat would overtake it.
      var chats: Set<UUID> = []
      for waiting in batch {
        guard !chats.contains(waiting.draft.chatID) else {
          locked.append(waiting)
          continue
        }
        let one = await store([waiting])
        answers += one.answers
        chats.formUnion(one.locked.map(\.draft.chatID))
        locked += one.locked
      }
    } catch {
      for waiting in batch { answers.append((waiting, .failure(error))) }
    }
    return (answers, locked)
  }

  /// One round trip. The outcomes are in the order of the drafts; nil for one whose chat is locked.
  private func outcomes(of drafts: [QueuedMessage]) async throws -> [MessageOutcome?] {
    let (_, stored) = try await database.transaction(
      MessageWriterStatements.Lock(chats: Set(drafts.map(\.chatID))), MessageWriterStatements.Store(drafts: drafts))
    if let commit = stored.commit { landed(commit) }
    return stored.outcomes
  }
}
