import Bytes
import NIOCore

/// What was called for a socket that is not here yet.
struct HeldCall {
  /// nil: for this socket by name.
  var target: BroadcastTarget?
  let call: (Socket) -> Void
}

// The sockets of a loop, and those on their way to it or from it.
extension ConnectionLoop {
  // MARK: - Coming and going

  /// Gives a socket that a client asks for its name and place; nil if there is no place left.
  func makeSocket(namespace: String, application: any SocketIOApplication, connection: Connection) -> Socket? {
    guard let slot = self.takeSocketSlot() else { return nil }
    self.socketCount &+= 1
    let socket = Socket(
      id: SocketID(loop: self.index, slot: slot, count: self.socketCount), nonce: .random(in: .min ... .max),
      namespace: self.enter(namespace), application: application, slot: slot, connection: connection)
    self.sockets[Int(slot)] = socket
    self.openOwnRoom(socket)
    return socket
  }

  private func takeSocketSlot() -> UInt32? {
    if let slot = self.freeSocketSlots.popFirst() { return slot }
    guard self.sockets.count < SocketID.maxSlots else { return nil }
    self.sockets.append(nil)
    return UInt32(self.sockets.count - 1)
  }

  /// Enters a namespace with one socket more.
  private func enter(_ name: String) -> LoopNamespace {
    if let namespace = self.namespaces[name] {
      namespace.socketCount += 1
      return namespace
    }
    let namespace = LoopNamespace(name: name)
    namespace.rooms.watch = self.roomWatch(of: name)
    namespace.socketCount = 1
    self.namespaces[name] = namespace
    return namespace
  }

  func socket(_ id: SocketID) -> Socket? {
    if id.loop == self.index, Int(id.slot) < self.sockets.count, let socket = self.sockets[Int(id.slot)],
      socket.id == id
    {
      return socket
    }
    return self.adopted[id].flatMap { self.sockets[Int($0)] }
  }

  /// Forgets a socket that has ended or moves.
  private func detach(_ socket: Socket) {
    self.closeOwnRoom(socket)
    socket.namespace.rooms.leaveAll(socket.slot)
    self.suspensions.cancel(socket.slot)
    self.sockets[Int(socket.slot)] = nil
    self.freeSocketSlots.append(socket.slot)
    self.adopted[socket.id] = nil
    if let takenOver = socket.takenOver { self.takenOverSlots[takenOver.sid] = nil }
    socket.namespace.socketCount -= 1
    if socket.namespace.socketCount == 0 { self.namespaces[socket.namespace.name] = nil }
  }

  /// The socket is over: nobody finds it any more.
  func remove(_ socket: Socket) {
    if case .suspended = socket.phase { self.switchboard?.releaseSuspension() }
    socket.phase = .ended
    socket.connection = nil
    socket.requests?.failAll(.noConnection)
    if socket.privateID != nil { self.switchboard?.countRecoverable(-1) }
    self.detach(socket)
    self.switchboard?.forget(socket.id)
  }

  // MARK: - Calls

  /// Carries out what was called for a socket, now or when it is here.
  ///
  /// - Returns: Whether there is such a socket.
  @discardableResult
  func perform(on id: SocketID, _ call: @escaping (Socket) -> Void) -> Bool {
    self.deliverBatch()
    if let socket = self.socket(id) {
      call(socket)
      return true
    }
    guard self.arrivals[id] != nil else { return false }
    self.arrivals[id]?.append(HeldCall(call: call))
    return true
  }

  /// Carries out what was called for all sockets that a target names, also for those that are not here yet.
  func perform(on target: BroadcastTarget, _ call: @escaping (Socket) -> Void) {
    self.deliverBatch()
    self.hold(target, call)
    for socket in self.members(of: target) { call(socket) }
  }

  private func hold(_ target: BroadcastTarget, _ call: @escaping (Socket) -> Void) {
    guard !self.arrivals.isEmpty else { return }
    for id in self.arrivals.keys { self.arrivals[id]?.append(HeldCall(target: target, call: call)) }
  }

  func disconnect(_ socket: Socket, close: Bool) {
    if let connection = socket.connection {
      connection.disconnect(socket, close: close)
    } else if case .suspended = socket.phase {
      self.endSuspended(socket, .serverNamespaceDisconnect)
    }
  }

  func broadcast(_ packet: OutgoingPacket, to target: BroadcastTarget) {
    self.hold(target) { $0.deliver(packet) }
    guard !self.isFiltering else {
      self.deliverBatch()
      return self.deliver(packet, to: target)
    }
    if self.batch.add(packet, to: target) {
      if self.batch.count == 1 { self.eventLoop.assumeIsolated().execute { self.deliverBatch() } }
      return
    }
    self.deliverBatch()
    if self.batch.add(packet, to: target) {
      self.eventLoop.assumeIsolated().execute { self.deliverBatch() }
    } else {
      self.deliver(packet, to: target)
    }
  }

  /// Sends what was gathered for a room. Before anything else is sent, or anybody joins or leaves, lest the order changes.
  func deliverBatch() {
    guard self.batch.count > 0 else { return }
    let (packet, target) = self.batch.take()
    self.deliver(packet, to: target)
  }

  private func deliver(_ packet: OutgoingPacket, to target: BroadcastTarget) {
    guard let namespace = self.namespaces[target.namespace] else { return }
    guard target.rooms.count == 1, target.exceptRooms.isEmpty else {
      for socket in self.members(of: target) { socket.deliver(packet) }
      return
    }
    // The array of members is a copy of the moment: a connection that is cut while it is written to leaves the room.
    let members = namespace.rooms.members(of: target.rooms[0])
    for member in members {
      guard let socket = self.sockets[Int(member.slot)] else { continue }
      if target.exceptSocket == nil || socket.id != target.exceptSocket { socket.deliver(packet) }
    }
    if members.isEmpty, let socket = self.socket(sid: target.rooms[0]), target.includes(socket) {
      socket.deliver(packet)
    }
  }

  /// The sockets that a target names, each once.
  func members(of target: BroadcastTarget) -> [Socket] {
    guard let namespace = self.namespaces[target.namespace] else { return [] }
    guard !target.rooms.isEmpty else {
      return self.sockets.compactMap { socket in socket.flatMap { target.includes($0) ? $0 : nil } }
    }
    var slots: Set<UInt32> = []
    for room in target.rooms {
      for member in namespace.rooms.members(of: room) { slots.insert(member.slot) }
      if let socket = self.socket(sid: room) { slots.insert(socket.slot) }
    }
    return slots.sorted().compactMap { slot in
      self.sockets[Int(slot)].flatMap { target.includes($0) ? $0 : nil }
    }
  }

  /// A socket by the name that clients see.
  func socket(sid: String) -> Socket? {
    guard let words = Base64URL.decodeWords(sid, count: 2) else { return nil }
    if let socket = self.socket(SocketID(rawValue: words[0])), socket.nonce == words[1] { return socket }
    return self.takenOverSlots[sid].flatMap { self.sockets[Int($0)] }
  }

  // MARK: - Moving

  /// What is called for these sockets from now on waits for them.
  func expect(_ sockets: [SocketID]) {
    self.deliverBatch()
    for socket in sockets { self.arrivals[socket] = [] }
  }

  /// Those of these sockets that have not come won't.
  func expectNoMore(_ sockets: [SocketID]) {
    for socket in sockets where self.arrivals.removeValue(forKey: socket) != nil { self.switchboard?.forget(socket) }
  }

  /// Takes a socket off this loop.
  func pack(_ socket: Socket) -> SocketLuggage {
    self.deliverBatch()
    let luggage = SocketLuggage(
      id: socket.id, nonce: socket.nonce, namespace: socket.namespace.name, application: socket.application,
      privateID: socket.privateID, keptFrom: socket.keptFrom, takenOver: socket.takenOver,
      carried: socket.carried,
      rooms: socket.namespace.rooms.rooms(of: socket.slot),
      pastStays: socket.pastStays, requests: socket.requests?.takeAll() ?? [], nextRequest: socket.requests?.next ?? 0,
      hold: self.holdRooms(of: socket))
    if case .suspended = socket.phase { self.switchboard?.releaseSuspension() }
    socket.phase = .ended
    socket.connection = nil
    self.detach(socket)
    return luggage
  }

  /// Takes a socket in. What waits for it is carried out by ``catchUp(_:)``.
  ///
  /// - Parameter isWelcome: Says of each of its rooms whether it may stay there.
  /// - Returns: nil if there is no place left: then it has ended.
  func unpack(
    _ luggage: SocketLuggage, connection: Connection, isWelcome: (String) -> Bool = { _ in true }
  ) -> Socket? {
    self.deliverBatch()
    guard let slot = self.takeSocketSlot() else {
      self.arrivals[luggage.id] = nil
      self.switchboard?.forget(luggage.id)
      if luggage.privateID != nil { self.switchboard?.countRecoverable(-1) }
      return nil
    }
    let socket = Socket(
      id: luggage.id, nonce: luggage.nonce, namespace: self.enter(luggage.namespace),
      application: luggage.application, slot: slot, connection: connection)
    socket.phase = .connected
    socket.privateID = luggage.privateID
    socket.keptFrom = luggage.keptFrom
    if let takenOver = luggage.takenOver { self.takeOver(socket, takenOver) }
    if let carried = luggage.carried { self.keep(carried, for: socket) }
    socket.pastStays = luggage.pastStays
    self.sockets[Int(slot)] = socket
    // One that comes home may find another in its old place.
    if luggage.id.loop != self.index || luggage.id.slot != slot { self.adopted[luggage.id] = slot }
    self.openOwnRoom(socket)
    socket.namespace.rooms.reserve(luggage.rooms.count, for: slot)
    for room in luggage.rooms where isWelcome(room.name) {
      socket.namespace.rooms.join(slot, room.name, at: room.joinedAt)
    }
    if luggage.nextRequest > 0 {
      let requests = RequestBook(next: luggage.nextRequest)
      for request in luggage.requests { requests.add(request, on: self.eventLoop) }
      socket.requests = requests
    }
    return socket
  }

  /// Carries out what was called for a socket while it moved.
  func catchUp(_ socket: Socket) {
    for call in self.arrivals.removeValue(forKey: socket.id) ?? [] {
      if call.target.map({ self.isMember(socket, of: $0) }) ?? true { call.call(socket) }
    }
  }

  private func isMember(_ socket: Socket, of target: BroadcastTarget) -> Bool {
    guard socket.namespace.name == target.namespace, target.includes(socket) else { return false }
    return target.rooms.isEmpty
      || target.rooms.contains { socket.namespace.rooms.contains(socket.slot, in: $0) || $0 == socket.sid }
  }
}

extension BroadcastTarget {
  /// Whether the target's exceptions leave the socket in.
  fileprivate func includes(_ socket: Socket) -> Bool {
    socket.namespace.name == self.namespace && socket.id != self.exceptSocket
      && self.exceptRooms.allSatisfy { !socket.namespace.rooms.contains(socket.slot, in: $0) && $0 != socket.sid }
  }
}
