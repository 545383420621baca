import ProtocolRuntime

/// A durable event of a chat, with its place in the chat's order.
struct StreamEvent: Sendable {
  enum Kind: Sendable, Equatable {
    /// A message's first appearance.
    case message
    /// Anything else that changes nobody's membership: an edit, a deletion, a new name, a new role.
    case change
    case memberAdded(UUID)
    case memberRemoved(UUID)
    /// The first event of all, with the first members.
    case chatCreated([UUID])
    /// The last event of all.
    case chatDeleted
  }

  let rev: Int
  /// The chat's last seq at that rev (0 where it is not known): for a message its own.
  let lastSeq: Int
  let kind: Kind
  let encoded: EncodedEvent
}

/// The order of a chat's events on this node: what came, and what may go out. No I/O.
///
/// Events are published in any order, each after its transaction is durable. They go out by rev without a hole; what lies
/// behind a hole waits until the missing ones come, or have been read from PostgreSQL.
struct ChatStream {
  /// The rev of the last event that went out, or of the snapshot that the stream began with.
  private(set) var head: Int
  /// The seq of the last message that went out, or of that snapshot.
  private(set) var headSeq: Int
  /// Who is a member is known from snapshots at or after this rev only; an older one may have somebody who was removed
  /// since.
  private(set) var settledRev: Int
  /// The members that have connections on this node, by their numbers in the registry; all of these connections are in
  /// the chat's room, but for `unaware`.
  var users = LocalUsers()
  /// A hole is being filled, or a timer runs to look after one.
  var isAttended = false
  private var boxed = BoxedDisorder.none

  init(head: Int, headSeq: Int) {
    self.head = head
    self.headSeq = headSeq
    settledRev = head
  }

  /// What hardly a stream has at a time. In a box, for there are many streams.
  private struct Disorder {
    var unaware: Set<ConnectionID> = []
    var waiting: [Int: StreamEvent] = [:]
    var filling: Filling?
  }

  private indirect enum BoxedDisorder {
    case none
    case some(Disorder)
  }

  private var disorder: Disorder {
    get {
      if case .some(let disorder) = boxed { disorder } else { Disorder() }
    }
    set {
      let isNone = newValue.unaware.isEmpty && newValue.waiting.isEmpty && newValue.filling == nil
      boxed = isNone ? .none : .some(newValue)
    }
  }

  /// Connections of members that are not in the room yet, because they were not told that they are members.
  var unaware: Set<ConnectionID> {
    get { disorder.unaware }
    set { disorder.unaware = newValue }
  }

  private var waiting: [Int: StreamEvent] {
    get { disorder.waiting }
    set { disorder.waiting = newValue }
  }

  private var filling: Filling? {
    get { disorder.filling }
    set { disorder.filling = newValue }
  }

  /// A hole that is being filled from PostgreSQL: where it begins, and which messages have gone out since as new ones.
  ///
  /// A hole of several pages needs this: a message that was created early in it and edited late is on a late page only,
  /// when the head has passed by its creation.
  private struct Filling {
    let rev: Int
    let seq: Int
    var told: Set<Int> = []
  }

  enum Acceptance {
    /// It went out before, by itself or as part of what filled a hole.
    case late
    /// These go out now, in this order.
    case goOut([StreamEvent])
    /// Something is missing before it.
    case waits
  }

  mutating func accept(_ event: StreamEvent) -> Acceptance {
    guard event.rev > head else { return .late }
    guard event.rev == head + 1 else {
      waiting[event.rev] = event
      return .waits
    }
    advance(past: event)
    return .goOut([event] + takeContiguous())
  }

  var hasHole: Bool { !waiting.isEmpty }

  /// What waits behind a hole.
  var waitingRevs: [Int] { Array(waiting.keys) }

  /// Drops those of these events that PostgreSQL does not know: whoever published them was none of us, and the hole
  /// before them would never be filled.
  ///
  /// - Returns: whether there was one.
  mutating func drop(_ revs: [Int], beyond rev: Int) -> Bool {
    let unknown = revs.filter { $0 > rev && waiting[$0] != nil }
    for rev in unknown { waiting[rev] = nil }
    return !unknown.isEmpty
  }

  /// Notes that an event goes out.
  mutating func advance(past event: StreamEvent) {
    head = max(head, event.rev)
    headSeq = max(headSeq, event.lastSeq)
    switch event.kind {
    case .message: filling?.told.insert(event.lastSeq)
    case .memberRemoved: settledRev = max(settledRev, event.rev)
    default: break
    }
  }

  /// Begins to fill a hole, or goes on with it.
  mutating func beginFilling() {
    filling = filling ?? Filling(rev: head, seq: headSeq)
  }

  /// The hole is filled.
  mutating func endFilling() {
    filling = nil
  }

  /// Whether a message that was read to fill a hole is new to those who get the stream.
  func isNew(seq: Int) -> Bool {
    guard let filling else { return seq > headSeq }
    return seq > filling.seq && !filling.told.contains(seq)
  }

  /// Whether a member that was read to fill a hole joined within it.
  func isNew(joinedRev: Int) -> Bool {
    joinedRev > filling?.rev ?? head
  }

  /// Notes that everything up to a rev has gone out. What was missing and is not there was superseded: its newer state
  /// has a later rev.
  ///
  /// - Returns: what can go out now.
  mutating func advance(to rev: Int) -> [StreamEvent] {
    head = max(head, rev)
    waiting = waiting.filter { $0.key > head }
    return takeContiguous()
  }

  private mutating func takeContiguous() -> [StreamEvent] {
    guard !waiting.isEmpty else { return [] }
    var events: [StreamEvent] = []
    while let next = waiting.removeValue(forKey: head + 1) {
      advance(past: next)
      events.append(next)
    }
    return events
  }
}
