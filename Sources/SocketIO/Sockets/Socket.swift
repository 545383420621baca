import Bytes
import NIOCore

/// One client in one namespace: connecting, connected, or suspended while its client has no connection. It belongs to a
/// loop, and is not Sendable.
final class Socket {
  enum Phase {
    /// The application decides.
    case connecting
    case connected
    case suspended(DisconnectReason)
    case ended
  }

  let id: SocketID
  /// Makes ``sid`` something that can't be guessed.
  let nonce: UInt64
  let namespace: LoopNamespace
  let application: any SocketIOApplication
  /// Its place on the loop.
  let slot: UInt32
  var phase = Phase.connecting
  /// nil while suspended.
  var connection: Connection?
  /// What the client needs to have its state back; nil if it can't.
  var privateID: PrivateID?
  /// The rooms that a socket has left whose client may have its state back, the oldest first.
  var pastStays: [RoomStay] = []
  /// The number of ``PacketLog`` from which on its client may have its state back.
  var keptFrom: UInt64 = 0
  /// A client is asking for its state back.
  var isClaimed = false
  /// What the application called for before it was connected, each with the number of the last kept packet then.
  var earlyChanges: [(change: RoomChange, processed: UInt64)] = []
  /// What the client knows from the node that had its socket before.
  var takenOver: TakenOver?
  /// What it had missed there.
  var carried: CarriedPackets?
  /// Requests to the client, if there ever was one.
  var requests: RequestBook?
  /// The connection that the socket has lost, while it still works off what had come over it.
  var finishing: Connection?

  init(
    id: SocketID, nonce: UInt64, namespace: LoopNamespace, application: any SocketIOApplication, slot: UInt32,
    connection: Connection?
  ) {
    self.id = id
    self.nonce = nonce
    self.namespace = namespace
    self.application = application
    self.slot = slot
    self.connection = connection
  }

  var isConnected: Bool {
    if case .connected = self.phase { true } else { false }
  }

  /// What clients see: 22 characters of base64url.
  var sid: String { self.takenOver?.sid ?? Self.sid(self.id, nonce: self.nonce) }

  static func sid(_ id: SocketID, nonce: UInt64) -> String { Base64URL.encode(words: [id.rawValue, nonce]) }

  /// Sends what belongs to a broadcast, or to an event for this socket. A suspended one finds it in the log later.
  func deliver(_ packet: OutgoingPacket) {
    guard let connection = self.connection, self.isConnected, self.takenOver?.known.has(packet.position) != true else {
      return
    }
    connection.deliver(
      self.privateID == nil ? packet.plain : packet.numbered ?? packet.plain, volatile: packet.isVolatile)
  }

  func change(_ change: RoomChange, loop: ConnectionLoop) {
    switch (self.phase, change) {
    case (.connecting, _): self.earlyChanges.append((change, loop.processed))
    case (.ended, _): break
    case (_, .join(let room)):
      self.namespace.rooms.join(self.slot, room, at: self.privateID == nil ? 0 : loop.processed)
    case (_, .leave(let room)):
      self.remember(leaving: { $0 == room }, loop)
      self.namespace.rooms.leave(self.slot, room)
    case (_, .leaveAll):
      self.remember(leaving: { _ in true }, loop)
      self.namespace.rooms.leaveAll(self.slot)
    }
  }

  /// What was sent to a room before the socket left it still belongs to what its client may have missed.
  private func remember(leaving isLeft: (String) -> Bool, _ loop: ConnectionLoop) {
    guard self.privateID != nil else { return }
    for stay in self.namespace.rooms.rooms(of: self.slot) where isLeft(stay.name) {
      self.pastStays.append(RoomStay(room: stay.name, joinedAt: stay.joinedAt, leftAt: loop.processed))
    }
    let excess = self.pastStays.count - Self.maxPastStays
    if excess > 0 { self.pastStays.removeFirst(excess) }
  }

  /// How many rooms that it has left a socket remembers. Of those before, a client that was away gets nothing.
  private static let maxPastStays = 32
}

/// A socket's time in a room, in numbers of ``PacketLog``: what came after the first, up to the last.
struct RoomStay: Sendable {
  let room: String
  let joinedAt: UInt64
  var leftAt = UInt64.max
}

enum RoomChange: Sendable {
  case join(String), leave(String), leaveAll
}

/// An event on its way to sockets: encoded once, its bytes shared by all.
struct OutgoingPacket: Sendable {
  let plain: ByteBuffer
  /// With an offset, for sockets that can have their state back.
  var numbered: ByteBuffer?
  var isVolatile = false
  var position: StreamPosition?
}

/// The sockets of a namespace on one loop.
final class LoopNamespace {
  let name: String
  var rooms = LoopRooms()
  /// Connecting and suspended ones too. Without any, the loop forgets the namespace.
  var socketCount = 0

  init(name: String) {
    self.name = name
  }
}

/// What a socket takes along when it moves to another loop.
struct SocketLuggage: Sendable {
  let id: SocketID
  let nonce: UInt64
  let namespace: String
  let application: any SocketIOApplication
  let privateID: PrivateID?
  let keptFrom: UInt64
  let takenOver: TakenOver?
  let carried: CarriedPackets?
  let rooms: [(name: String, joinedAt: UInt64)]
  let pastStays: [RoomStay]
  let requests: [RequestBook.Pending]
  let nextRequest: UInt64
  /// nil where nobody counts rooms.
  let hold: RoomHold?
}
