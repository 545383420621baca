/// The order of a stream's events for those who are equally far in it: what came, and what may go out. No I/O.
///
/// Events are published in any order, each after its transaction is durable. They go out by rev without a hole; what lies
/// behind a hole waits until the missing ones come, or have been read from PostgreSQL.
struct EventOrder {
  /// The rev of the last event that went out, or of the snapshot that it began with. A chat's rev is always that of some
  /// row, so what fills a hole ends with an event of that rev, and the next one may name it as its `prev_rev`.
  private(set) var head: Int
  /// The seq of the last message that went out, or of that snapshot.
  private(set) var headSeq: Int
  private var boxed = BoxedDisorder.none
  /// No two of a shard have the same: what was read for one that has ended is never taken for its successor's.
  let generation: UInt32
  /// A hole is being filled, or a timer runs to look after one.
  var isAttended = false

  init(head: Int, headSeq: Int, generation: UInt32) {
    self.head = head
    self.headSeq = headSeq
    self.generation = generation
  }

  /// What hardly a stream has at a time. In a box, for there are many streams.
  private struct Disorder {
    var waiting: [Int: StreamEvent] = [:]
    var filling: Filling?
  }

  private indirect enum BoxedDisorder {
    case none
    case some(Disorder)
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

  private var disorder: Disorder? {
    if case .some(let disorder) = boxed { disorder } else { nil }
  }

  /// Takes the disorder out of its box, and puts it back: a box that still held it would make the change a copy of
  /// everything that waits.
  private mutating func change<Result>(_ body: (inout Disorder) -> Result) -> Result {
    var taken = disorder ?? Disorder()
    boxed = .none
    defer { if !taken.waiting.isEmpty || taken.filling != nil { boxed = .some(taken) } }
    return body(&taken)
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
    // Between the pages of a hole nothing goes out by itself: it may change what is on a later one.
    guard event.rev == head + 1, disorder?.filling == nil else {
      change { $0.waiting[event.rev] = event }
      return .waits
    }
    advance(past: event)
    return .goOut([event] + takeContiguous())
  }

  /// Between two pages of a hole: what was superseded in the first is on the next.
  var isFilling: Bool { disorder?.filling != nil }

  var hasHole: Bool { disorder?.waiting.isEmpty == false }

  /// What waits and brings members.
  var waitingAdditions: [StreamEvent] {
    disorder?.waiting.values.filter { !$0.kind.newcomers.isEmpty } ?? []
  }

  /// A hole, as it is when somebody goes to read what is missing.
  struct Hole: Sendable {
    let head: Int
    /// What waits behind it. These were published before PostgreSQL is read, hence after they were durable.
    let waiting: [Int]
  }

  var hole: Hole { Hole(head: head, waiting: disorder.map { Array($0.waiting.keys) } ?? []) }

  /// Takes what was read of a hole. What is missing and was not read was superseded: its newer state has a later rev.
  ///
  /// - Parameter replay: the event that an entry goes out as, as things stand then; nil where none tells it.
  /// - Returns: what goes out now, in this order; and whether somebody had published what PostgreSQL does not know: that
  ///   was none of us, it is dropped, for the hole before it would never be filled.
  mutating func fill(
    _ hole: Hole, with changes: ChatChanges, replay: (ChatChanges.Entry, EventOrder) -> StreamEvent?
  ) -> (events: [StreamEvent], hadUnknown: Bool) {
    change { [head, headSeq] in $0.filling = $0.filling ?? Filling(rev: head, seq: headSeq) }
    var events: [StreamEvent] = []
    // Some may have been published while the others were read.
    for entry in changes.entries where entry.rev > head {
      guard let event = replay(entry, self) else { continue }
      advance(past: event)
      events.append(event)
    }
    head = max(head, changes.upToRev)
    change { [head] disorder in disorder.waiting = disorder.waiting.filter { $0.key > head } }
    guard !changes.hasMore else { return (events, false) }
    let hadUnknown = change { disorder in
      disorder.filling = nil
      let unknown = hole.waiting.filter { $0 > changes.upToRev && disorder.waiting[$0] != nil }
      for rev in unknown { disorder.waiting[rev] = nil }
      return !unknown.isEmpty
    }
    return (events + takeContiguous(), hadUnknown)
  }

  /// Whether a message that was read to fill a hole is new to those who get the stream.
  func isNew(seq: Int) -> Bool {
    guard let filling = disorder?.filling else { return seq > headSeq }
    return seq > filling.seq && !filling.told.contains(seq)
  }

  /// Whether a member that was read to fill a hole joined within it.
  func isNew(joinedRev: Int) -> Bool {
    joinedRev > disorder?.filling?.rev ?? head
  }

  /// Notes that an event goes out.
  private mutating func advance(past event: StreamEvent) {
    head = max(head, event.rev)
    headSeq = max(headSeq, event.place.lastSeq)
    if event.kind == .message, disorder?.filling != nil {
      change { _ = $0.filling?.told.insert(event.place.lastSeq) }
    }
  }

  private mutating func takeContiguous() -> [StreamEvent] {
    guard hasHole else { return [] }
    let events = change { [head] disorder in
      var events: [StreamEvent] = []
      while let next = disorder.waiting.removeValue(forKey: head + 1 + events.count) { events.append(next) }
      return events
    }
    for event in events { advance(past: event) }
    return events
  }
}
