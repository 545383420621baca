import Generated
import ProtocolRuntime

/// Tells the changes of a chat again that were read to fill a hole of its stream: what was created within the hole is
/// new, with its latest state, and the rest is updated.
struct ChatReplay: ChatLogReplay {
  /// Where the stream stands.
  let stream: ChatStream
  let chatID: UUID

  func newMessage(_ change: ChatChanges.Entry) -> MessageEvent? {
    guard case .message(let message) = change.what, stream.isNew(seq: message.seq) else { return nil }
    return message
  }

  func messageUpdated(_ change: ChatChanges.Entry) -> MessageEvent? {
    guard case .message(let message) = change.what, !stream.isNew(seq: message.seq), message.deletedAt == nil else {
      return nil
    }
    return message
  }

  func messageDeleted(_ change: ChatChanges.Entry) -> MessageEvent? {
    guard case .message(let message) = change.what, !stream.isNew(seq: message.seq), message.deletedAt != nil else {
      return nil
    }
    return message
  }

  func chatCreated(_ change: ChatChanges.Entry) -> ChatEvent? {
    guard case .chat(let chat) = change.what, change.rev == 1 else { return nil }
    return chat
  }

  func chatUpdated(_ change: ChatChanges.Entry) -> ChatEvent? {
    guard case .chat(var chat) = change.what, change.rev > 1 else { return nil }
    chat.rev = change.rev
    return chat
  }

  func chatDeleted(_ change: ChatChanges.Entry) -> ChatDeletedEvent? {
    guard case .chatDeleted = change.what else { return nil }
    return ChatDeletedEvent(chatID: chatID, rev: change.rev)
  }

  func memberAdded(_ change: ChatChanges.Entry) -> MemberAddedEvent? {
    guard case .member(let member, let joinedRev, let around) = change.what, stream.isNew(joinedRev: joinedRev),
      var chat = around
    else { return nil }
    chat.rev = change.rev
    return MemberAddedEvent(chatID: chatID, rev: change.rev, member: member, chat: chat)
  }

  func memberRemoved(_ change: ChatChanges.Entry) -> MemberRemovedEvent? {
    guard case .memberRemoved(let user, let remover) = change.what else { return nil }
    return MemberRemovedEvent(chatID: chatID, rev: change.rev, userID: user, by: remover)
  }

  func memberUpdated(_ change: ChatChanges.Entry) -> MemberUpdatedEvent? {
    guard case .member(let member, let joinedRev, _) = change.what, !stream.isNew(joinedRev: joinedRev) else {
      return nil
    }
    return MemberUpdatedEvent(chatID: chatID, rev: change.rev, member: member)
  }
}
