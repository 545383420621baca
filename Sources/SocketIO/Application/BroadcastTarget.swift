/// Whom a broadcast is for.
public struct BroadcastTarget: Sendable, Equatable {
  public var namespace: String
  /// The sockets in any of these rooms, each once; if there is none, all sockets of the namespace. A socket's own `sid`
  /// is a room too.
  public var rooms: [String]
  /// Sockets in any of these rooms don't get it.
  public var exceptRooms: [String]
  /// This one doesn't get it.
  public var exceptSocket: SocketID?

  public init(
    namespace: String = "/", rooms: [String], exceptRooms: [String] = [], exceptSocket: SocketID? = nil
  ) {
    self.namespace = namespace
    self.rooms = rooms
    self.exceptRooms = exceptRooms
    self.exceptSocket = exceptSocket
  }

  public static func room(_ room: String, except socket: SocketID? = nil) -> BroadcastTarget {
    BroadcastTarget(rooms: [room], exceptSocket: socket)
  }

  public static func everyone(in namespace: String = "/") -> BroadcastTarget {
    BroadcastTarget(namespace: namespace, rooms: [])
  }
}
