import Generated
import NIOCore
import ProtocolRuntime

// What other nodes tell.
extension ChatStreams {
  /// Takes what another node published.
  ///
  /// A durable event takes the way that this node's own events take: it goes out in the order of rev, after what is
  /// missing before it, and with what it means for the rooms.
  ///
  /// - Parameters:
  ///   - payload: the JSON of the event's argument.
  ///   - arguments: the whole event, as clients get it.
  ///   - typing: takes who types.
  /// - Returns: false for an event that nobody here needs to understand: it may go to the rooms as it is.
  func received(
    _ name: String, payload: ByteBuffer, arguments: ByteBuffer, typing: (UserTypingEvent) -> Void
  ) -> Bool {
    guard let reading = NodeEvent.readings[name] else { return false }
    var violations: [Violation] = []
    guard let event = try? reading(payload, &violations), violations.isEmpty else {
      // Of another version, or of nobody who should have sent it; what it told is found when heads are compared.
      logger.warning("An event of another node is not valid", metadata: ["event": "\(name)"])
      return true
    }
    let encoded = EncodedEvent(name: name, arguments: arguments)
    switch event {
    case .durable(let event):
      accept(chat: event.chatID, rev: event.rev, lastSeq: event.lastSeq, event.kind) { encoded }
    case .typing(let event): typing(event)
    case .mark(let mark):
      marks?.note(mark)
      if hasListeners(mark.chatID) {
        sink.broadcast(encoded, toRoom: Room.chat(mark.chatID), at: EventPosition(mark))
      }
    }
    return true
  }
}

/// An event of another node, as far as this one must understand it.
enum NodeEvent {
  struct Durable {
    let chatID: UUID
    let rev: Int
    var lastSeq = 0
    let kind: StreamEvent.Kind
  }

  case durable(Durable)
  case mark(MessageReadEvent)
  case typing(UserTypingEvent)

  typealias Reading = @Sendable (ByteBuffer, inout [Violation]) throws -> NodeEvent?

  /// How each durable event of a chat is read, the marks, and who types.
  static let readings: [String: Reading] = [
    "new_message": reading(MessageEvent.self) {
      .durable(Durable(chatID: $0.chatID, rev: $0.rev, lastSeq: $0.seq, kind: .message))
    },
    "message_updated": reading(MessageEvent.self) {
      .durable(Durable(chatID: $0.chatID, rev: $0.rev, kind: .change))
    },
    "message_deleted": reading(MessageEvent.self) {
      .durable(Durable(chatID: $0.chatID, rev: $0.rev, kind: .change))
    },
    "chat_created": reading(ChatEvent.self) {
      let users = ($0.members ?? []).map(\.user.id)
      return .durable(Durable(chatID: $0.id, rev: $0.rev, lastSeq: $0.lastSeq, kind: .chatCreated(users)))
    },
    "chat_updated": reading(ChatEvent.self) { .durable(Durable(chatID: $0.id, rev: $0.rev, kind: .change)) },
    "chat_deleted": reading(ChatDeletedEvent.self) {
      .durable(Durable(chatID: $0.chatID, rev: $0.rev, kind: .chatDeleted))
    },
    "member_added": reading(MemberAddedEvent.self) {
      .durable(
        Durable(chatID: $0.chatID, rev: $0.rev, lastSeq: $0.chat.lastSeq, kind: .memberAdded($0.member.user.id)))
    },
    "member_removed": reading(MemberRemovedEvent.self) {
      .durable(Durable(chatID: $0.chatID, rev: $0.rev, kind: .memberRemoved($0.userID)))
    },
    "member_updated": reading(MemberUpdatedEvent.self) {
      .durable(Durable(chatID: $0.chatID, rev: $0.rev, kind: .change))
    },
    "message_read": reading(MessageReadEvent.self) { .mark($0) },
    "user_typing": reading(UserTypingEvent.self) { .typing($0) },
  ]

  private static func reading<Payload: JSONDecodable>(
    _ type: Payload.Type, _ make: @escaping @Sendable (Payload) -> NodeEvent
  ) -> Reading {
    { json, violations in try type.decode(json: json, violations: &violations).map(make) }
  }
}
