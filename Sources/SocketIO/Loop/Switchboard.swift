import NIOCore
import Synchronization

/// Takes calls from any thread to the loops, in one order for all of them: of two calls, every loop that both concern
/// carries out the same one first. Finds the loop on which a socket is, for sockets move when their client changes its
/// connection.
final class Switchboard: Sendable {
  struct State {
    /// Sockets that are not on the loop that their name says.
    var moved: [SocketID: Int] = [:]
    /// Sockets whose private ids are of another node.
    var takenOver: [PrivateID: (socket: SocketID, from: TakenOver)] = [:]
    var foreignIDs: [SocketID: PrivateID] = [:]
    /// Packets for clients that lose their connection, if that is configured.
    var log: PacketLog?
  }

  typealias Call = @Sendable (ConnectionLoop) -> Void

  let eventLoops: [any EventLoop]
  private let loops: [NIOLoopBoundBox<ConnectionLoop>]
  private let indices: [ObjectIdentifier: Int]
  private let state: Mutex<State>
  /// Connected or suspended sockets whose clients may have their state back. While there is none, nothing is kept.
  private let recoverable = Atomic(0)
  private let suspended = Atomic(0)

  init(eventLoops: [any EventLoop], log: PacketLog?, makeLoop: (Int, any EventLoop) -> ConnectionLoop) {
    self.eventLoops = eventLoops
    self.indices = Dictionary(uniqueKeysWithValues: zip(eventLoops.map { ObjectIdentifier($0) }, eventLoops.indices))
    self.state = Mutex(State(log: log))
    self.loops = eventLoops.enumerated().map { index, eventLoop in
      .makeBoxSendingValue(makeLoop(index, eventLoop), eventLoop: eventLoop)
    }
    for (eventLoop, loop) in zip(eventLoops, self.loops) {
      eventLoop.execute { loop.value.switchboard = self }
    }
  }

  /// The loop's own part; nil if it is not one of the server's. On that loop only.
  func loop(of eventLoop: any EventLoop) -> ConnectionLoop? {
    self.indices[ObjectIdentifier(eventLoop)].map { self.loops[$0].value }
  }

  // MARK: - Calls

  /// Calls all loops.
  func everywhere(_ prepare: (inout State) -> Call) {
    self.state.withLock { state in
      let call = prepare(&state)
      for (eventLoop, loop) in zip(self.eventLoops, self.loops) {
        eventLoop.execute { call(loop.value) }
      }
    }
  }

  /// Calls one loop, with what is prepared when all that it carries out before has been called.
  func at(_ index: Int, preparing prepare: (inout State) -> Call) {
    self.state.withLock { state in self.execute(index, prepare(&state)) }
  }

  /// Calls one loop.
  func at(_ index: Int, _ call: @escaping Call) {
    self.state.withLock { _ in self.execute(index, call) }
  }

  /// Calls the loop that the socket is on, or was on.
  func at(_ socket: SocketID, _ prepare: (inout State) -> Call) {
    self.state.withLock { state in
      let index = state.moved[socket] ?? socket.loop
      // A name that came from elsewhere.
      guard index < self.loops.count else { return }
      self.execute(index, prepare(&state))
    }
  }

  /// Whether the socket's loop is one of this server's.
  func isOurs(_ socket: SocketID) -> Bool { socket.loop < self.loops.count }

  /// Moves sockets from a loop to another: what was called before is carried out on the old one, what is called from now
  /// on waits at the new one until they arrive there.
  ///
  /// - Parameters:
  ///   - old: Where they are; nil: where the first of them is.
  ///   - depart: Called on the old loop, behind all earlier calls, with the number of the last kept packet that concerns
  ///     the sockets there.
  func move(
    _ sockets: [SocketID], from old: Int? = nil, to new: Int,
    depart: @escaping @Sendable (ConnectionLoop, UInt64) -> Void
  ) {
    self.state.withLock { state in
      guard let old = old ?? sockets.first.map({ state.moved[$0] ?? $0.loop }), old < self.loops.count else { return }
      for socket in sockets { state.moved[socket] = new == socket.loop ? nil : new }
      let number = state.log?.last ?? 0
      self.execute(new) { loop in loop.expect(sockets) }
      self.execute(old) { loop in depart(loop, number) }
    }
  }

  /// The socket has ended.
  func forget(_ socket: SocketID) {
    self.state.withLock { state in
      state.moved[socket] = nil
      if let privateID = state.foreignIDs.removeValue(forKey: socket) { state.takenOver[privateID] = nil }
    }
  }

  /// The socket has the private id that its client was given by another node.
  func takeOver(_ privateID: PrivateID, as socket: SocketID, _ takenOver: TakenOver) {
    self.state.withLock { state in
      state.takenOver[privateID] = (socket, takenOver)
      state.foreignIDs[socket] = privateID
    }
  }

  /// The socket that may have this private id, and the packet that the offset names; nil if what came after that one is
  /// not all here.
  func place(of privateID: PrivateID, offset: String) -> (SocketID, UInt64)? {
    self.state.withLock { state in
      let takenOver = state.takenOver[privateID]
      let number = takenOver?.from.offset == offset ? takenOver?.from.number : state.log?.number(of: offset)
      guard let number, takenOver != nil || self.isOurs(privateID.socket) else { return nil }
      return (takenOver?.socket ?? privateID.socket, number)
    }
  }

  private func execute(_ index: Int, _ call: @escaping Call) {
    let loop = self.loops[index]
    self.eventLoops[index].execute { call(loop.value) }
  }

  // MARK: - Recovery

  var isKeeping: Bool { self.recoverable.load(ordering: .acquiring) > 0 }

  func countRecoverable(_ difference: Int) {
    self.recoverable.add(difference, ordering: .acquiringAndReleasing)
  }

  /// Takes one of the places for suspended sockets.
  func reserveSuspension(limit: Int) -> Bool {
    let (old, _) = self.suspended.add(1, ordering: .relaxed)
    guard old < limit else {
      self.releaseSuspension()
      return false
    }
    return true
  }

  func releaseSuspension() {
    self.suspended.subtract(1, ordering: .relaxed)
  }

  func readLog<Result: Sendable>(_ body: (PacketLog) -> Result?) -> Result? {
    self.state.withLock { state in state.log.flatMap(body) }
  }
}
