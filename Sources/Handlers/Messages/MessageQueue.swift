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

  // Chats are changed where they are: taken out of the dictionary and put back, their messages would be copied.

  /// - Returns: false if too many wait already.
  mutating func append(_ waiting: Waiting) -> Bool {
    guard count < limits.queue else { return false }
    let id = draft(waiting).chatID
    if let index = chats.index(forKey: id) {
      guard chats.values[index].waiting.count < limits.chat else { return false }
      chats.values[index].waiting.append(waiting)
      if chats.values[index].place == .ready { readyCount += 1 }
    } else {
      chats[id] = Chat(waiting: [waiting])
      ready.append(id)
      readyCount += 1
    }
    count += 1
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
      guard let index = chats.index(forKey: id) else { continue }
      readyCount -= chats.values[index].waiting.count
      let most = min(share, limits.batch - batch.count)
      Self.take(most, from: &chats.values[index].waiting, into: &batch, draft)
      chats.values[index].place = .flying
    }
    count -= batch.count
    flights += 1
    return batch
  }

  private static func take(
    _ limit: Int, from waiting: inout Deque<Waiting>, into batch: inout [Waiting], _ draft: (Waiting) -> QueuedMessage
  ) {
    // Mostly: it repeats none.
    if waiting.count == 1, let only = waiting.popFirst() { return batch.append(only) }
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
    for waiting in batch {
      let id = draft(waiting).chatID
      // One of several of its chat is the first.
      guard let index = chats.index(forKey: id), chats.values[index].place == .flying else { continue }
      guard let messages = left[id] else {
        chats.values[index].misses = 0
        chats.values[index].lockedSince = nil
        becomeReady(index)
        continue
      }
      chats.values[index].waiting.prepend(contentsOf: messages)
      chats.values[index].misses += 1
      count += messages.count
      let since = chats.values[index].lockedSince ?? now
      chats.values[index].lockedSince = since
      if now - since >= limits.patience {
        givenUp += chats.values[index].waiting
        count -= chats.values[index].waiting.count
        chats.remove(at: index)
      } else {
        chats.values[index].place = .resting
        pauses.append((id, Self.pause(after: chats.values[index].misses)))
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
    if let index = chats.index(forKey: id) { becomeReady(index) }
  }

  private mutating func becomeReady(_ index: Dictionary<UUID, Chat>.Index) {
    guard !chats.values[index].waiting.isEmpty else {
      chats.remove(at: index)
      return
    }
    chats.values[index].place = .ready
    ready.append(chats.keys[index])
    readyCount += chats.values[index].waiting.count
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
