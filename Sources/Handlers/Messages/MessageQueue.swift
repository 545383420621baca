import DequeModule
import ProtocolRuntime

/// What waits to be stored, by chat: which messages the next flight takes, and which chats it must leave alone.
///
/// A chat is in one flight at a time, so that its messages stay in order. Chats take turns. One that is locked by
/// somebody else is left out for a moment, and keeps its messages; the others go on.
struct MessageQueue<Waiting> {
  struct Limits: Sendable {
    /// How many messages a flight takes at most.
    var batch = 256
    /// How many messages wait at most.
    var queue = 20_000
    /// How many of them wait for one chat, so that a locked one does not take the place of all.
    var chat = 2_000
    /// How many flights are under way at most. A second one takes off only when there is a full batch for it: until
    /// then, waiting for the first makes batches larger, which is what makes them cheap.
    var flights = 1
    /// For how long a locked chat is waited for: less than clients wait for an answer.
    var patience = Duration.seconds(8)
  }

  private struct Chat {
    enum Place {
      /// Among `ready`.
      case ready
      case flying
      /// Left alone for a moment.
      case resting
    }

    var waiting: Deque<Waiting> = []
    var place = Place.ready
    /// How often in a row it was found locked.
    var misses = 0
    /// When it was first found so.
    var lockedSince: Duration?
  }

  let limits: Limits
  private let draft: @Sendable (Waiting) -> QueuedMessage
  private var chats: [UUID: Chat] = [:]
  /// The chats that the next flights may take, in their turn. Each has messages, and is not flying.
  private var ready: Deque<UUID> = []
  /// How many messages wait in the chats that are ready, and in all.
  private var readyCount = 0
  private(set) var count = 0
  private(set) var flights = 0

  init(limits: Limits, draft: @escaping @Sendable (Waiting) -> QueuedMessage) {
    self.limits = limits
    self.draft = draft
  }

  /// - Returns: false if too many wait already.
  mutating func append(_ waiting: Waiting) -> Bool {
    let id = draft(waiting).chatID
    let isKnown = chats[id] != nil
    var chat = chats[id] ?? Chat()
    guard count < limits.queue, chat.waiting.count < limits.chat else { return false }
    chat.waiting.append(waiting)
    chats[id] = chat
    count += 1
    if chat.place == .ready { readyCount += 1 }
    if !isKnown { ready.append(id) }
    return true
  }

  /// The next flight's messages; nil if none is to take off now.
  ///
  /// A client id must come once only within a flight: in the statement's snapshot, neither of two would be there yet.
  /// What repeats one of the batch stays behind for the next flight.
  mutating func take() -> [Waiting]? {
    guard !ready.isEmpty, flights == 0 || flights < limits.flights && readyCount >= limits.batch else { return nil }
    var batch: [Waiting] = []
    batch.reserveCapacity(min(limits.batch, readyCount))
    // While several wait, none takes more than a quarter.
    let share = max(1, limits.batch / min(ready.count, 4))
    while batch.count < limits.batch, let id = ready.popFirst() {
      guard var chat = chats[id] else { continue }
      readyCount -= chat.waiting.count
      take(min(share, limits.batch - batch.count), from: &chat.waiting, into: &batch)
      chat.place = .flying
      chats[id] = chat
    }
    count -= batch.count
    flights += 1
    return batch
  }

  private func take(_ limit: Int, from waiting: inout Deque<Waiting>, into batch: inout [Waiting]) {
    let end = batch.count + limit
    var keys: Set<ClientKey> = []
    var repeats: [Waiting] = []
    while batch.count < end, let next = waiting.popFirst() {
      if let key = ClientKey(draft(next)), !keys.insert(key).inserted {
        repeats.append(next)
      } else {
        batch.append(next)
      }
    }
    waiting.prepend(contentsOf: repeats)
  }

  /// A flight is over.
  ///
  /// - Parameters:
  ///   - batch: what it took.
  ///   - locked: what it found locked, in order; it waits again, before all else of its chat.
  ///   - now: of a clock that only rises.
  /// - Returns: for each chat that was locked, how long to leave it alone; those which have been so for longer than is
  ///   waited for them are given up, with all that waits for them.
  mutating func land(
    _ batch: [Waiting], locked: [Waiting], now: Duration
  ) -> (pauses: [(chat: UUID, pause: Duration)], givenUp: [Waiting]) {
    flights -= 1
    var pauses: [(chat: UUID, pause: Duration)] = []
    var givenUp: [Waiting] = []
    let left = Dictionary(grouping: locked) { draft($0).chatID }
    for id in Set(batch.map { draft($0).chatID }) {
      guard var chat = chats[id] else { continue }
      guard let messages = left[id] else {
        chat.misses = 0
        chat.lockedSince = nil
        chats[id] = chat
        becomeReady(id)
        continue
      }
      chat.waiting.prepend(contentsOf: messages)
      count += messages.count
      chat.misses += 1
      let since = chat.lockedSince ?? now
      chat.lockedSince = since
      if now - since >= limits.patience {
        givenUp += chat.waiting
        count -= chat.waiting.count
        chats[id] = nil
      } else {
        chat.place = .resting
        chats[id] = chat
        pauses.append((id, Self.pause(after: chat.misses)))
      }
    }
    return (pauses, givenUp)
  }

  /// Another node's flight, or a change of the chat, lasts for a commit: it is asked for again at once, and soon. What
  /// lasts longer is asked for ten times a second.
  private static func pause(after misses: Int) -> Duration {
    min(.milliseconds(1 << min(misses, 7)), .milliseconds(100))
  }

  /// A chat that was locked has been left alone for long enough. When it was first found so stays known.
  mutating func tryAgain(_ id: UUID) {
    becomeReady(id)
  }

  private mutating func becomeReady(_ id: UUID) {
    guard var chat = chats[id] else { return }
    if chat.waiting.isEmpty {
      chats[id] = nil
    } else {
      chat.place = .ready
      chats[id] = chat
      ready.append(id)
      readyCount += chat.waiting.count
    }
  }

  private struct ClientKey: Hashable {
    let senderID: UUID
    let clientID: UUID

    init?(_ draft: QueuedMessage) {
      guard let clientID = draft.clientID else { return nil }
      self.clientID = clientID
      senderID = draft.senderID
    }
  }
}
