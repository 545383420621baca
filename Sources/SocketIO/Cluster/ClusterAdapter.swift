import NIOCore

/// Takes to the other nodes what a ``SocketIOServer`` does to all sockets that a target names, wherever they are.
///
/// The server has carried the call out for its own sockets already, and hands on a target without
/// ``BroadcastTarget/exceptSocket``: that one is connected here, so the others need no exception. What other nodes tell,
/// the adapter carries out through ``SocketIOServer/local``.
///
/// The calls come from any thread, and none may block. Of two calls one after the other the first is to be carried out
/// first everywhere; calls of several threads have no order.
public protocol ClusterAdapter: Sendable {
  /// - Parameter position: What the others are to know it by: see ``LocalSockets/broadcast(_:to:volatile:at:)``.
  func broadcast(_ arguments: Arguments, to target: BroadcastTarget, volatile: Bool, at position: StreamPosition?)
  func join(_ target: BroadcastTarget, room: String)
  func leave(_ target: BroadcastTarget, room: String)
  func disconnect(_ target: BroadcastTarget, close: Bool)
  /// Tells the applications of the other nodes an event, the name first.
  func serverSideEmit(_ arguments: Arguments, namespace: String)
  /// The sockets of the other nodes.
  ///
  /// - Throws: if not all of them answered in time.
  func fetchSockets(_ target: BroadcastTarget) async throws -> [SocketDescription]
  /// Asks the node that the claim names for ``LocalSockets/handOver(_:)``. Its answer must not overtake what it told
  /// before. nil if there is no such node, or it has nothing, or does not answer in time.
  func handOver(_ claim: HandoverClaim) async -> HandedOverSocket?
  /// The rooms of the other nodes, each socket's own among them.
  ///
  /// - Throws: if not all of them answered in time.
  func rooms(in namespace: String) async throws -> Set<String>
  /// Sends an event that each socket of the other nodes is to acknowledge.
  ///
  /// - Returns: after `timeout` at the latest.
  /// - Throws: if the other nodes could not be counted.
  func request(
    _ arguments: Arguments, of target: BroadcastTarget, timeout: TimeAmount
  ) async throws -> Acknowledgements

  /// The rooms of this node that it is told of, from ``SocketIOServer/use(_:)`` on; those that there are then, at once.
  var roomInterest: RoomInterest { get }
  /// The first socket of this node is in the room. Called on an event loop, under a lock: it must not call the server.
  func roomCreated(_ room: String, in namespace: String)
  /// The last one has left it. A socket that waits for its client's return is in its rooms. Called as
  /// ``roomCreated(_:in:)``, and of one room in the order in which it happens.
  func roomDeleted(_ room: String, in namespace: String)
}

extension ClusterAdapter {
  public func handOver(_ claim: HandoverClaim) async -> HandedOverSocket? { nil }
  public var roomInterest: RoomInterest { .none }
  public func roomCreated(_ room: String, in namespace: String) {}
  public func roomDeleted(_ room: String, in namespace: String) {}
}

/// A connected socket of any node.
public struct SocketDescription: Sendable, Hashable {
  /// What clients see of its name.
  public var sid: String
  /// The rooms that it is in. Its `sid`, a room too, is not among them.
  public var rooms: [String]
  /// The socket, if it is one of this node.
  public var socket: SocketID?

  public init(sid: String, rooms: [String], socket: SocketID? = nil) {
    self.sid = sid
    self.rooms = rooms
    self.socket = socket
  }
}

extension BroadcastTarget {
  /// As other nodes need it.
  var elsewhere: BroadcastTarget {
    var target = self
    target.exceptSocket = nil
    return target
  }
}
