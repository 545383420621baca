import DequeModule
import Logging
import NIOCore
import Synchronization

/// What the server keeps for one event loop: its connections, their rooms and deadlines. Only ever touched on the loop.
final class ConnectionLoop {
  let eventLoop: any EventLoop
  let executor: LoopTaskExecutor
  let configuration: SocketIOServer.Configuration
  let logger: Logger
  private let index: Int
  private let occupancy: Occupancy

  var rooms = LoopRooms()
  private var connections: [Connection?] = []
  private var freeSlots: Deque<UInt32> = []
  private var socketCount: UInt32 = 0

  private var pings: DeadlineQueue
  private var pongs: DeadlineQueue
  private var connects: DeadlineQueue
  private var closings: DeadlineQueue
  private var wake: (deadline: NIODeadline, scheduled: Scheduled<Void>)?

  private var unflushed: [Connection] = []
  private var whenEmpty: EventLoopPromise<Void>?

  init(
    index: Int, eventLoop: any EventLoop, configuration: SocketIOServer.Configuration, occupancy: Occupancy,
    logger: Logger
  ) {
    self.index = index
    self.eventLoop = eventLoop
    self.executor = LoopTaskExecutor(eventLoop)
    self.configuration = configuration
    self.occupancy = occupancy
    self.logger = logger
    self.pings = DeadlineQueue(delay: configuration.pingInterval)
    self.pongs = DeadlineQueue(delay: configuration.pingTimeout)
    self.connects = DeadlineQueue(delay: configuration.connectTimeout)
    self.closings = DeadlineQueue(delay: configuration.closeTimeout)
  }

  // MARK: - Connections

  /// - Returns: The connection's slot; nil if the loop has none left or is shutting down.
  func add(_ connection: Connection) -> UInt32? {
    guard self.whenEmpty == nil else { return nil }
    if let slot = self.freeSlots.popFirst() {
      self.connections[Int(slot)] = connection
      return slot
    }
    guard self.connections.count < SocketID.maxSlots else { return nil }
    self.connections.append(connection)
    return UInt32(self.connections.count - 1)
  }

  func remove(slot: UInt32) {
    self.rooms.leaveAll(slot)
    for deadline in Deadline.allCases { self.cancel(deadline, slot) }
    self.connections[Int(slot)] = nil
    self.freeSlots.append(slot)
    if self.freeSlots.count == self.connections.count {
      self.wake?.scheduled.cancel()
      self.wake = nil
      self.whenEmpty?.succeed()
    }
  }

  /// The server's count of connections has one less.
  func release() {
    self.occupancy.release()
  }

  func makeSocketID(slot: UInt32) -> SocketID {
    self.socketCount &+= 1
    return SocketID(loop: self.index, slot: slot, count: self.socketCount)
  }

  func connection(of socket: SocketID) -> Connection? {
    guard Int(socket.slot) < self.connections.count, let connection = self.connections[Int(socket.slot)],
      connection.socket == socket
    else { return nil }
    return connection
  }

  func members(of room: String) -> [Connection] {
    self.rooms.members(of: room).compactMap { self.connections[Int($0.slot)] }
  }

  /// The array of members is a copy of the moment: a connection that is cut while it is written to leaves the room.
  func broadcast(_ frame: ByteBuffer, to room: String, except: SocketID?, volatile: Bool) {
    for member in self.rooms.members(of: room) {
      guard let connection = self.connections[Int(member.slot)], except == nil || connection.socket != except else {
        continue
      }
      connection.send(frame, volatile: volatile)
    }
  }

  // MARK: - Flushing

  /// The connection is flushed when the tasks that the loop has now are done: what they all write to it goes out in one
  /// system call.
  func flushLater(_ connection: Connection) {
    self.unflushed.append(connection)
    guard self.unflushed.count == 1 else { return }
    self.eventLoop.assumeIsolated().execute {
      let connections = self.unflushed
      self.unflushed.removeAll(keepingCapacity: connections.count <= 1024)
      for connection in connections { connection.flush() }
    }
  }

  // MARK: - Deadlines

  enum Deadline: CaseIterable {
    /// The next ping is to be sent.
    case ping
    /// The pong must have come.
    case pong
    /// The client must be connected to a namespace.
    case connect
    /// The closing handshake must be over.
    case closing
  }

  func arm(_ deadline: Deadline, _ slot: UInt32) {
    let now = NIODeadline.now()
    switch deadline {
    case .ping: self.pings.arm(slot, now: now)
    case .pong: self.pongs.arm(slot, now: now)
    case .connect: self.connects.arm(slot, now: now)
    case .closing: self.closings.arm(slot, now: now)
    }
    self.scheduleWake()
  }

  func cancel(_ deadline: Deadline, _ slot: UInt32) {
    switch deadline {
    case .ping: self.pings.cancel(slot)
    case .pong: self.pongs.cancel(slot)
    case .connect: self.connects.cancel(slot)
    case .closing: self.closings.cancel(slot)
    }
  }

  /// One timer serves all. It may come too early, when what it was set for was cancelled; never too late.
  private func scheduleWake() {
    let deadlines = [self.pings.next, self.pongs.next, self.connects.next, self.closings.next]
    guard let next = deadlines.compactMap(\.self).min() else { return }
    if let wake = self.wake {
      guard next < wake.deadline else { return }
      wake.scheduled.cancel()
    }
    let scheduled = self.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.expire() }
    self.wake = (next, scheduled)
  }

  private func expire() {
    self.wake = nil
    let now = NIODeadline.now()
    while let slot = self.pings.popExpired(now: now) { self.connections[Int(slot)]?.deadlineCame(.ping) }
    while let slot = self.pongs.popExpired(now: now) { self.connections[Int(slot)]?.deadlineCame(.pong) }
    while let slot = self.connects.popExpired(now: now) { self.connections[Int(slot)]?.deadlineCame(.connect) }
    while let slot = self.closings.popExpired(now: now) { self.connections[Int(slot)]?.deadlineCame(.closing) }
    self.scheduleWake()
  }

  // MARK: - Shutting down

  /// - Returns: When no connection is left: after `grace` at the latest.
  func shutdown(grace: TimeAmount) -> EventLoopFuture<Void> {
    if let promise = self.whenEmpty { return promise.futureResult }
    let promise = self.eventLoop.makePromise(of: Void.self)
    self.whenEmpty = promise
    guard self.freeSlots.count < self.connections.count else {
      promise.succeed()
      return promise.futureResult
    }
    for connection in self.connections { connection?.shutDown() }
    let cut = self.eventLoop.assumeIsolated().scheduleTask(in: grace) {
      for connection in self.connections { connection?.cut() }
    }
    promise.futureResult.whenComplete { _ in cut.cancel() }
    return promise.futureResult
  }
}

/// How many connections there are, on all loops.
final class Occupancy: Sendable {
  private let connections = Atomic(0)
  private let closed = Atomic(false)

  var count: Int { self.connections.load(ordering: .relaxed) }

  /// - Returns: Whether there was room for one more.
  func reserve(limit: Int) -> Bool {
    guard !self.closed.load(ordering: .relaxed) else { return false }
    let (old, _) = self.connections.add(1, ordering: .relaxed)
    guard old < limit else {
      self.release()
      return false
    }
    return true
  }

  func release() {
    self.connections.subtract(1, ordering: .relaxed)
  }

  /// No more connections from now on.
  func close() {
    self.closed.store(true, ordering: .relaxed)
  }
}
