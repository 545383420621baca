/// What the cost of a statement may grow with: what its caller has and asks for, never the size of the server.
struct CallerExtent: Sendable {
  /// Memberships that the caller has or had.
  var chats: Int
  /// Those of them in whose chats something last happened on the same day, the day that has most.
  var chatsInDay: Int
  /// Those of them that lists leave out: ended, hidden, or of a deleted chat.
  var unlisted: Int
  /// The rows of `chat_members` in all of these chats: members, and those that have left.
  var members: Int
  /// The same in the largest of them.
  var membersInChat: Int
  /// Messages that do not count as unread, in the chat that has most: own, deleted ones and the system's.
  var uncountedInChat: Int
  /// How many people of the server changed their profile since the snapshot that is asked about.
  var changedUsers: Int
  /// How many rows the statement answers.
  var answered: Int
}

/// Numbers that bounds are made of.
enum RowBound {
  /// A few rows that are found by their keys, each looked at up to twice: in an index and in the table.
  static let fewKeys = 16
}
