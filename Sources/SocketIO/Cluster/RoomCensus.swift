import Synchronization

/// Which rooms of its node a ``ClusterAdapter`` is told of: when the first socket is in one, and when the last has left.
public enum RoomInterest: Sendable, Hashable {
  case none
  /// Those that sockets were put into.
  case joined
  /// Also each socket's own, its `sid`.
  case all
}

/// The rooms that have somebody on this node, by the number of loops that know somebody there: each loop keeps its own
/// rooms, and no lock is taken while a loop's room has others. Nothing is counted unless an adapter wants it.
///
/// The adapter is told under the lock, so that of a room that is left and joined again it hears in that order.
final class RoomCensus: Sendable {
  private struct State {
    var adapter: (any ClusterAdapter)?
    /// By namespace and room; never 0.
    var counts: [String: [String: Int]] = [:]
  }

  private let state = Mutex(State())

  /// From now on this one is told; the one before hears the end of its rooms.
  func tell(_ adapter: (any ClusterAdapter)?) {
    self.state.withLock { state in
      for (namespace, rooms) in state.counts {
        for room in rooms.keys {
          state.adapter?.roomDeleted(room, in: namespace)
          adapter?.roomCreated(room, in: namespace)
        }
      }
      state.adapter = adapter
    }
  }

  func opened(_ room: String, in namespace: String) {
    self.state.withLock { state in
      state.counts[namespace, default: [:]][room, default: 0] += 1
      if state.counts[namespace]?[room] == 1 { state.adapter?.roomCreated(room, in: namespace) }
    }
  }

  func closed(_ room: String, in namespace: String) {
    self.state.withLock { state in
      guard let count = state.counts[namespace]?[room] else { return }
      state.counts[namespace]?[room] = count > 1 ? count - 1 : nil
      guard count == 1 else { return }
      if state.counts[namespace]?.isEmpty == true { state.counts[namespace] = nil }
      state.adapter?.roomDeleted(room, in: namespace)
    }
  }
}

/// Where the rooms of one namespace on one loop tell of themselves.
struct RoomWatch {
  let census: RoomCensus
  let namespace: String

  func opened(_ room: String) { self.census.opened(room, in: self.namespace) }
  func closed(_ room: String) { self.census.closed(room, in: self.namespace) }
}

/// Counts the rooms of a socket that is on its way from one loop to another, for as long as it lives: without it, nobody
/// would be in them for a moment, and what other nodes send meanwhile would be missed.
final class RoomHold: Sendable {
  private let census: RoomCensus
  private let namespace: String
  private let rooms: [String]

  init(_ census: RoomCensus, rooms: [String], in namespace: String) {
    self.census = census
    self.namespace = namespace
    self.rooms = rooms
    for room in rooms { census.opened(room, in: namespace) }
  }

  deinit {
    for room in self.rooms { self.census.closed(room, in: self.namespace) }
  }
}

extension ConnectionLoop {
  /// Tells the census of the rooms that are of interest from now on, beginning with those that there are.
  func watchRooms(_ interest: RoomInterest) {
    let old = self.roomInterest
    guard interest != old else { return }
    self.roomInterest = interest
    let census = self.registry.rooms
    // Those that stay of interest are counted twice for a moment, lest they seem to go.
    for (room, namespace) in self.rooms(of: interest) { census.opened(room, in: namespace) }
    for (room, namespace) in self.rooms(of: old) { census.closed(room, in: namespace) }
    for namespace in self.namespaces.values { namespace.rooms.watch = self.roomWatch(of: namespace.name) }
  }

  func roomWatch(of namespace: String) -> RoomWatch? {
    self.roomInterest == .none ? nil : RoomWatch(census: self.registry.rooms, namespace: namespace)
  }

  private func rooms(of interest: RoomInterest) -> [(room: String, namespace: String)] {
    guard interest != .none else { return [] }
    let joined = self.namespaces.values.flatMap { namespace in
      namespace.rooms.all.map { (room: $0, namespace: namespace.name) }
    }
    guard interest == .all else { return joined }
    return joined + self.sockets.compactMap { $0.map { (room: $0.sid, namespace: $0.namespace.name) } }
  }

  /// A socket is here that was not.
  func openOwnRoom(_ socket: Socket) {
    guard self.roomInterest == .all else { return }
    self.registry.rooms.opened(socket.sid, in: socket.namespace.name)
  }

  func closeOwnRoom(_ socket: Socket) {
    guard self.roomInterest == .all else { return }
    self.registry.rooms.closed(socket.sid, in: socket.namespace.name)
  }

  /// For a socket that is about to leave this loop for another.
  func holdRooms(of socket: Socket) -> RoomHold? {
    guard self.roomInterest != .none else { return nil }
    let joined = socket.namespace.rooms.rooms(of: socket.slot).map(\.name)
    return RoomHold(
      self.registry.rooms, rooms: self.roomInterest == .all ? joined + [socket.sid] : joined,
      in: socket.namespace.name)
  }
}
