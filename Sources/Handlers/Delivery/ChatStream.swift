import ProtocolRuntime

/// A stream on this node: how far it is, and who gets it. No I/O.
struct ChatStream {
  /// Of those who are in its room.
  var order: EventOrder
  /// Whether a membership has ended in it.
  private(set) var hasSettled = false
  /// Who is a member is known from snapshots at or after this rev only; an older one may have somebody who was removed
  /// since.
  private(set) var settledRev: Int
  /// The members that have connections on this node, by their numbers in the registry; all of these connections are in
  /// the room, but for those that are `unaware` or latecomers'.
  var users = LocalUsers()
  private var boxed = BoxedApart.none

  init(head: Int, headSeq: Int, generation: UInt32) {
    order = EventOrder(head: head, headSeq: headSeq, generation: generation)
    settledRev = head
  }

  /// Connections that were told late that they are members: they get what came since by themselves, in an order of their
  /// own, and join the room when they are as far as it is.
  struct Latecomer {
    let user: UUID
    let connections: [ConnectionID]
    var order: EventOrder
    /// Whether it is a member there. It goes on behind the end of its membership: it may be added again before it is as
    /// far as the room.
    var isIn = true
  }

  /// Who does not get what the room gets: hardly ever anybody. In a box, for there are many streams.
  private struct Apart {
    var unaware: [ConnectionID: Int] = [:]
    var latecomers: [Latecomer] = []
  }

  private indirect enum BoxedApart {
    case none
    case some(Apart)
  }

  private var apart: Apart? {
    if case .some(let apart) = boxed { apart } else { nil }
  }

  /// Takes it out of its box, and puts it back: a box that still held it would make the change a copy.
  private mutating func changeApart<Result>(_ body: (inout Apart) -> Result) -> Result {
    var taken = apart ?? Apart()
    boxed = .none
    defer { if !taken.unaware.isEmpty || !taken.latecomers.isEmpty { boxed = .some(taken) } }
    return body(&taken)
  }

  /// Nobody gets it any more.
  var isOver: Bool { users.isEmpty && latecomers.isEmpty }

  /// Additions that still wait behind a hole where nobody is left to wait for: they have been published, and would be
  /// forgotten with the stream.
  var orphans: [StreamEvent] { isOver ? order.waitingAdditions : [] }

  // MARK: Who knows of it

  /// Connections of members that are not in the room, because they were not told that they are members, each with the
  /// rev by which it became one.
  func joinedRev(ofUnaware connection: ConnectionID) -> Int? { apart?.unaware[connection] }

  mutating func markUnaware(_ connection: ConnectionID, joinedRev: Int) {
    changeApart { $0.unaware[connection] = joinedRev }
  }

  /// - Returns: whether it was not.
  @discardableResult
  mutating func markAware(_ connection: ConnectionID) -> Bool {
    guard apart != nil else { return false }
    return changeApart { $0.unaware.removeValue(forKey: connection) != nil }
  }

  // MARK: Latecomers

  var latecomers: [Latecomer] { apart?.latecomers ?? [] }

  /// How far a connection is that comes late; nil if it does not.
  func order(ofLatecomer connection: ConnectionID) -> EventOrder? {
    latecomers.first { $0.connections.contains(connection) }?.order
  }

  mutating func add(_ latecomer: Latecomer) {
    changeApart { $0.latecomers.append(latecomer) }
  }

  mutating func set(_ generation: UInt32, isIn: Bool) {
    guard apart != nil else { return }
    changeApart { apart in
      guard let index = apart.latecomers.firstIndex(where: { $0.order.generation == generation }) else { return }
      apart.latecomers[index].isIn = isIn
    }
  }

  mutating func removeLatecomer(_ generation: UInt32) {
    guard apart != nil else { return }
    changeApart { $0.latecomers.removeAll { $0.order.generation == generation } }
  }

  /// Forgets those of all that are apart whose connections are gone.
  mutating func forgetApart(unless isConnected: (ConnectionID) -> Bool) {
    guard apart != nil else { return }
    changeApart { apart in
      apart.unaware = apart.unaware.filter { isConnected($0.key) }
      apart.latecomers.removeAll { !$0.connections.contains(where: isConnected) }
    }
  }

  /// Changes the room's order or a latecomer's; nil if there is none of this generation any more.
  mutating func change<Result>(_ generation: UInt32, _ body: (inout EventOrder) -> Result) -> Result? {
    if order.generation == generation { return body(&order) }
    guard apart != nil else { return nil }
    return changeApart { apart in
      guard let index = apart.latecomers.firstIndex(where: { $0.order.generation == generation }) else { return nil }
      return body(&apart.latecomers[index].order)
    }
  }

  /// Notes a membership that has ended at a rev.
  mutating func settle(at rev: Int) {
    settledRev = max(settledRev, rev)
    hasSettled = true
  }
}
