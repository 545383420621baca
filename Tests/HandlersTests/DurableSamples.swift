import Foundation
import Generated
import GeneratedDocuments
import NIOCore
import ProtocolRuntime
import Testing

@testable import Handlers

/// One of each durable event of a chat, made of the spec's own examples, for a chat and a rev.
enum DurableSamples {
  private static let examples: [String: [String: any Sendable]] = {
    guard case .bytes(let bytes) = specDocuments().eventsJSON.body else { preconditionFailure("it is in memory") }
    let document = Data(bytes.readableBytesView)
    guard let root = try? JSONSerialization.jsonObject(with: document) as? [String: Any],
      let channels = root["channels"] as? [String: Any], let channel = channels["root"] as? [String: Any],
      let messages = channel["messages"] as? [String: [String: Any]]
    else { return [:] }
    var examples: [String: [String: any Sendable]] = [:]
    for message in messages.values {
      guard let name = message["name"] as? String, let all = message["examples"] as? [[String: Any]],
        let payload = all.first?["payload"] as? [String: any Sendable]
      else { continue }
      examples[name] = payload
    }
    return examples
  }()

  /// The event's example, moved to a place in the order of a chat.
  static func event(_ name: ChatLogEvent.Name, of chat: ID, rev: Int) throws -> ChatLogEvent {
    var payload = try #require(examples[name.rawValue], "\(name) has an example")
    payload["rev"] = rev
    payload["prev_rev"] = rev - 1
    if payload["chat_id"] != nil { payload["chat_id"] = chat.description } else { payload["id"] = chat.description }
    // A new message is one of which nobody here has heard; what is edited or deleted is the first one.
    if payload["seq"] != nil { payload["seq"] = name == .newMessage ? rev : 1 }
    if var around = payload["chat"] as? [String: any Sendable] {
      around["id"] = chat.description
      around["rev"] = rev
      payload["chat"] = around
    }
    var violations: [Violation] = []
    let json = ByteBuffer(data: try JSONSerialization.data(withJSONObject: payload))
    let event = try name.decode(json, violations: &violations)
    #expect(violations.isEmpty)
    return try #require(event)
  }

  /// The event as PostgreSQL would tell of it later: the other way round of `ChatReplay`.
  static func change(_ event: ChatLogEvent) throws -> ChatChanges.Entry {
    let what: ChatChanges.What
    switch event {
    case .newMessage(let message), .messageUpdated(let message), .messageDeleted(let message):
      what = .message(message.message)
    case .chatCreated(let chat), .chatUpdated(let chat): what = .chat(chat.chat)
    case .chatDeleted: what = .chatDeleted
    case .memberAdded(let added): what = .member(added.member, joinedRev: added.rev, chat: added.chat)
    case .memberRemoved(let removed): what = .memberRemoved(removed.userID, by: removed.by)
    case .memberUpdated(let updated): what = .member(updated.member, joinedRev: 1, chat: nil)
    }
    return ChatChanges.Entry(rev: event.position.rev, what: what)
  }
}

extension ToldMessage {
  /// Without its event's place.
  var message: MessageEvent {
    MessageEvent(
      id: id, chatID: chatID, seq: seq, rev: rev, senderID: senderID, type: type, content: content, system: system,
      clientID: clientID, editedAt: editedAt, deletedAt: deletedAt, createdAt: createdAt)
  }
}

extension ToldChat {
  /// Without its event's place.
  var chat: ChatEvent {
    ChatEvent(
      id: id, type: type, name: name, createdBy: createdBy, createdAt: createdAt, updatedAt: updatedAt,
      memberCount: memberCount, lastSeq: lastSeq, rev: rev, lastMessage: lastMessage, members: members)
  }
}

extension ByteBuffer {
  init(data: Data) { self.init(bytes: data) }
}
