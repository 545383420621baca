import NIOCore

extension SocketIOServer {
  /// Sends an event to the sockets that the target names, on all nodes. It is encoded once, and the bytes are shared by
  /// all sockets of a node.
  ///
  /// - Parameters:
  ///   - arguments: The event, the name first: `["new_message",{…}]`. Not checked.
  ///   - volatile: Whether clients that can't take it at once may miss it, also those that are away for a moment.
  public func broadcast(_ arguments: Arguments, to target: BroadcastTarget, volatile: Bool = false) {
    self.registry.ownBroadcasts.next(to: target, needsPosition: !volatile) { adapter, position in
      self.local.broadcast(arguments, to: target, volatile: volatile, at: position)
      adapter?.broadcast(arguments, to: target.elsewhere, volatile: volatile, at: position)
    }
  }

  /// Sends an event to one socket.
  ///
  /// - Parameters:
  ///   - arguments: The event, the name first. Not checked.
  ///   - socket: Gets the event if it is connected.
  ///   - namespace: The socket's.
  ///   - volatile: Whether the client may miss it if it can't take it at once.
  public func emit(
    _ arguments: Arguments, to socket: SocketID, namespace: String = "/", volatile: Bool = false
  ) {
    let packet = OutgoingPacket(plain: ServerFrame.event(arguments, namespace: namespace), isVolatile: volatile)
    guard !volatile, let tag = self.switchboard.logTag, self.switchboard.isKeeping else {
      return self.switchboard.at(socket) { loop in loop.perform(on: socket) { $0.deliver(packet) } }
    }
    // All loops keep it. On one of them is the socket, or expected.
    self.switchboard.everywhere { number in
      let kept = PacketLog.Packet(arguments, to: socket, namespace: namespace, number: number, tag: tag, now: .now())
      var packet = packet
      packet.numbered = kept.frames
      return { [packet] loop in
        loop.log?.keep(kept)
        loop.perform(on: socket) { $0.deliver(packet) }
      }
    }
  }

  /// Sends an event that the client is to acknowledge.
  ///
  /// - Parameters:
  ///   - arguments: The event, the name first. Not checked.
  ///   - timeout: For how long to wait.
  /// - Returns: What the client acknowledged it with.
  /// - Throws: ``RequestError``. Then the client may still have got the event.
  public func request(
    _ arguments: Arguments, of socket: SocketID, timeout: TimeAmount
  ) async throws(RequestError) -> Arguments {
    let result = await withCheckedContinuation { continuation in
      let deadline = NIODeadline.now() + timeout
      let complete: @Sendable (Result<Arguments, RequestError>) -> Void = { continuation.resume(returning: $0) }
      guard self.switchboard.isOurs(socket) else { return complete(.failure(.noConnection)) }
      self.switchboard.at(socket) { loop in
        let isThere = loop.perform(on: socket) { $0.request(arguments, deadline: deadline, loop, complete) }
        if !isThere { complete(.failure(.noConnection)) }
      }
    }
    return try result.get()
  }
}

extension Socket {
  func request(
    _ arguments: Arguments, deadline: NIODeadline, _ loop: ConnectionLoop,
    _ complete: @escaping @Sendable (Result<Arguments, RequestError>) -> Void
  ) {
    guard self.isConnected, let connection = self.connection else { return complete(.failure(.noConnection)) }
    let requests = self.requests ?? RequestBook()
    self.requests = requests
    let id = requests.add(deadline: deadline, on: loop.eventLoop, complete: complete)
    connection.send(ServerFrame.packet(.event(arguments, namespace: self.namespace.name, id: id)))
  }
}
