import Cluster
import NIOCore
import Redis
import SocketIO

// What other nodes say.
extension RedisAdapter {
  func receive(_ push: RedisPush, _ hooks: Hooks) {
    guard push.channel != handoverChannel else { return receiveHandover(push.payload) }
    let owners = namespaces.filter { $0.own(push, node: uid) }
    guard !owners.isEmpty else { return hooks.message(push) }
    guard !(push.kind == .pattern && push.payload.readableBytesView.starts(with: ownBeginning)) else { return }
    do throws(ClusterError) {
      for namespace in owners {
        guard let message = try namespace.message(push) else { continue }
        if message.sender != uid { carryOut(message, hooks) }
        return
      }
    } catch {
      warn(of: error, on: push.channel)
    }
  }

  func warn(of error: ClusterError, on channel: String) {
    // Redis may be shared with who knows whom: one warning is enough.
    let isFirst = !hasWarned.exchange(true, ordering: .relaxed)
    logger.log(
      level: isFirst && error.code != .unknownType ? .warning : .debug, "a message of another node is ignored",
      metadata: ["channel": "\(channel)", "error": "\(error)"])
  }

  private func carryOut(_ message: ClusterMessage, _ hooks: Hooks) {
    let namespace = message.namespace
    func target(_ options: BroadcastOptions) -> BroadcastTarget {
      BroadcastTarget(namespace: namespace, rooms: options.rooms, exceptRooms: options.except)
    }
    switch message.body {
    case .broadcast(let packet, let options, let requestID):
      // Nodes send events to clients, and nothing else.
      guard packet.type == 2 else { return }
      let arguments = Arguments(packet.arguments.json, attachments: packet.arguments.attachments)
      if let requestID {
        ask(target(options), arguments, timeout: options.timeout, requestID, of: message.sender)
      } else if !hooks.takes(arguments, target(options)) {
        server.local.broadcast(
          arguments, to: target(options), volatile: options.isVolatile, at: options.position.map(StreamPosition.init))
      }
    case .join(let options, let rooms, _):
      for room in rooms { server.local.join(target(options), room: room) }
    case .leave(let options, let rooms, _):
      for room in rooms { server.local.leave(target(options), room: room) }
    case .disconnect(let options, let close, _): server.local.disconnect(target(options), close: close)
    case .serverSideEmit(let event, _):
      hooks.serverSideEvent(Arguments(event.json, attachments: event.attachments), namespace)
    case .fetchSockets(let options, let requestID):
      answer(target(options), in: namespace, to: message.sender) { sockets in
        .fetchSocketsResponse(sockets.map(RemoteSocket.init), requestID: requestID)
      }
    case .socketIDs(let rooms, let requestID):
      answer(BroadcastTarget(namespace: namespace, rooms: rooms), in: namespace, to: message.sender) { sockets in
        .socketIDsResponse(sockets.map(\.sid), requestID: requestID)
      }
    case .allRooms(let requestID):
      Task {
        let rooms = await server.local.rooms(in: namespace).sorted()
        publish(.allRoomsResponse(rooms, requestID: requestID), in: namespace, to: message.sender)
      }
    case .fetchSocketsResponse(_, let requestID), .allRoomsResponse(_, let requestID):
      requests.answered(requestID, message.body)
    // An empty list of sockets is the same for both.
    case .socketIDsResponse(let ids, let requestID) where ids.isEmpty: requests.answered(requestID, message.body)
    case .broadcastClientCount(let count, let requestID): broadcasts.counted(requestID, count)
    case .broadcastAck(let value, let requestID): broadcasts.answered(requestID, Arguments(acknowledging: value))
    case .initialHeartbeat, .heartbeat, .adapterClose, .socketIDsResponse, .serverSideEmitResponse, .done:
      // This node asks for none of these, and counts the others by their subscriptions.
      break
    }
  }

  private func answer(
    _ target: BroadcastTarget, in namespace: String, to requester: String?,
    _ body: @escaping @Sendable ([SocketDescription]) -> ClusterMessage.Body
  ) {
    Task {
      let sockets = await server.local.fetchSockets(target)
      publish(body(sockets), in: namespace, to: requester)
    }
  }

  /// Sends an event that clients are to acknowledge: the other node learns how many got it, and what each says.
  private func ask(
    _ target: BroadcastTarget, _ arguments: Arguments, timeout: Int?, _ requestID: String, of requester: String?
  ) {
    server.local.request(
      arguments, of: target, timeout: .milliseconds(Int64(min(max(timeout ?? 10_000, 1), 600_000))),
      counted: { count in
        self.publish(.broadcastClientCount(count, requestID: requestID), in: target.namespace, to: requester)
      },
      answered: { answer in
        // One that does not acknowledge is missed by who counts them.
        guard let answer else { return }
        self.publish(
          .broadcastAck(
            answer.first.map { ClusterValue(json: $0, attachments: answer.attachments) }, requestID: requestID),
          in: target.namespace, to: requester)
      })
  }
}

extension RemoteSocket {
  init(_ socket: SocketDescription) {
    // What the client said in its handshake is not told; applications on Node find the usual objects there.
    self.init(
      id: socket.sid, rooms: [socket.sid] + socket.rooms,
      handshake: ClusterValue(json: #"{"headers":{},"query":{},"auth":{}}"#), data: ClusterValue(json: "{}"))
  }
}

extension SocketDescription {
  init(_ socket: RemoteSocket) {
    self.init(sid: socket.id, rooms: socket.rooms.filter { $0 != socket.id })
  }
}
