import Generated
import ProtocolRuntime

@testable import Handlers

// Calls of the handlers, in the words of the tests.
extension World {
  func add(_ users: [Caller], to chat: ID, by caller: Caller) async throws -> Operations.AddMembers.Output {
    try await service.chats.addMembers(
      .init(path: .init(chatID: chat), body: .init(userIDs: users.map(\.userID))), caller: caller, context: context)
  }

  func rename(_ chat: ID, _ name: String, by caller: Caller) async throws -> Operations.UpdateChat.Output {
    try await service.chats.updateChat(
      .init(path: .init(chatID: chat), body: .init(name: name)), caller: caller, context: context)
  }

  /// The code of the refusal, or nil.
  func remove(_ user: Caller, from chat: ID, by caller: Caller) async throws -> Operations.RemoveMember.Code? {
    let output = try await service.chats.removeMember(
      .init(path: .init(chatID: chat, userID: user.userID)), caller: caller, context: context)
    if case .refused(let refusal) = output { return refusal.code }
    return nil
  }

  func delete(_ chat: ID, by caller: Caller) async throws -> Operations.DeleteChat.Code? {
    let output = try await service.chats.deleteChat(.init(path: .init(chatID: chat)), caller: caller, context: context)
    if case .refused(let refusal) = output { return refusal.code }
    return nil
  }

  func edit(_ message: ID, _ content: String, by caller: Caller) async throws -> Operations.EditMessage.Output {
    try await service.messages.editMessage(
      .init(path: .init(id: message), body: .init(content: content)), caller: caller, context: context)
  }

  func delete(message: ID, by caller: Caller) async throws -> Operations.DeleteMessage.Code? {
    let output = try await service.messages.deleteMessage(
      .init(path: .init(id: message), query: .init()), caller: caller, context: context)
    if case .refused(let refusal) = output { return refusal.code }
    return nil
  }

  func read(_ chat: ID, upTo seq: Int, by caller: Caller) async throws -> Int? {
    let output = try await service.messages.markRead(
      .init(chatID: chat, upToSeq: seq), caller: caller, context: context)
    if case .ok(let result) = output { return result.lastReadSeq }
    return nil
  }

  func message(_ id: ID, _ caller: Caller) async throws -> Message? {
    let output = try await service.messages.getMessage(.init(path: .init(id: id)), caller: caller, context: context)
    if case .ok(let message) = output { return message }
    return nil
  }

  func messages(
    _ chat: ID, _ caller: Caller, limit: Int = 50, cursor: String? = nil, before: Int? = nil, after: Int? = nil
  ) async throws -> MessageList? {
    let input = Operations.ListMessages.Input(
      path: .init(chatID: chat), query: .init(limit: limit, cursor: cursor, beforeSeq: before, afterSeq: after))
    if case .ok(let list) = try await service.messages.listMessages(input, caller: caller, context: context) {
      return list
    }
    return nil
  }

  /// All pages.
  func chats(_ caller: Caller, limit: Int = 50) async throws -> [Chat] {
    var chats: [Chat] = []
    var cursor: String?
    repeat {
      let output = try await service.chats.listChats(
        .init(query: .init(limit: limit, cursor: cursor)), caller: caller, context: context)
      guard case .ok(let page) = output else { throw Unexpected() }
      chats += page.items
      cursor = page.nextCursor
    } while cursor != nil
    return chats
  }
}

extension Operations.AddMembers.Output {
  var members: [ChatMember]? {
    if case .created(let list) = self { list.items } else { nil }
  }
  var code: Operations.AddMembers.Code? {
    if case .refused(let refusal) = self { refusal.code } else { nil }
  }
}

extension Operations.UpdateChat.Output {
  var chat: Chat? {
    if case .ok(let chat) = self { chat } else { nil }
  }
  var code: Operations.UpdateChat.Code? {
    if case .refused(let refusal) = self { refusal.code } else { nil }
  }
}

extension Operations.CreateChat.Output {
  var code: Operations.CreateChat.Code? {
    if case .refused(let refusal) = self { refusal.code } else { nil }
  }
}

extension Operations.EditMessage.Output {
  var message: Message? {
    if case .ok(let message) = self { message } else { nil }
  }
  var code: Operations.EditMessage.Code? {
    if case .refused(let refusal) = self { refusal.code } else { nil }
  }
}

extension Events.TypingStart.Output {
  var isRefused: Bool { if case .refused = self { true } else { false } }
}

extension Events.TypingStop.Output {
  var isRefused: Bool { if case .refused = self { true } else { false } }
}
