import DequeModule
import Logging
import Postgres
import ProtocolRuntime
import Synchronization

/// The group-commit writer: what waits on this node is stored in one transaction.
///
/// One flight at a time: while it is under way, the next batch gathers, so that batches grow with the load, and a lonely
/// message waits for nobody. A flight is one round trip of two statements (`MessageWriterStatements`) with one sync, for
/// up to `Limits.batch` messages.
///
/// If a statement fails, nothing of its flight is stored; its messages are then tried one by one, so that a bad one fails
/// alone. Deadlocks between nodes are retried by the client.
final class MessageWriter: Sendable {
  struct Limits: Sendable {
    /// How many messages a flight takes at most.
    var batch = 256
    /// How many messages wait at most; more are answered with 503.
    var queue = 20_000
  }

  /// Called with each stored message, once it is durable; for one chat in the order of rev.
  typealias Publication = @Sendable (MessageDraft, _ seq: Int, _ rev: Int, _ at: Timestamp) -> Void

  private struct Waiting: Sendable {
    let draft: MessageDraft
    let continuation: CheckedContinuation<MessageOutcome, any Error>
  }

  private struct State {
    var waiting: Deque<Waiting> = []
    var isFlying = false
  }

  private let database: Database
  private let limits: Limits
  private let executor: (any TaskExecutor)?
  private let logger: Logger
  private let publish: Publication
  private let state = Mutex(State())

  /// - Parameter executor: where flights are prepared and their results handed out.
  init(
    database: Database, limits: Limits = Limits(), executor: (any TaskExecutor)?, logger: Logger,
    publish: @escaping Publication
  ) {
    self.database = database
    self.limits = limits
    self.executor = executor
    self.logger = logger
    self.publish = publish
  }

  /// Stores a message; returns when that is durable, or decided otherwise.
  ///
  /// - Throws: `UnavailableError` if the queue is full or the database is away. Then the message may still have been
  ///   stored: sending it again with the same client id is safe.
  func write(_ draft: MessageDraft) async throws -> MessageOutcome {
    try await withCheckedThrowingContinuation { continuation in
      enum Next { case nothing, fly, refuse }
      let next = state.withLock { state -> Next in
        guard state.waiting.count < limits.queue else { return .refuse }
        state.waiting.append(Waiting(draft: draft, continuation: continuation))
        guard !state.isFlying else { return .nothing }
        state.isFlying = true
        return .fly
      }
      switch next {
      case .nothing: break
      case .fly: Task(executorPreference: executor) { await self.run() }
      case .refuse: continuation.resume(throwing: UnavailableError("Too many messages are waiting to be stored."))
      }
    }
  }

  /// Flies until nothing waits. There is one such task at a time, and none while nobody writes.
  private func run() async {
    while let batch = state.withLock({ Self.take(&$0, atMost: limits.batch) }) { await fly(batch) }
  }

  /// The next batch, or nil if nothing waits.
  ///
  /// A client id must come once only within a flight: in the statement's snapshot, neither of two would be there yet.
  /// What repeats one of the batch stays behind for the next flight.
  private static func take(_ state: inout State, atMost limit: Int) -> [Waiting]? {
    guard !state.waiting.isEmpty else {
      state.isFlying = false
      return nil
    }
    var batch: [Waiting] = []
    batch.reserveCapacity(min(limit, state.waiting.count))
    var keys: Set<ClientKey> = []
    var deferred: [Waiting] = []
    while batch.count < limit, let next = state.waiting.popFirst() {
      if let key = ClientKey(next.draft), !keys.insert(key).inserted {
        deferred.append(next)
      } else {
        batch.append(next)
      }
    }
    for waiting in deferred.reversed() { state.waiting.prepend(waiting) }
    return batch
  }

  private struct ClientKey: Hashable {
    let chatID: UUID
    let senderID: UUID
    let clientID: UUID

    init?(_ draft: MessageDraft) {
      guard let clientID = draft.clientID else { return nil }
      self.clientID = clientID
      chatID = draft.chatID
      senderID = draft.senderID
    }
  }

  private func fly(_ batch: [Waiting]) async {
    do {
      let outcomes = try await store(batch)
      for (waiting, outcome) in zip(batch, outcomes) {
        // Before the acknowledgement, so that who sees that one knows that the event is on its way.
        if case .stored(let seq, let rev, let at) = outcome { publish(waiting.draft, seq, rev, at) }
        waiting.continuation.resume(returning: outcome)
      }
    } catch let error as PostgresError where batch.count > 1 {
      logger.warning("A batch of messages failed; they are tried one by one", metadata: ["error": "\(error)"])
      for waiting in batch { await fly([waiting]) }
    } catch {
      for waiting in batch { waiting.continuation.resume(throwing: error) }
    }
  }

  /// One flight. The outcomes are in the order of the batch.
  private func store(_ batch: [Waiting]) async throws -> [MessageOutcome] {
    let drafts = batch.map(\.draft)
    let chats = drafts.map(\.chatID.description)
    let results = try await database.transaction([
      BoundStatement(MessageWriterStatements.lock, [.textArray(Array(Set(chats)))]),
      BoundStatement(
        MessageWriterStatements.store,
        [
          .intArray(Array(drafts.indices)), .uuids(drafts.map(\.id)), .textArray(chats), .uuids(drafts.map(\.senderID)),
          .textArray(drafts.map(\.content)), .textArray(drafts.map { $0.clientID?.description }),
          .intArray(drafts.map(\.bodyHash)),
        ]),
    ])
    var outcomes = [MessageOutcome?](repeating: nil, count: batch.count)
    for row in results[1] {
      let key = try row.int(0)
      guard outcomes.indices.contains(key) else { throw row.badValue(0, expected: "a key of the batch") }
      outcomes[key] = try Self.outcome(row)
    }
    return try outcomes.map { outcome in
      guard let outcome else { throw PostgresError(.badValue, "a message of the batch has no outcome") }
      return outcome
    }
  }

  private static func outcome(_ row: Row) throws(PostgresError) -> MessageOutcome {
    switch try row.int(1) {
    case 0: .stored(seq: try row.int(2), rev: try row.int(3), at: try row.timestamp(4))
    case 1: .repeated(try row.uuid(5))
    case 2: .conflict
    default: .notFound
    }
  }
}
