import NIOCore
import Synchronization

/// Takes calls from any thread to the loops, in one order for all of them: of two calls, every loop that both concern
/// carries out the same one first. Finds the loop on which a socket is, for sockets move when their client changes its
/// connection.
///
/// No lock makes the order, for all that is sent goes through here: a call to all loops takes the next number, and each
/// loop carries out these calls by their numbers (``CallOrder``). A call to one loop comes behind the last number that was
/// taken before it. So nobody who calls waits for anybody else, and what a thread calls one after the other stays so.
///
/// The number of a broadcast is also its place in the ``PacketLog``, which each loop has: as all carry out the same in the
/// same order, all logs are the same.
final class Switchboard: Sendable {
  /// What a client that comes back is found by.
  private struct Moves {
    /// Sockets that are not on the loop that their name says.
    var moved: [SocketID: Int] = [:]
    /// Sockets whose private ids are of another node.
    var takenOver: [PrivateID: (socket: SocketID, from: TakenOver)] = [:]
    var foreignIDs: [SocketID: PrivateID] = [:]
  }

  typealias Call = @Sendable (ConnectionLoop) -> Void

  let eventLoops: [any EventLoop]
  private let loops: [NIOLoopBoundBox<ConnectionLoop>]
  private let indices: [ObjectIdentifier: Int]
  /// The last number that was taken.
  private let numbers = Atomic<UInt64>(0)
  private let moves = Mutex(Moves())
  /// Connected or suspended sockets whose clients may have their state back. While there is none, nothing is kept.
  private let recoverable = Atomic(0)
  private let suspended = Atomic(0)
  /// Bytes: see ``CarriedPackets``.
  private let carried = Atomic(0)
  /// The logs' name; nil where nothing is ever kept.
  let logTag: String?

  init(eventLoops: [any EventLoop], logTag: String?, makeLoop: (Int, any EventLoop) -> ConnectionLoop) {
    self.eventLoops = eventLoops
    self.indices = Dictionary(uniqueKeysWithValues: zip(eventLoops.map { ObjectIdentifier($0) }, eventLoops.indices))
    self.logTag = logTag
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

  /// The number of the last call to all loops.
  var lastNumber: UInt64 { self.numbers.load(ordering: .sequentiallyConsistent) }

  /// Calls all loops.
  ///
  /// - Parameter prepare: Makes the call, by its number. Until it has, all loops wait: it must be short.
  func everywhere(_ prepare: (UInt64) -> Call) {
    let number = self.take(1)
    self.call(number...number, prepare(number))
  }

  /// Calls all loops, with numbers for packets that stand in the order where the call does: see ``CarriedPackets``.
  func everywhere(taking count: Int, _ prepare: (ClosedRange<UInt64>) -> Call) {
    let last = self.take(count)
    let numbers = last - UInt64(count) + 1...last
    self.call(numbers, prepare(numbers))
  }

  /// - Returns: The last of the numbers.
  private func take(_ count: Int) -> UInt64 {
    self.numbers.add(UInt64(count), ordering: .sequentiallyConsistent).newValue
  }

  private func call(_ numbers: ClosedRange<UInt64>, _ call: @escaping Call) {
    for (eventLoop, loop) in zip(self.eventLoops, self.loops) {
      eventLoop.execute { loop.value.carryOut(numbers, call) }
    }
  }

  /// Calls one loop.
  func at(_ index: Int, _ call: @escaping Call) {
    self.call(index, behind: self.lastNumber, call)
  }

  /// Calls the loop that the socket is on, or was on.
  func at(_ socket: SocketID, _ call: @escaping Call) {
    // Under the lock until the call is on its way: a move's own must not overtake it.
    self.moves.withLock { moves in
      let index = moves.moved[socket] ?? socket.loop
      // A name that came from elsewhere.
      guard index < self.loops.count else { return }
      self.call(index, behind: self.lastNumber, call)
    }
  }

  private func call(_ index: Int, behind number: UInt64, _ call: @escaping Call) {
    let loop = self.loops[index]
    self.eventLoops[index].execute { loop.value.carryOut(behind: number, call) }
  }

  /// Whether the socket's loop is one of this server's.
  func isOurs(_ socket: SocketID) -> Bool { socket.loop < self.loops.count }

  /// Moves sockets from a loop to another: what was called before is carried out on the old one, what is called from now
  /// on waits at the new one until they arrive there.
  ///
  /// - Parameters:
  ///   - old: Where they are; nil: where the first of them is.
  ///   - depart: Called on the old loop, behind all earlier calls. What it calls the new loop for is behind this one there.
  func move(
    _ sockets: [SocketID], from old: Int? = nil, to new: Int, depart: @escaping @Sendable (ConnectionLoop) -> Void
  ) {
    self.moves.withLock { moves in
      guard let old = old ?? sockets.first.map({ moves.moved[$0] ?? $0.loop }), old < self.loops.count else { return }
      for socket in sockets { moves.moved[socket] = new == socket.loop ? nil : new }
      self.everywhere { _ in
        { loop in
          if loop.index == new { loop.expect(sockets) }
          if loop.index == old { depart(loop) }
        }
      }
    }
  }

  /// The socket has ended.
  func forget(_ socket: SocketID) {
    self.moves.withLock { moves in
      moves.moved[socket] = nil
      if let privateID = moves.foreignIDs.removeValue(forKey: socket) { moves.takenOver[privateID] = nil }
    }
  }

  // MARK: - Recovery

  /// The socket has the private id that its client was given by another node.
  func takeOver(_ privateID: PrivateID, as socket: SocketID, _ takenOver: TakenOver) {
    self.moves.withLock { moves in
      moves.takenOver[privateID] = (socket, takenOver)
      moves.foreignIDs[socket] = privateID
    }
  }

  /// The socket that may have this private id, and the number of the packet that the offset names; nil if neither can be
  /// of this server.
  func place(of privateID: PrivateID, offset: String) -> (SocketID, UInt64)? {
    let takenOver = self.moves.withLock { $0.takenOver[privateID] }
    if let takenOver, takenOver.from.offset == offset { return (takenOver.socket, takenOver.from.number) }
    // The number is the client's, up to 2⁶⁴ − 1: nothing may be added to it.
    guard let (tag, number) = PacketLog.parts(of: offset), tag == self.logTag, number <= self.lastNumber,
      takenOver != nil || self.isOurs(privateID.socket)
    else { return nil }
    return (takenOver?.socket ?? privateID.socket, number)
  }

  var isKeeping: Bool { self.recoverable.load(ordering: .sequentiallyConsistent) > 0 }

  /// - Returns: The number from which on all broadcasts are kept. Those just before may have been looked at as if there
  ///   were nobody to keep them for.
  @discardableResult
  func countRecoverable(_ difference: Int) -> UInt64 {
    self.recoverable.add(difference, ordering: .sequentiallyConsistent)
    return self.lastNumber
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

  /// Counts what is carried, also if the answer is that it is too much.
  func carry(_ bytes: Int, limit: Int) -> Bool {
    self.carried.add(bytes, ordering: .relaxed).newValue <= limit
  }

  func carryNoMore(_ bytes: Int) {
    self.carried.subtract(bytes, ordering: .relaxed)
  }
}
