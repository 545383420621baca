import NIOCore

/// The format of @socket.io/redis-adapter's `createShardedAdapter`, for one namespace: Redis's sharded pub/sub.
///
/// Messages go to `PREFIX#NSP#`, responses to `PREFIX#NSP#ID#` of the node that asked. A broadcast for one room goes to
/// `PREFIX#NSP#ROOM#`, if that room has a channel: see ``Subscriptions``.
///
/// Source: socketio/socket.io-redis-adapter 8.3.0, lib/sharded-adapter.ts; socketio/socket.io, socket.io-adapter 2.5.8,
/// lib/cluster-adapter.ts.
public struct ShardedFormat: Sendable, Hashable {
  /// Which rooms have a channel of their own. All nodes of a cluster must say the same.
  public enum Subscriptions: Sendable, Hashable {
    /// None: the original's `static`.
    case fixed
    /// All but those of single clients: the original's default.
    case dynamic
    /// All: the original's `dynamic-private`.
    case dynamicPrivate
  }

  public let namespace: String
  public let subscriptions: Subscriptions
  public let limits: ClusterLimits
  /// Where all nodes listen.
  public let channel: String

  /// - Parameters:
  ///   - namespace: with its slash: `/`, `/chat`.
  ///   - prefix: the adapter's option `channelPrefix`.
  public init(
    namespace: String, subscriptions: Subscriptions = .dynamic, prefix: String = "socket.io",
    limits: ClusterLimits = ClusterLimits()
  ) {
    self.namespace = namespace
    self.subscriptions = subscriptions
    self.limits = limits
    channel = "\(prefix)#\(namespace)#"
  }

  // MARK: Channels

  /// Where the node of this id hears responses.
  public func responseChannel(of node: String) -> String { "\(channel)\(node)#" }

  /// The room's own channel, to be subscribed while somebody is in it; nil if it has none.
  public func roomChannel(_ room: String) -> String? {
    switch subscriptions {
    case .fixed: nil
    // The original takes a room of 20 characters (UTF-16) for a client's id.
    case .dynamic: room.utf16.count == 20 ? nil : "\(channel)\(room)#"
    case .dynamicPrivate: "\(channel)\(room)#"
    }
  }

  /// Where a broadcast to this room alone is published: on its own channel, unless it may be that of one client, to whose
  /// own room nobody subscribes in the mode ``Subscriptions/dynamic``.
  ///
  /// The original goes by the length, for its clients' ids have 20 characters. Those of SocketIO have 22: a broadcast of
  /// ours to one of them goes where all nodes listen, as one to any other name that looks like it. What a node on Node.js
  /// sends to one of them goes to a channel of the room that it takes it for, which nobody hears.
  func publicationChannel(_ room: String) -> String {
    guard subscriptions == .dynamicPrivate || !Self.looksLikeSocketIOID(room) else { return channel }
    return roomChannel(room) ?? channel
  }

  /// 22 characters of base64url (RFC 4648 §5), as SocketIO's `sid` is.
  private static func looksLikeSocketIOID(_ room: String) -> Bool {
    room.utf8.count == 22
      && room.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  // MARK: Writing

  private enum MessageType {
    static let initialHeartbeat = 1
    static let heartbeat = 2
    static let broadcast = 3
    static let join = 4
    static let leave = 5
    static let disconnect = 6
    static let fetchSockets = 7
    static let fetchSocketsResponse = 8
    static let serverSideEmit = 9
    static let serverSideEmitResponse = 10
    static let clientCount = 11
    static let acknowledgement = 12
    static let adapterClose = 13
  }

  /// The message's channel and bytes: JSON, or MessagePack if it holds binaries. Throws `notInFormat` for what only the
  /// classic format has, for a message without sender, and for a response without `requester`; `malformed` for JSON that
  /// is none.
  ///
  /// - Parameter requester: for responses: the node that asked.
  public func publication(
    of message: ClusterMessage, to requester: String? = nil
  ) throws(ClusterError) -> ClusterPublication {
    guard let sender = message.sender else { throw ClusterError(.notInFormat, "a message has a sender") }
    let content = try content(of: message.body)
    var members: [(String, Envelope)] = [("type", .integer(content.type))]
    if !content.data.isEmpty { members.append(("data", .object(content.data))) }
    members += [("uid", .string(sender)), ("nsp", .string(message.namespace))]
    let payload = Envelope.object(members)
    return ClusterPublication(
      channel: try channel(of: message.body, isResponse: content.isResponse, requester: requester),
      payload: try content.hasBinaries ? payload.messagePack() : payload.json())
  }

  private func channel(
    of body: ClusterMessage.Body, isResponse: Bool, requester: String?
  ) throws(ClusterError) -> String {
    if isResponse {
      guard let requester else { throw ClusterError(.notInFormat, "a response goes to who asked") }
      return responseChannel(of: requester)
    }
    // With acknowledgements all nodes must answer, also those that have nobody in the room.
    guard case .broadcast(_, let options, nil) = body, options.rooms.count == 1 else { return channel }
    return publicationChannel(options.rooms[0])
  }

  private struct Content {
    var type: Int
    var data: [(String, Envelope)] = []
    var hasBinaries = false
    var isResponse = false
  }

  private func content(of body: ClusterMessage.Body) throws(ClusterError) -> Content {
    switch body {
    case .initialHeartbeat: return Content(type: MessageType.initialHeartbeat)
    case .heartbeat: return Content(type: MessageType.heartbeat)
    case .adapterClose: return Content(type: MessageType.adapterClose)
    case .broadcast(let packet, let options, let requestID):
      let id = requestID.map { [("requestId", Envelope.string($0))] } ?? []
      return Content(
        type: MessageType.broadcast,
        data: [("packet", .packet(packet, namespace: nil))] + id + [("opts", .options(options, withFlags: true))],
        hasBinaries: !packet.arguments.attachments.isEmpty)
    case .join(let options, let rooms, nil):
      return Content(
        type: MessageType.join, data: [("opts", .options(options, withFlags: true)), ("rooms", .strings(rooms))])
    case .leave(let options, let rooms, nil):
      return Content(
        type: MessageType.leave, data: [("opts", .options(options, withFlags: true)), ("rooms", .strings(rooms))])
    case .disconnect(let options, let close, nil):
      return Content(
        type: MessageType.disconnect, data: [("opts", .options(options, withFlags: true)), ("close", .bool(close))])
    case .fetchSockets(let options, let requestID):
      return Content(
        type: MessageType.fetchSockets,
        data: [("opts", .options(options, withFlags: true)), ("requestId", .string(requestID))])
    case .serverSideEmit(let event, let requestID):
      return Content(
        type: MessageType.serverSideEmit,
        data: (requestID.map { [("requestId", .string($0))] } ?? []) + [("packet", .value(event))],
        hasBinaries: !event.attachments.isEmpty)
    case .fetchSocketsResponse(let sockets, let requestID):
      return Content(
        type: MessageType.fetchSocketsResponse,
        data: [("requestId", .string(requestID)), ("sockets", .sockets(sockets))],
        hasBinaries: sockets.contains { !$0.data.attachments.isEmpty }, isResponse: true)
    case .serverSideEmitResponse(let value, let requestID):
      return answer(MessageType.serverSideEmitResponse, value, requestID)
    case .broadcastClientCount(let count, let requestID):
      return Content(
        type: MessageType.clientCount, data: [("requestId", .string(requestID)), ("clientCount", .integer(count))],
        isResponse: true)
    case .broadcastAck(let value, let requestID):
      return answer(MessageType.acknowledgement, value, requestID)
    case .join, .leave, .disconnect, .socketIDs, .allRooms, .socketIDsResponse, .allRoomsResponse, .done:
      throw ClusterError(.notInFormat, "the sharded format does not have this message")
    }
  }

  private func answer(_ type: Int, _ value: ClusterValue?, _ requestID: String) -> Content {
    Content(
      type: type,
      data: [("requestId", .string(requestID))] + (value.map { [("packet", .value($0))] } ?? []),
      hasBinaries: value?.attachments.isEmpty == false, isResponse: true)
  }

  // MARK: Reading

  /// The message; nil if it is for another namespace.
  public func message(_ payload: ByteBuffer) throws(ClusterError) -> ClusterMessage? {
    let node = try JSONNode.payload(payload, limits: limits)
    guard let members = node.members(["type", "uid", "nsp", "data"]), let type = members["type"]?.integer else {
      throw .malformed("a message has no type")
    }
    let sender = try members.text("uid")
    guard try members.text("nsp") == namespace else { return nil }
    let names: Set = ["packet", "opts", "requestId", "rooms", "close", "sockets", "clientCount"]
    let body = try body(type, members["data"]?.members(names) ?? [:])
    return ClusterMessage(sender: sender, namespace: namespace, body: body)
  }

  private func body(_ type: Int, _ data: [String: JSONNode]) throws(ClusterError) -> ClusterMessage.Body {
    switch type {
    case MessageType.initialHeartbeat: return .initialHeartbeat
    case MessageType.heartbeat: return .heartbeat
    case MessageType.adapterClose: return .adapterClose
    case MessageType.broadcast:
      return .broadcast(
        try data.node("packet").packet(), try data.node("opts").options(), requestID: data["requestId"]?.string)
    case MessageType.join:
      return .join(try data.node("opts").options(), rooms: try data.node("rooms").texts("rooms"), requestID: nil)
    case MessageType.leave:
      return .leave(try data.node("opts").options(), rooms: try data.node("rooms").texts("rooms"), requestID: nil)
    case MessageType.disconnect:
      return .disconnect(try data.node("opts").options(), close: data["close"]?.bool ?? false, requestID: nil)
    case MessageType.fetchSockets:
      return .fetchSockets(try data.node("opts").options(), requestID: try data.text("requestId"))
    case MessageType.serverSideEmit:
      return .serverSideEmit(try data.list("packet"), requestID: data["requestId"]?.string)
    case MessageType.fetchSocketsResponse:
      return .fetchSocketsResponse(try data.node("sockets").sockets(), requestID: try data.text("requestId"))
    case MessageType.serverSideEmitResponse:
      return .serverSideEmitResponse(data["packet"]?.value, requestID: try data.text("requestId"))
    case MessageType.clientCount:
      guard let count = data["clientCount"]?.integer else { throw .malformed("clientCount is no number") }
      return .broadcastClientCount(count, requestID: try data.text("requestId"))
    case MessageType.acknowledgement:
      return .broadcastAck(data["packet"]?.value, requestID: try data.text("requestId"))
    default:
      throw ClusterError(.unknownType, "a message of type \(type)")
    }
  }
}
