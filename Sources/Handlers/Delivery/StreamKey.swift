import Generated
import ProtocolRuntime

/// What has an order of its own: a chat, or what is a user's own.
public enum StreamKey: Hashable, Sendable {
  /// Counted by `rev`; its members get it.
  case chat(UUID)
  /// Counted by `user_rev`; the connections of that user get it.
  case user(UUID)

  var id: UUID {
    switch self {
    case .chat(let id), .user(let id): id
    }
  }

  /// The room of those who get it.
  public var room: String {
    switch self {
    case .chat(let id): Room.chat(id)
    case .user(let id): Room.user(id)
    }
  }

  /// Reads ``room``; nil for a room that is of no stream.
  init?(room: Substring) {
    guard let colon = room.firstIndex(of: ":"), let id = UUID(String(room[room.index(after: colon)...])) else {
      return nil
    }
    switch room[..<colon] {
    case "chat": self = .chat(id)
    case "user": self = .user(id)
    default: return nil
    }
  }
}

/// An event's place among those of its room, by which a node knows what another has sent.
public enum EventPosition: Sendable, Equatable {
  /// In the order of a stream's durable events.
  case rev(Int, of: StreamKey)
  /// A member has read a chat up to this seq.
  case mark(Int, of: UUID, in: UUID)

  init(_ mark: MessageReadEvent) { self = .mark(mark.upToSeq, of: mark.userID, in: mark.chatID) }

  /// Who gets it.
  public var room: String {
    switch self {
    case .rev(_, let key): key.room
    case .mark(_, _, let chat): Room.chat(chat)
    }
  }

  /// What counts, and how far: for each of its kind it only rises.
  public var count: (stream: String, number: Int) {
    switch self {
    case .rev(let rev, let key): (key.room, rev)
    case .mark(let seq, let user, let chat): ("\(Room.chat(chat)) \(user)", seq)
    }
  }
}

/// The names of rooms.
enum Room {
  /// The durable events of a chat, and read marks.
  static func chat(_ id: UUID) -> String { "chat:\(id)" }
  /// The fleeting events of a chat: for connections that look at it.
  static func open(_ id: UUID) -> String { "open:\(id)" }
  /// All connections of a user.
  static func user(_ id: UUID) -> String { "user:\(id)" }
}
