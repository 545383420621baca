import NIOCore
import Synchronization

/// The socket that a client had on another node before it lost its connection: to be taken over from there.
///
/// What is told to the client has no hole and nothing twice, wherever the nodes are with their broadcasts:
/// - What the other node has not told its client before it answers, it gives along with the answer, and with how far it
///   was in each stream (``StreamPosition``).
/// - What this node carries out after it has asked, is kept. When the client is accepted it gets of that, in its rooms,
///   what the other node did not know of; so also of what this node carries out late.
/// - What this node has carried out before it asked, the other knows: Redis's order is the same for both. An application
///   that carries things out in an order of its own has to see to that by itself.
public final class Handover: Sendable {
  /// What the client had.
  public struct Contents: Sendable, Equatable {
    public var rooms: [String]
    /// What the application of the other node said of it: ``SocketIOApplication/handOver(_:)``.
    public var state: ByteBuffer
  }

  struct Taken: Sendable {
    let socket: HandedOverSocket
    let privateID: PrivateID
    /// That the client came with.
    let offset: String
    /// The last packet that was kept here before the other node was asked.
    let number: UInt64
  }

  /// How many packets a client may have missed.
  static let maxPackets = 1 << 16

  private let claim: HandoverClaim
  private let privateID: PrivateID
  private let registry: ServerRegistry
  private let switchboard: Switchboard
  private let result = Mutex<Taken?>(nil)
  private let isTaken = Atomic(false)

  init(_ claim: HandoverClaim, _ privateID: PrivateID, registry: ServerRegistry, switchboard: Switchboard) {
    self.claim = claim
    self.privateID = privateID
    self.registry = registry
    self.switchboard = switchboard
  }

  deinit {
    if self.isTaken.load(ordering: .relaxed) { self.switchboard.countRecoverable(-1) }
  }

  var taken: Taken? { self.result.withLock { $0 } }

  /// Takes the socket from the other node, where it ends. To be called once, after the client is authenticated, and
  /// after the application has put it into the rooms that it must not miss anything of from its own point of view.
  ///
  /// - Returns: nil if there is no such node, or it has nothing that the client's private id and offset fit, or has not
  ///   answered in time: then the client begins anew.
  public func take() async -> Contents? {
    guard !self.isTaken.exchange(true, ordering: .relaxed) else { return nil }
    // From now on packets are kept here, whether there is another client who needs them or not.
    self.switchboard.countRecoverable(1)
    // What is kept here of this node's own broadcasts, the other has to be told before it is asked.
    var number: UInt64 = 0
    self.registry.ownBroadcasts.whileNone { number = self.switchboard.lastNumber }
    guard let socket = await self.registry.clusterAdapter?.handOver(self.claim) else { return nil }
    self.result.withLock { [number] in
      $0 = Taken(socket: socket, privateID: self.privateID, offset: self.claim.offset, number: number)
    }
    return Contents(rooms: socket.rooms, state: socket.state)
  }
}

/// The question for a socket of another node.
public struct HandoverClaim: Sendable, Hashable {
  /// The other node's ``LocalSockets/recoveryName``.
  public var node: String
  public var namespace: String
  /// What the client says in its `auth`. Secret: who knows it can have the socket.
  public var privateID: String
  public var offset: String

  public init(node: String, namespace: String, privateID: String, offset: String) {
    self.node = node
    self.namespace = namespace
    self.privateID = privateID
    self.offset = offset
  }
}

/// The answer to a ``HandoverClaim``.
public struct HandedOverSocket: Sendable, Equatable {
  /// What its client knows as its name, and keeps.
  public var sid: String
  /// The rooms that it was in.
  public var rooms: [String]
  /// What its client has not got, in order.
  public var missed: [MissedPacket]
  /// What its client knows with that.
  public var known: KnownPositions
  /// The application's.
  public var state: ByteBuffer

  public init(sid: String, rooms: [String], missed: [MissedPacket], known: KnownPositions, state: ByteBuffer) {
    self.sid = sid
    self.rooms = rooms
    self.missed = missed
    self.known = known
    self.state = state
  }
}

/// A packet that a client has not got.
public struct MissedPacket: Sendable, Equatable {
  /// Those that it was sent to; none: all, or this client alone.
  public var rooms: [String]
  /// The event, the name first.
  public var arguments: Arguments
  /// What it is about: see ``SocketIOServer/Recovery/restate``.
  public var subject: String?

  public init(rooms: [String], arguments: Arguments, subject: String? = nil) {
    self.rooms = rooms
    self.arguments = arguments
    self.subject = subject
  }

  var bytes: Int { self.arguments.bytes }
}

/// What a socket that came from another node goes on with.
final class TakenOver: Sendable {
  /// For so long, a node may be behind another with a broadcast.
  static let lag = TimeAmount.seconds(20)

  let sid: String
  /// What its client knows from there.
  let known: KnownPositions
  /// The offset that its client came with, and the last packet that was kept here then. It can't go back beyond.
  let offset: String
  let number: UInt64

  init(sid: String, known: KnownPositions, offset: String, number: UInt64) {
    self.sid = sid
    self.known = known
    self.offset = offset
    self.number = number
  }
}
