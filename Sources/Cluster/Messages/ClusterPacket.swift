import NIOCore

/// A Socket.IO packet on its way to the clients of all nodes.
public struct ClusterPacket: Sendable, Hashable {
  /// The packet's type as the adapters put it: 2 (EVENT), also when it has attachments; whoever encodes it for the
  /// clients makes it a BINARY_EVENT.
  public var type: Int
  /// Nil where the sender left it out; then it is that of the message, or `/` if that has none either.
  public var namespace: String?
  /// The event's name and arguments: a JSON array.
  public var arguments: ClusterValue
  /// The acknowledgement's number, if the sender gave one.
  public var id: Int?

  public init(type: Int = 2, namespace: String? = nil, arguments: ClusterValue, id: Int? = nil) {
    self.type = type
    self.namespace = namespace
    self.arguments = arguments
    self.id = id
  }
}

/// Whom a message is for, and how it is to be sent.
public struct BroadcastOptions: Sendable, Hashable {
  /// The rooms, in order and without doubles; empty for everyone in the namespace. A socket's id is a room as well.
  public var rooms: [String]
  /// Who is in one of these gets nothing.
  public var except: [String]
  /// May be dropped for who cannot take it at once.
  public var isVolatile = false
  /// Whether to compress; nil leaves it to the node.
  public var compress: Bool?
  /// How long acknowledgements are waited for, in milliseconds.
  public var timeout: Int?
  /// The sender wants one acknowledgement only, and not a list.
  public var expectsSingleResponse = false
  /// The broadcast's place in an order that all nodes share. Not of the original's format, whose nodes pass it over.
  public var position: BroadcastPosition?

  public init(rooms: [String] = [], except: [String] = []) {
    self.rooms = rooms
    self.except = except
  }
}

/// A place in an order: what counts, and the number there.
public struct BroadcastPosition: Sendable, Hashable {
  public var stream: String
  public var number: UInt64

  public init(stream: String, number: UInt64) {
    self.stream = stream
    self.number = number
  }
}

/// A client of another node, as it describes it.
public struct RemoteSocket: Sendable, Hashable {
  public var id: String
  public var rooms: [String]
  /// What the client said in its handshake: a JSON object.
  public var handshake: ClusterValue
  /// What the application attached to it.
  public var data: ClusterValue

  public init(id: String, rooms: [String], handshake: ClusterValue, data: ClusterValue) {
    self.id = id
    self.rooms = rooms
    self.handshake = handshake
    self.data = data
  }
}
