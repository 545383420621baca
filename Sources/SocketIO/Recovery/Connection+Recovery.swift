import Bytes
import Logging
import NIOCore

/// Where the client's state may be, if it asked for it.
func recoverableSocket(_ future: EventLoopFuture<RecoverableSocket?>?) async -> RecoverableSocket? {
  // Only a loop that is shut down already fails it, and such a one has no sockets.
  guard let future else { return nil }
  return (try? await future.get()) ?? nil
}

// A client that lost its connection asks for its state back: CONNECT has the private id that it was given, and the offset
// of the last event that it has. The socket is claimed on the loop where it is, the application decides, and the socket
// moves here, with what the client missed.
//
// Source: docs/socket.io-protocol/v5-current.md; packages/socket.io-adapter, `SessionAwareAdapter.restoreSession`.
extension Connection {
  // MARK: - Before the application decides

  /// - Returns: The claim's result; nil if the client asks for nothing that is there.
  func claim(_ request: ConnectRequest) -> EventLoopFuture<RecoverableSocket?>? {
    guard self.loop.configuration.recovery != nil, let switchboard = self.loop.switchboard,
      let (privateID, offset) = RecoveryQuery(auth: request.auth)?.parts,
      let (socket, number) = switchboard.place(of: privateID, offset: offset)
    else { return nil }
    let promise = self.loop.eventLoop.makePromise(of: RecoverableSocket?.self)
    switchboard.at(socket) { loop in
      loop.claim(socket, privateID, after: number, in: request.namespace).cascade(to: promise)
    }
    return promise.futureResult
  }

  func unclaim(_ request: ConnectRequest) {
    guard let claimed = request.recovery?.socket else { return }
    self.loop.switchboard?.at(claimed) { $0.unclaim(claimed) }
  }

  func endClaimed(_ socket: SocketID) {
    self.loop.switchboard?.at(socket) { $0.endClaimed(socket) }
  }

  // MARK: - After it

  /// - Parameter rooms: Those that it may be in; nil: all that it is in.
  func recover(_ request: ConnectRequest, rooms: Set<String>?) {
    guard let recovery = request.recovery, let new = self.socket(request.socket), self.comeIn(),
      self.session.accept(new.id, as: recovery.socket)
    else { return self.unclaim(request) }
    let claimed = recovery.socket
    let earlyChanges = new.earlyChanges.map(\.change)
    self.sockets.removeAll { $0 === new }
    self.loop.remove(new)
    let connection = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
    let index = self.loop.index
    self.loop.switchboard?.move([claimed], to: index) { old in
      let luggage = old.packClaimed(claimed)
      let missed = Missed(after: recovery.after, through: old.processed, rooms: rooms)
      old.switchboard?.at(index) { _ in connection.value.arrived(luggage, as: claimed, missed, earlyChanges) }
    }
  }

  /// What of the log a client is to get.
  private struct Missed {
    let after: UInt64
    let through: UInt64
    let rooms: Set<String>?
  }

  private func arrived(
    _ luggage: SocketLuggage?, as id: SocketID, _ missed: Missed, _ earlyChanges: [RoomChange]
  ) {
    defer { self.loop.expectNoMore([id]) }
    guard let luggage,
      let socket = self.loop.unpack(
        luggage, connection: self, isWelcome: { missed.rooms?.contains($0) ?? true })
    else {
      // It has ended meanwhile. The client comes again, and begins anew.
      return self.cut()
    }
    self.sockets.append(socket)
    guard self.phase == .open, let slot = self.slot else {
      self.loop.catchUp(socket)
      return self.end(socket, .transportClose)
    }
    guard let packets = self.read(missed, of: socket) else {
      self.end(socket, .serverNamespaceDisconnect)
      return self.cut()
    }
    self.loop.cancel(.connect, slot)
    self.connected(socket)
    for frames in packets { self.answer(frames) }
    self.loop.catchUp(socket)
    for change in earlyChanges { socket.change(change, loop: self.loop) }
    self.enqueue(.recovered(socket.id, socket.application))
  }

  /// - Returns: nil if it is no longer whole, or more than may wait for a client.
  private func read(_ missed: Missed, of socket: Socket) -> [ByteBuffer]? {
    let pastStays = socket.pastStays.filter { missed.rooms?.contains($0.room) ?? true }
    let question = socket.question(after: missed.after, through: missed.through, pastStays: pastStays)
    guard let packets = self.loop.log?.missed(question),
      packets.reduce(0, { $0 + $1.readableBytes }) <= self.loop.configuration.sendQueueBytes
    else { return nil }
    return packets
  }
}

/// What the `auth` of a client says that wants its state back: `pid`, the private id that it was given, and `offset`.
struct RecoveryQuery {
  let pid: String
  let offset: String

  /// Cuts a well-formed JSON object. Of names that come twice, the last counts, as with the reference.
  init?(auth: ByteBuffer) {
    guard auth.readableBytes > 0 else { return nil }
    let bytes = auth.readableBytesUInt8Span
    var scan = JSONScan()
    scan.whitespace(bytes)
    guard scan.take(UInt8(ascii: "{"), bytes) else { return nil }
    var pid: String?
    var offset: String?
    repeat {
      scan.whitespace(bytes)
      guard let name = scan.string(bytes) else { break }
      scan.whitespace(bytes)
      guard scan.take(UInt8(ascii: ":"), bytes), let value = scan.value(bytes) else { return nil }
      let text = bytes[value.lowerBound] == UInt8(ascii: "\"") ? JSONString.decode(bytes, value) : nil
      switch JSONString.decode(bytes, name) {
      case "pid": pid = text
      case "offset": offset = text
      default: break
      }
      scan.whitespace(bytes)
    } while scan.take(UInt8(ascii: ","), bytes)
    guard let pid, let offset else { return nil }
    self.pid = pid
    self.offset = offset
  }

  var parts: (PrivateID, String)? { PrivateID(self.pid).map { ($0, self.offset) } }
}
