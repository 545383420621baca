import DequeModule
import EventLoopExecutor
import Logging
import NIOCore

/// What the server keeps for one event loop: its connections, their sockets and deadlines. Only ever touched on the loop.
final class ConnectionLoop {
  let index: Int
  let eventLoop: any EventLoop
  let executor: LoopTaskExecutor
  let configuration: SocketIOServer.Configuration
  let registry: ServerRegistry
  let logger: Logger
  /// The one that has this loop; set before there is a connection.
  weak var switchboard: Switchboard?

  private var connections: [Connection?] = []
  private var freeSlots: Deque<UInt32> = []
  private var deadlines: [DeadlineQueue]
  private var wake: (deadline: NIODeadline, scheduled: Scheduled<Void>)?
  private var unflushed: [Connection] = []
  private var whenEmpty: EventLoopPromise<Void>?
  /// By the numbers of their places: see ``Places``.
  var newcomers: [UInt64: Connection] = [:]
  /// What goes on in the next turn.
  var nextTurns: [() -> Void] = []

  // Sockets: see LoopSockets.swift.
  var sockets: [Socket?] = []
  var freeSocketSlots: Deque<UInt32> = []
  var socketCount: UInt32 = 0
  /// Sockets whose names are another loop's.
  var adopted: [SocketID: UInt32] = [:]
  /// Sockets whose `sid` is another node's.
  var takenOverSlots: [String: UInt32] = [:]
  var namespaces: [String: LoopNamespace] = [:]
  /// See RoomCensus.swift.
  var roomInterest = RoomInterest.none
  /// Sockets that are on their way to this loop, with what they will have to catch up on.
  var arrivals: [SocketID: [HeldCall]] = [:]
  var suspensions: DeadlineQueue
  /// Broadcasts of this tick that have not been written yet.
  var batch = BroadcastBatch()
  /// Until when broadcasts go out one by one: see ``isFiltering``.
  var filteringEnd: NIODeadline?
  var calls = CallOrder()
  /// Sockets with packets from another node, and how long they need them at most.
  var carriers: Deque<(until: NIODeadline, socket: SocketID)> = []
  /// What was sent, if clients may have it again.
  var log: PacketLog?

  init(
    index: Int, eventLoop: any EventLoop, configuration: SocketIOServer.Configuration, registry: ServerRegistry,
    logger: Logger
  ) {
    self.index = index
    self.eventLoop = eventLoop
    self.executor = LoopTaskExecutor(eventLoop)
    self.configuration = configuration
    self.registry = registry
    self.logger = logger
    self.deadlines = Deadline.allCases.map { DeadlineQueue(delay: $0.delay(configuration)) }
    self.suspensions = DeadlineQueue(delay: configuration.recovery?.maxDisconnection ?? .zero)
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
    for deadline in Deadline.allCases { self.cancel(deadline, slot) }
    self.connections[Int(slot)] = nil
    self.freeSlots.append(slot)
    if self.freeSlots.count == self.connections.count {
      self.rest()
      self.whenEmpty?.succeed()
    }
  }

  /// The connection of a polling session; nil if it has ended.
  func connection(slot: UInt32, sid: String) -> Connection? {
    guard Int(slot) < self.connections.count, let connection = self.connections[Int(slot)],
      connection.polling?.sid == sid
    else { return nil }
    return connection
  }

  /// The newcomer's place went to another connection.
  func evict(_ number: UInt64) {
    guard let connection = self.newcomers.removeValue(forKey: number) else { return }
    self.logger.debug("a connection that has not come in makes place")
    connection.cut()
  }

  // MARK: - Flushing

  /// The connection is flushed when the tasks that the loop has now are done, and those that they have led to: an event
  /// and the acknowledgement behind it go out in one system call.
  func flushLater(_ connection: Connection) {
    self.unflushed.append(connection)
    guard self.unflushed.count == 1 else { return }
    self.eventLoop.assumeIsolated().execute {
      self.eventLoop.assumeIsolated().execute {
        let connections = self.unflushed
        self.unflushed.removeAll(keepingCapacity: connections.count <= 1024)
        for connection in connections { connection.flush() }
      }
    }
  }

  // MARK: - Deadlines

  enum Deadline: Int, CaseIterable {
    /// The next ping is to be sent.
    case ping
    /// The pong must have come.
    case pong
    /// The client must be connected to a namespace.
    case connect
    /// The upgrade must be complete.
    case upgrade
    /// The closing handshake must be over.
    case closing

    fileprivate func delay(_ configuration: SocketIOServer.Configuration) -> TimeAmount {
      switch self {
      case .ping: configuration.pingInterval
      case .pong: configuration.pingTimeout
      case .connect: configuration.connectTimeout
      case .upgrade: configuration.upgradeTimeout
      case .closing: configuration.closeTimeout
      }
    }
  }

  func arm(_ deadline: Deadline, _ slot: UInt32) {
    self.deadlines[deadline.rawValue].arm(slot, now: .now())
    self.scheduleWake()
  }

  /// For a deadline that a connection has brought along: at most its delay ahead.
  func arm(_ deadline: Deadline, _ slot: UInt32, at time: NIODeadline) {
    self.deadlines[deadline.rawValue].arm(slot, at: time)
    self.scheduleWake()
  }

  func cancel(_ deadline: Deadline, _ slot: UInt32) {
    self.deadlines[deadline.rawValue].cancel(slot)
  }

  func deadline(_ deadline: Deadline, of slot: UInt32) -> NIODeadline? {
    self.deadlines[deadline.rawValue].deadline(of: slot)
  }

  /// One timer serves all. It may come too early, when what it was set for was cancelled; never too late.
  func scheduleWake() {
    var next = self.suspensions.next
    for deadlines in self.deadlines {
      if let candidate = deadlines.next { next = min(next ?? candidate, candidate) }
    }
    guard let next else { return }
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
    for deadline in Deadline.allCases {
      while let planned = self.deadlines[deadline.rawValue].next,
        let slot = self.deadlines[deadline.rawValue].popExpired(now: now)
      {
        self.connections[Int(slot)]?.deadlineCame(deadline, planned: planned)
      }
    }
    while let slot = self.suspensions.popExpired(now: now) { self.suspensionExpired(slot) }
    self.scheduleWake()
  }

  /// Drops the timer where there is nothing left to wait for.
  private func rest() {
    guard self.suspensions.next == nil else { return }
    self.wake?.scheduled.cancel()
    self.wake = nil
  }

  // MARK: - Shutting down

  /// - Returns: When no connection is left: after `grace` at the latest.
  func shutdown(grace: TimeAmount) -> EventLoopFuture<Void> {
    if let promise = self.whenEmpty { return promise.futureResult }
    let promise = self.eventLoop.makePromise(of: Void.self)
    self.whenEmpty = promise
    self.endSuspended()
    guard self.freeSlots.count < self.connections.count else {
      self.rest()
      promise.succeed()
      return promise.futureResult
    }
    for connection in self.connections { connection?.shutDown() }
    let cut = self.eventLoop.assumeIsolated().scheduleTask(in: grace) {
      for connection in self.connections { connection?.cut(.serverShuttingDown) }
    }
    promise.futureResult.whenComplete { _ in cut.cancel() }
    return promise.futureResult
  }

  var isShuttingDown: Bool { self.whenEmpty != nil }
}
