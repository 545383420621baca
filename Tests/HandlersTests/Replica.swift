import Generated
import ProtocolRuntime
import Testing

@testable import Handlers

/// A client's copy of its user's chats, kept by sync, changes and events alone.
struct Replica {
  struct Copy: Equatable {
    var rev = 0
    var name: String?
    var messages: [ID: MessageEvent] = [:]
    var members: [ID: Member] = [:]
  }

  struct Member: Equatable {
    var role: MemberRole
    var displayName: String
    var read = 0
    var delivered = 0
  }

  let caller: Caller
  var chats: [ID: Copy] = [:]
  /// Chats of which the past must be fetched.
  var unread: Set<ID> = []
  var cursor: String?
  var connection: ConnectionID?
  private var consumed = 0
  /// The last rev that the connection got of each chat.
  private var heads: [ID: Int] = [:]

  init(caller: Caller) {
    self.caller = caller
  }

  // MARK: Coming and going

  mutating func connect(_ world: World) async throws {
    connection = try await world.connect(caller)
    consumed = 0
    heads = [:]
    try await catchUp(world)
  }

  mutating func disconnect(_ world: World) throws {
    guard let connection else { return }
    // What has arrived is applied; what would have come is lost.
    try drain(world)
    world.disconnect(connection)
    self.connection = nil
  }

  mutating func catchUp(_ world: World) async throws {
    while true {
      let page = try await world.sync(caller, cursor)
      cursor = page.nextCursor
      for id in page.removedChatIDs { chats[id] = nil }
      for item in page.chats {
        let id = item.chat.id
        if chats[id]?.rev ?? 0 < item.chat.rev { try await fetch(id, world) }
        for mark in item.marks { raise(id, mark.userID, read: mark.lastReadSeq, delivered: mark.lastDeliveredSeq) }
      }
      for user in page.users {
        for id in chats.keys where chats[id]?.members[user.id] != nil {
          chats[id]?.members[user.id]?.displayName = user.displayName
        }
      }
      if !page.hasMore { break }
    }
    for id in unread where chats[id] != nil { try await fetch(id, world) }
  }

  /// Where the copy is not what the database has.
  func differences(from truth: [ID: Copy]) -> [String] {
    Set(chats.keys).union(truth.keys).flatMap { id -> [String] in
      guard let mine = chats[id] else { return ["\(id) is missing"] }
      guard let other = truth[id] else { return ["\(id) is too much"] }
      var found: [String] = []
      if mine.rev != other.rev { found.append("\(id) rev \(mine.rev) is \(other.rev)") }
      if mine.name != other.name { found.append("\(id) name \(mine.name ?? "") is \(other.name ?? "")") }
      for message in Set(mine.messages.keys).union(other.messages.keys)
      where mine.messages[message] != other.messages[message] {
        found.append("\(id) \(mine.messages[message] as Any) is \(other.messages[message] as Any)")
      }
      for member in Set(mine.members.keys).union(other.members.keys)
      where mine.members[member] != other.members[member] {
        found.append("\(id) \(member) \(mine.members[member] as Any) is \(other.members[member] as Any)")
      }
      // What a copy has beside these.
      if found.isEmpty, mine != other { found.append("\(id) \(mine) is \(other)") }
      return found
    }
  }

  /// Fetches what changed in a chat behind the copy's rev.
  mutating func fetch(_ id: ID, _ world: World) async throws {
    let known = unread.contains(id) ? 0 : chats[id]?.rev ?? 0
    var rev = known
    while let page = try await world.changes(id, after: rev, caller, limit: .random(in: 1...30)) {
      for change in page.changes {
        switch change {
        case .message(let change): put(change.message)
        case .chat(let change): chats[id, default: Copy()].name = change.chat.name
        case .member(let change):
          if let member = change.member { put(member, in: id) } else { chats[id]?.members[change.userID] = nil }
        }
      }
      rev = page.upToRev
      chats[id, default: Copy()].rev = max(chats[id]?.rev ?? 0, rev)
      unread.remove(id)
      if !page.hasMore { return }
    }
    // Refused: its user is no member any more. What was read of it before has holes that nobody fills, and the events that
    // are still to come before the removal come behind them; who is added again begins anew.
    chats[id] = nil
    unread.remove(id)
  }

  // MARK: Events

  /// Applies what the connection has received.
  mutating func drain(_ world: World) throws {
    guard let connection else { return }
    let events = world.sink.received(connection)
    for event in events.dropFirst(consumed) { try apply(event) }
    consumed = events.count
  }

  private mutating func apply(_ event: EncodedEvent) throws {
    switch event.name {
    case "new_message", "message_updated", "message_deleted":
      let message = try #require(try event.payload(ToldMessage.self))
      advance(message.chatID, message.rev, behind: message.prevRev) { $0.put(message.message) }
    case "message_read":
      let mark = try #require(try event.payload(MessageReadEvent.self))
      raise(mark.chatID, mark.userID, read: mark.upToSeq, delivered: mark.upToSeq)
    case "chat_created":
      let chat = try #require(try event.payload(ToldChat.self))
      adopt(chat.chat, rev: chat.rev)
    case "chat_updated":
      let chat = try #require(try event.payload(ToldChat.self))
      advance(chat.id, chat.rev, behind: chat.prevRev) { $0.chats[chat.id]?.name = chat.name }
    case "chat_deleted":
      let deletion = try #require(try event.payload(ChatDeletedEvent.self))
      advance(deletion.chatID, deletion.rev, behind: deletion.prevRev) { $0.chats[deletion.chatID] = nil }
    case "member_added":
      let added = try #require(try event.payload(MemberAddedEvent.self))
      if added.member.user.id == caller.userID { adopt(added.chat, rev: added.rev) }
      advance(added.chatID, added.rev, behind: added.prevRev) { $0.put(added.member, in: added.chatID) }
    case "member_removed":
      let removed = try #require(try event.payload(MemberRemovedEvent.self))
      let isOwn = removed.userID == caller.userID
      advance(removed.chatID, removed.rev, behind: removed.prevRev) {
        if isOwn { $0.chats[removed.chatID] = nil } else { $0.chats[removed.chatID]?.members[removed.userID] = nil }
      }
    case "member_updated":
      let updated = try #require(try event.payload(MemberUpdatedEvent.self))
      advance(updated.chatID, updated.rev, behind: updated.prevRev) { $0.put(updated.member, in: updated.chatID) }
    default: Issue.record("an event \(event.name)")
    }
  }

  private mutating func adopt(_ chat: ChatEvent, rev: Int) {
    guard chats[chat.id] == nil else { return }
    chats[chat.id] = Copy(rev: rev - 1, name: chat.name)
    for member in chat.members ?? [] { put(member, in: chat.id) }
    if rev > 1 { unread.insert(chat.id) }
    if rev == 1 { chats[chat.id]?.rev = 1 }
  }

  /// Takes an event in its place. The order is checked on each connection by itself.
  private mutating func advance(_ id: ID, _ rev: Int, behind prev: Int, _ change: (inout Replica) -> Void) {
    #expect(rev > heads[id] ?? 0, "rev \(rev) came after \(heads[id] ?? 0)")
    heads[id] = rev
    guard let copy = chats[id], rev > copy.rev else { return }
    #expect(prev <= copy.rev, "rev \(rev) comes behind \(prev), and \(copy.rev) is known")
    chats[id]?.rev = rev
    change(&self)
  }

  // MARK: The copy

  private mutating func put(_ message: MessageEvent) {
    if let old = chats[message.chatID]?.messages[message.id], old.rev > message.rev { return }
    chats[message.chatID, default: Copy()].messages[message.id] = message
  }

  private mutating func put(_ member: ChatMember, in id: ID) {
    let old = chats[id]?.members[member.user.id]
    chats[id, default: Copy()].members[member.user.id] = Member(
      role: member.role, displayName: member.user.displayName, read: max(old?.read ?? 0, member.lastReadSeq),
      delivered: max(old?.delivered ?? 0, member.lastDeliveredSeq))
  }

  private mutating func raise(_ id: ID, _ user: ID, read: Int, delivered: Int) {
    guard let old = chats[id]?.members[user] else { return }
    chats[id]?.members[user]?.read = max(old.read, read)
    chats[id]?.members[user]?.delivered = max(old.delivered, delivered)
  }

  // MARK: Comparing

  /// What the database has for this user.
  static func truth(of caller: Caller, _ world: World) async throws -> [ID: Copy] {
    var truth: [ID: Copy] = [:]
    for chat in try await world.chats(caller) {
      guard let detail = try await world.detail(chat.id, caller) else { throw Unexpected() }
      var copy = Copy(rev: detail.rev, name: detail.name)
      for member in detail.members {
        copy.members[member.user.id] = Member(
          role: member.role, displayName: member.user.displayName, read: member.lastReadSeq,
          delivered: member.lastDeliveredSeq)
      }
      var cursor: String?
      repeat {
        let page = try #require(try await world.messages(chat.id, caller, limit: 100, cursor: cursor))
        for message in page.items {
          copy.messages[message.id] = MessageEvent(
            id: message.id, chatID: message.chatID, seq: message.seq, rev: message.rev, senderID: message.senderID,
            type: message.type, content: message.content, system: message.system, clientID: message.clientID,
            editedAt: message.editedAt, deletedAt: message.deletedAt, createdAt: message.createdAt)
        }
        cursor = page.nextCursor
      } while cursor != nil
      truth[chat.id] = copy
    }
    return truth
  }
}
