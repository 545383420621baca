import NIOCore

/// The format of @socket.io/redis-adapter's `createAdapter` and of @socket.io/redis-emitter, for one namespace.
///
/// Broadcasts go to `PREFIX#NSP#`, or `PREFIX#NSP#ROOM#` when they are for one room; all of them are heard by a pattern
/// subscription. Requests go to `PREFIX-request#NSP#`; responses to `PREFIX-response#NSP#`, or with the asking node's id
/// appended.
///
/// Source: socketio/socket.io-redis-adapter 8.3.0, lib/index.ts; socketio/socket.io-redis-emitter 5.1.0, lib/index.ts.
public struct ClassicFormat: Sendable, Hashable {
  public let namespace: String
  public let limits: ClusterLimits
  /// Where broadcasts to everyone, or to several rooms, are published.
  public let broadcastChannel: String
  public let requestChannel: String
  /// Where all nodes hear responses.
  public let responseChannel: String

  /// - Parameters:
  ///   - namespace: with its slash: `/`, `/chat`.
  ///   - prefix: the adapter's option `key`.
  public init(namespace: String, prefix: String = "socket.io", limits: ClusterLimits = ClusterLimits()) {
    self.namespace = namespace
    self.limits = limits
    broadcastChannel = "\(prefix)#\(namespace)#"
    requestChannel = "\(prefix)-request#\(namespace)#"
    responseChannel = "\(prefix)-response#\(namespace)#"
  }

  // MARK: Channels

  /// For PSUBSCRIBE: the broadcasts. Characters of the namespace that mean something in patterns are escaped.
  public var broadcastPattern: String {
    var pattern = ""
    for character in broadcastChannel.unicodeScalars {
      if "*?[]\\".unicodeScalars.contains(character) { pattern += "\\" }
      pattern.unicodeScalars.append(character)
    }
    return pattern + "*"
  }

  /// Where the node of this id alone hears responses.
  public func responseChannel(of node: String) -> String { "\(responseChannel)\(node)#" }

  /// The room that a broadcast's channel names, if it names one: who has nobody in it need not decode the message.
  public func room(of channel: String) -> String? {
    guard channel.hasPrefix(broadcastChannel), channel.hasSuffix("#") else { return nil }
    let room = channel.dropFirst(broadcastChannel.count).dropLast()
    return room.isEmpty ? nil : String(room)
  }

  // MARK: Writing

  private enum RequestType {
    static let sockets = 0
    static let allRooms = 1
    static let join = 2
    static let leave = 3
    static let disconnect = 4
    static let fetch = 5
    static let serverSideEmit = 6
    static let broadcast = 7
    static let clientCount = 8
    static let acknowledgement = 9
  }

  /// The message's channel and bytes. Throws `notInFormat` for heartbeats and the like, `malformed` for JSON that is none.
  ///
  /// - Parameter requester: for responses: the node that asked, on whose own channel it is answered. With nil all nodes
  ///   hear the response, as adapters do by default; those before 7.1 know no other way.
  public func publication(
    of message: ClusterMessage, to requester: String? = nil
  ) throws(ClusterError) -> ClusterPublication {
    switch message.body {
    case .broadcast(let packet, let options, nil):
      let payload = Envelope.array([
        .string(message.sender ?? ClusterMessage.emitter), .packet(packet, namespace: namespace),
        .options(options, withFlags: true),
      ])
      let channel = options.rooms.count == 1 ? "\(broadcastChannel)\(options.rooms[0])#" : broadcastChannel
      return ClusterPublication(channel: channel, payload: try payload.messagePack())
    case .broadcast(let packet, let options, let requestID?):
      let payload = request(
        message, RequestType.broadcast, requestID: requestID,
        [("packet", .packet(packet, namespace: namespace)), ("opts", .options(options, withFlags: true))])
      return ClusterPublication(channel: requestChannel, payload: try payload.messagePack())
    case .broadcastAck(let value, let requestID):
      let payload = Envelope.object(
        [("type", .integer(RequestType.acknowledgement)), ("requestId", .string(requestID))]
          + (value.map { [("packet", .value($0))] } ?? []))
      return ClusterPublication(channel: channel(of: requester), payload: try payload.messagePack())
    default:
      if let request = try request(of: message) {
        return ClusterPublication(channel: requestChannel, payload: try request.json())
      }
      let response = try response(of: message.body)
      return ClusterPublication(channel: channel(of: requester), payload: try response.json())
    }
  }

  private func channel(of requester: String?) -> String { requester.map(responseChannel(of:)) ?? responseChannel }

  private func request(
    _ message: ClusterMessage, _ type: Int, requestID: String?, _ members: [(String, Envelope)]
  ) -> Envelope {
    var all: [(String, Envelope)] = []
    if let sender = message.sender { all.append(("uid", .string(sender))) }
    if let requestID { all.append(("requestId", .string(requestID))) }
    all.append(("type", .integer(type)))
    return .object(all + members)
  }

  private func request(of message: ClusterMessage) throws(ClusterError) -> Envelope? {
    switch message.body {
    case .join(let options, let rooms, let requestID):
      return request(
        message, RequestType.join, requestID: requestID,
        [("opts", .options(options, withFlags: false)), ("rooms", .strings(rooms))])
    case .leave(let options, let rooms, let requestID):
      return request(
        message, RequestType.leave, requestID: requestID,
        [("opts", .options(options, withFlags: false)), ("rooms", .strings(rooms))])
    case .disconnect(let options, let close, let requestID):
      return request(
        message, RequestType.disconnect, requestID: requestID,
        [("opts", .options(options, withFlags: false)), ("close", .bool(close))])
    case .fetchSockets(let options, let requestID):
      return request(
        message, RequestType.fetch, requestID: requestID, [("opts", .options(options, withFlags: false))])
    case .socketIDs(let rooms, let requestID):
      return request(message, RequestType.sockets, requestID: requestID, [("rooms", .strings(rooms))])
    case .allRooms(let requestID):
      return request(message, RequestType.allRooms, requestID: requestID, [])
    case .serverSideEmit(let event, let requestID):
      return request(
        message, RequestType.serverSideEmit, requestID: requestID, [("data", .value(try withoutBinaries(event)))])
    default: return nil
    }
  }

  private func response(of body: ClusterMessage.Body) throws(ClusterError) -> Envelope {
    switch body {
    case .fetchSocketsResponse(let sockets, let requestID):
      for socket in sockets { _ = try withoutBinaries(socket.data) }
      return .object([("requestId", .string(requestID)), ("sockets", .sockets(sockets))])
    case .socketIDsResponse(let ids, let requestID):
      return .object([("requestId", .string(requestID)), ("sockets", .strings(ids))])
    case .allRoomsResponse(let rooms, let requestID):
      return .object([("requestId", .string(requestID)), ("rooms", .strings(rooms))])
    case .serverSideEmitResponse(let value, let requestID):
      var members: [(String, Envelope)] = [
        ("type", .integer(RequestType.serverSideEmit)), ("requestId", .string(requestID)),
      ]
      if let value { members.append(("data", .value(try withoutBinaries(value)))) }
      return .object(members)
    case .broadcastClientCount(let count, let requestID):
      return .object([
        ("type", .integer(RequestType.clientCount)), ("requestId", .string(requestID)),
        ("clientCount", .integer(count)),
      ])
    case .done(let requestID):
      return .object([("requestId", .string(requestID))])
    default: throw ClusterError(.notInFormat, "the classic format does not have this message")
    }
  }

  private func withoutBinaries(_ value: ClusterValue) throws(ClusterError) -> ClusterValue {
    guard value.attachments.isEmpty else {
      throw ClusterError(.notInFormat, "the classic format has no binaries in this message")
    }
    return value
  }

  // MARK: Reading

  /// The message that came on this channel; nil if the channel is none of this namespace, or the message is for another
  /// namespace.
  public func message(_ payload: ByteBuffer, on channel: String) throws(ClusterError) -> ClusterMessage? {
    if channel == requestChannel { return try readRequest(.payload(payload, limits: limits)) }
    if channel.hasPrefix(responseChannel) { return try readResponse(.payload(payload, limits: limits)) }
    guard channel.hasPrefix(broadcastChannel) else { return nil }
    let node = JSONNode(wellFormed: try MessagePackReader.value(payload, limits: limits))
    guard let parts = try node.elements(), parts.count == 3, let sender = parts[0].string else {
      throw .malformed("a broadcast is not three things")
    }
    let packet = try parts[1].packet()
    guard (packet.namespace ?? "/") == namespace else { return nil }
    return ClusterMessage(
      sender: sender, namespace: namespace, body: .broadcast(packet, try parts[2].options(), requestID: nil))
  }

  private func readRequest(_ node: JSONNode) throws(ClusterError) -> ClusterMessage {
    let names: Set = [
      "uid", "requestId", "type", "opts", "rooms", "room", "sid", "close", "data", "packet",
    ]
    guard let members = node.members(names), let type = members["type"]?.integer else {
      throw .malformed("a request has no type")
    }
    let requestID = members["requestId"]?.string
    let body: ClusterMessage.Body
    switch type {
    case RequestType.sockets:
      body = .socketIDs(rooms: try members["rooms"]?.texts("rooms") ?? [], requestID: try members.text("requestId"))
    case RequestType.allRooms:
      body = .allRooms(requestID: try members.text("requestId"))
    case RequestType.join:
      body = .join(try target(members), rooms: try rooms(members), requestID: requestID)
    case RequestType.leave:
      body = .leave(try target(members), rooms: try rooms(members), requestID: requestID)
    case RequestType.disconnect:
      body = .disconnect(try target(members), close: members["close"]?.bool ?? false, requestID: requestID)
    case RequestType.fetch:
      body = .fetchSockets(try members.node("opts").options(), requestID: try members.text("requestId"))
    case RequestType.serverSideEmit:
      body = .serverSideEmit(try members.list("data"), requestID: requestID)
    case RequestType.broadcast:
      body = .broadcast(
        try members.node("packet").packet(), try members.node("opts").options(),
        requestID: try members.text("requestId"))
    default:
      throw ClusterError(.unknownType, "a request of type \(type)")
    }
    return ClusterMessage(sender: members["uid"]?.string, namespace: namespace, body: body)
  }

  // Adapters before 6.1 name one client, which is a room too.
  private func target(_ members: [String: JSONNode]) throws(ClusterError) -> BroadcastOptions {
    if let options = members["opts"] { return try options.options() }
    return BroadcastOptions(rooms: [try members.text("sid")])
  }

  private func rooms(_ members: [String: JSONNode]) throws(ClusterError) -> [String] {
    if let rooms = members["rooms"] { return try rooms.texts("rooms") }
    return [try members.text("room")]
  }

  private func readResponse(_ node: JSONNode) throws(ClusterError) -> ClusterMessage {
    let names: Set = ["type", "requestId", "sockets", "rooms", "data", "clientCount", "packet"]
    guard let members = node.members(names) else { throw .malformed("a response is no object") }
    let requestID = try members.text("requestId")
    let body: ClusterMessage.Body
    switch members["type"]?.integer {
    case RequestType.serverSideEmit:
      body = .serverSideEmitResponse(members["data"]?.value, requestID: requestID)
    case RequestType.clientCount:
      guard let count = members["clientCount"]?.integer else { throw .malformed("clientCount is no number") }
      body = .broadcastClientCount(count, requestID: requestID)
    case RequestType.acknowledgement:
      body = .broadcastAck(members["packet"]?.value, requestID: requestID)
    case let type?:
      throw ClusterError(.unknownType, "a response of type \(type)")
    case nil:
      // These say no type: what they hold says what they answer.
      if let sockets = members["sockets"] {
        let isOfIDs = try sockets.elements()?.first?.string != nil
        body =
          isOfIDs
          ? .socketIDsResponse(try sockets.texts("sockets"), requestID: requestID)
          : .fetchSocketsResponse(try sockets.sockets(), requestID: requestID)
      } else if let rooms = members["rooms"] {
        body = .allRoomsResponse(try rooms.texts("rooms"), requestID: requestID)
      } else {
        body = .done(requestID: requestID)
      }
    }
    return ClusterMessage(sender: nil, namespace: namespace, body: body)
  }
}
