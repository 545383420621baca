import ProtocolRuntime

/// The words in which access is refused, by policies and by handlers alike.
enum Refusals {
  static let noChat = "There is no such chat."
  static let noMessage = "There is no such message."
  static let noMember = "The chat has no such member."
  static let notAdmin = "Only an admin of the chat may do this."
  static let notAuthor = "Only its author may edit a message."
  static let notRemover = "Only its author or an admin of the chat may delete a message."
  static let badCursor = "The cursor is none that this list has given."
  static let resync = "What was known before is of no use here. Sync again without a cursor."
  static let fixedMembers = "The members of a direct chat are fixed."
}
