import NIOCore

/// What nodes, and emitters, say to each other.
public struct ClusterMessage: Sendable, Hashable {
  /// Who says it: the random id of a node's namespace, or ``emitter``. Nil where the format leaves it out: in classic
  /// responses, and in the requests of emitters.
  public var sender: String?
  /// The namespace that it is about. In the classic format it is part of the channel.
  public var namespace: String
  public var body: Body

  /// The sender of what does not come from a node of the cluster.
  public static let emitter = "emitter"

  public init(sender: String?, namespace: String, body: Body) {
    self.sender = sender
    self.namespace = namespace
    self.body = body
  }

  /// Requests with a `requestID` want a response with the same.
  public enum Body: Sendable, Hashable {
    /// Sharded: a node is new, and wants to hear of the others.
    case initialHeartbeat
    /// Sharded: a node lives.
    case heartbeat
    /// Sharded: a node leaves.
    case adapterClose

    /// A packet for clients. With a `requestID` each node answers with ``broadcastClientCount`` and then with a
    /// ``broadcastAck`` for each client's acknowledgement.
    case broadcast(ClusterPacket, BroadcastOptions, requestID: String?)
    /// The clients join the rooms. A `requestID` (from adapters before 8.0, who name one client) is answered with
    /// ``done`` by the node that has the client.
    case join(BroadcastOptions, rooms: [String], requestID: String?)
    /// The clients leave the rooms.
    case leave(BroadcastOptions, rooms: [String], requestID: String?)
    /// The clients are disconnected: from the namespace, or with `close` altogether.
    case disconnect(BroadcastOptions, close: Bool, requestID: String?)
    /// Asks for the clients. Answered with ``fetchSocketsResponse``.
    case fetchSockets(BroadcastOptions, requestID: String)
    /// Classic: asks for the ids of the clients in the rooms. Answered with ``socketIDsResponse``.
    case socketIDs(rooms: [String], requestID: String)
    /// Classic: asks for all rooms. Answered with ``allRoomsResponse``.
    case allRooms(requestID: String)
    /// An event for the applications of the other nodes: a JSON array of its name and arguments.
    case serverSideEmit(ClusterValue, requestID: String?)

    /// The clients of one node. In the classic format an empty list may be the answer to ``socketIDs`` as well.
    case fetchSocketsResponse([RemoteSocket], requestID: String)
    case socketIDsResponse([String], requestID: String)
    case allRoomsResponse([String], requestID: String)
    /// What the application answered; nil if that was undefined.
    case serverSideEmitResponse(ClusterValue?, requestID: String)
    /// How many clients of one node got the packet.
    case broadcastClientCount(Int, requestID: String)
    /// What one client acknowledged with; nil if that was undefined.
    case broadcastAck(ClusterValue?, requestID: String)
    /// Classic: a request about one client was carried out.
    case done(requestID: String)
  }
}

/// A message ready for Redis.
public struct ClusterPublication: Sendable, Hashable {
  public var channel: String
  public var payload: ByteBuffer

  public init(channel: String, payload: ByteBuffer) {
    self.channel = channel
    self.payload = payload
  }
}
