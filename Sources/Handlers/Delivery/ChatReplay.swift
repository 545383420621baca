import Generated
import ProtocolRuntime

/// Tells the changes of a chat again that were read to fill a hole of its stream: what was created within the hole is
/// new, with its latest state, and the rest is updated. Each comes as if nothing were missing before it: who tells it
/// says what it follows.
struct ChatReplay: ChatLogReplay {
  /// Where those stand who are told.
  let order: EventOrder
  let chatID: UUID

  func newMessage(_ change: ChatChanges.Entry) -> ToldMessage? {
    guard case .message(let message) = change.what, order.isNew(seq: message.seq) else { return nil }
    return message.told(after: change.rev - 1)
  }

  func messageUpdated(_ change: ChatChanges.Entry) -> ToldMessage? {
    guard case .message(let message) = change.what, !order.isNew(seq: message.seq), message.deletedAt == nil else {
      return nil
    }
    return message.told(after: change.rev - 1)
  }

  func messageDeleted(_ change: ChatChanges.Entry) -> ToldMessage? {
    guard case .message(let message) = change.what, !order.isNew(seq: message.seq), message.deletedAt != nil else {
      return nil
    }
    return message.told(after: change.rev - 1)
  }

  func chatCreated(_ change: ChatChanges.Entry) -> ToldChat? {
    guard case .chat(let chat) = change.what, change.rev == 1 else { return nil }
    return chat.told(after: 0)
  }

  func chatUpdated(_ change: ChatChanges.Entry) -> ToldChat? {
    guard case .chat(var chat) = change.what, change.rev > 1 else { return nil }
    chat.rev = change.rev
    return chat.told(after: change.rev - 1)
  }

  func chatDeleted(_ change: ChatChanges.Entry) -> ChatDeletedEvent? {
    guard case .chatDeleted = change.what else { return nil }
    return ChatDeletedEvent(chatID: chatID, rev: change.rev, prevRev: change.rev - 1)
  }

  func memberAdded(_ change: ChatChanges.Entry) -> MemberAddedEvent? {
    guard case .member(let member, let joinedRev, let around) = change.what, order.isNew(joinedRev: joinedRev),
      var chat = around
    else { return nil }
    chat.rev = change.rev
    return MemberAddedEvent(chatID: chatID, rev: change.rev, prevRev: change.rev - 1, member: member, chat: chat)
  }

  func memberRemoved(_ change: ChatChanges.Entry) -> MemberRemovedEvent? {
    guard case .memberRemoved(let user, let remover) = change.what else { return nil }
    return MemberRemovedEvent(chatID: chatID, rev: change.rev, prevRev: change.rev - 1, userID: user, by: remover)
  }

  func memberUpdated(_ change: ChatChanges.Entry) -> MemberUpdatedEvent? {
    guard case .member(let member, let joinedRev, _) = change.what, !order.isNew(joinedRev: joinedRev) else {
      return nil
    }
    return MemberUpdatedEvent(chatID: chatID, rev: change.rev, prevRev: change.rev - 1, member: member)
  }
}

extension MessageBase {
  /// As the payload of an event.
  ///
  /// - Parameter prev: the rev that was told before it.
  func told(after prev: Int) -> ToldMessage { ToldMessage(self, prevRev: prev) }
}

extension MessageEvent {
  /// As the payload of an event.
  ///
  /// - Parameter prev: the rev that was told before it.
  func told(after prev: Int) -> ToldMessage { MessageBase(self).told(after: prev) }
}

extension ChatEvent {
  /// As the payload of an event.
  ///
  /// - Parameter prev: the rev that was told before it.
  func told(after prev: Int) -> ToldChat {
    ToldChat(ChatBase(self), prevRev: prev, lastMessage: lastMessage, members: members)
  }
}
