import Postgres

/// The statements of the server, each once. What has no name here is no `ServerQuery`, and cannot be executed; the test
/// of their costs goes through all of them.
enum StatementName: String, CaseIterable {
  case accessChat, accessMessage
  case accountsRegister, accountsTaken, accountsByEmail, accountsByUsername, accountsByID
  case accountsUpdateProfile, accountsRenewHash
  case sessionsOpen, sessionsRefresh, sessionsRevoke, sessionsRecentlyRevoked, sessionsRevokedSince, sessionsLost
  case chatsPage, chatOne, chatDetail, createChat, createdChat, createdChatDetail, lockChat, renameChat, deleteChat
  case addMembers, removeMember
  case deliveryMemberships, deliveryMembershipsIn, deliveryRevs, deliverySnapshot, deliveryNewMemberships
  case deliveryEndedMemberships, deliveryReadMarks
  case historyLock, historyWrite, historyPrune, historyCurrent, historyCheck
  case historyLastChange, historyTellChange
  case historyIsForeign, historyForget, historyRenumberUsers, historyRenumberSessions
  case historyRenumberChats
  case messagesPage, messagesPageAscending, messageOne, lockChatOfMessage, editMessage, deleteMessage
  case markRead, markMessageRead
  case lockChats, storeMessages
  case changes, syncChats, syncChatsSince, syncUsers, syncUsersSince
  case systemMark
  case usersSearch
}

/// A statement of the server with its parameters and its rows.
protocol ServerQuery<Output>: Query {
  static var text: Statement { get }

  /// How many rows the statement touches at most, in tables and in indexes, for a caller who has so much: a bound without
  /// which there is no statement. `PlanTests` counts them, whatever plan the statement has.
  func mostRows(for caller: CallerExtent) -> Int
}

extension ServerQuery {
  var statement: Statement { Self.text }
}

/// A statement of the server whose rows say nothing.
protocol ServerCommand: ServerQuery, Command {}

extension Statement {
  init(_ name: StatementName, _ text: String) { self.init(name: name.rawValue, text: text) }
}
