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
    let encoded = EncodedEvent(name: name, arguments: arguments)
    let isTaken: Bool
    switch EventStream(name) {
    case nil, .ephemeral(.problem), .ephemeral(.tokenExpiring), .ephemeral(.resync): return false
    case .chatLog(let name): isTaken = received(name, payload, encoded)
    case .chatMark(.messageRead): isTaken = received(Self.read(MessageReadEvent.self, payload), encoded)
    case .ephemeral(.userTyping):
      let event = Self.read(UserTypingEvent.self, payload)
      isTaken = event != nil
      if let event { typing(event) }
    }
    if !isTaken {
      // Of another version, or of nobody who should have sent it; what it told is found when heads are compared.
      logger.warning("An event of another node is not valid", metadata: ["event": "\(name)"])
    }
    return true
  }

  private func received(_ mark: MessageReadEvent?, _ encoded: EncodedEvent) -> Bool {
    guard let mark else { return false }
    goOut(mark, encoded)
    return true
  }

  /// Most durable events are sent on by their position alone; only what changes somebody's membership is read.
  private func received(_ name: ChatLogEvent.Name, _ payload: ByteBuffer, _ encoded: EncodedEvent) -> Bool {
    guard let position = name.position(in: payload) else { return false }
    let kind: StreamEvent.Kind
    var lastSeq = 0
    switch name {
    case .newMessage:
      guard let seq = JSONSkimmer(payload).integer(at: "/seq") else { return false }
      lastSeq = seq
      kind = .message
    case .messageUpdated, .messageDeleted, .chatUpdated, .memberUpdated: kind = .change
    case .chatDeleted: kind = .chatDeleted
    case .chatCreated, .memberAdded, .memberRemoved:
      var violations: [Violation] = []
      guard let event = try? name.decode(payload, violations: &violations), violations.isEmpty else { return false }
      kind = .init(event)
      if case .chatCreated(let chat) = event { lastSeq = chat.lastSeq }
      if case .memberAdded(let added) = event { lastSeq = added.chat.lastSeq }
    }
    accept(StreamEvent.Place(key: .chat(position.key), rev: position.rev, lastSeq: lastSeq, kind: kind)) { encoded }
    return true
  }

  private static func read<Payload: JSONDecodable>(_ type: Payload.Type, _ payload: ByteBuffer) -> Payload? {
    var violations: [Violation] = []
    guard let event = try? type.decode(json: payload, violations: &violations), violations.isEmpty else { return nil }
    return event
  }
}

extension StreamEvent.Kind {
  /// What an event means for who is in the chat's room.
  init(_ event: ChatLogEvent) {
    switch event {
    case .newMessage: self = .message
    case .messageUpdated, .messageDeleted, .chatUpdated, .memberUpdated: self = .change
    case .memberAdded(let added): self = .memberAdded(added.member.user.id)
    case .memberRemoved(let removed): self = .memberRemoved(removed.userID)
    case .chatCreated(let chat): self = .chatCreated((chat.members ?? []).map(\.user.id))
    case .chatDeleted: self = .chatDeleted
    }
  }
}
