import Synchronization

/// Tells this node's own broadcasts to the other nodes, and carries them out here, in one order for each room: so that by
/// their positions both know what a client was told. Rooms share a few locks, and no lock is everybody's.
final class OwnBroadcasts: Sendable {
  private struct Order {
    /// Counts the broadcasts.
    var number: UInt64 = 0
    var adapter: (any ClusterAdapter)?
  }

  private final class Lane: Sendable {
    /// What the broadcasts' positions count in; nil where nothing is kept for clients.
    let stream: String?
    let order = Mutex(Order())

    init(stream: String?) { self.stream = stream }
  }

  private let lanes: [Lane]

  /// - Parameter node: ``LocalSockets/recoveryName``.
  init(node: String?) {
    self.lanes = (0..<16).map { index in Lane(stream: node.map { "\($0).\(index)" }) }
  }

  /// Those after which this returns are told to this adapter.
  func use(_ adapter: (any ClusterAdapter)?) {
    for lane in self.lanes { lane.order.withLock { $0.adapter = adapter } }
  }

  /// One broadcast after the other, to what begins with the same room.
  ///
  /// - Parameter body: Gets the broadcast's position; nil for one that needs none.
  func next(
    to target: BroadcastTarget, needsPosition: Bool, _ body: ((any ClusterAdapter)?, StreamPosition?) -> Void
  ) {
    let lane = self.lanes[Int(UInt(bitPattern: target.rooms.first.hashValue) % UInt(self.lanes.count))]
    lane.order.withLock { order in
      guard needsPosition, let adapter = order.adapter, let stream = lane.stream else {
        return body(order.adapter, nil)
      }
      order.number += 1
      body(adapter, StreamPosition(stream: stream, number: order.number))
    }
  }

  /// Calls back while no broadcast is told to others and not yet carried out here, or the other way round.
  func whileNone(_ body: () -> Void) { self.whileNone(from: 0, body) }

  private func whileNone(from index: Int, _ body: () -> Void) {
    guard index < self.lanes.count else { return body() }
    self.lanes[index].order.withLock { _ in self.whileNone(from: index + 1, body) }
  }
}
