import Generated
import Postgres
import ProtocolRuntime

extension ChatService: UsersHandlers {
  public func searchUsers(
    _ input: Operations.SearchUsers.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.SearchUsers.Output {
    var after = ""
    if let cursor = input.query.cursor {
      guard let cursor = UserCursor(cursor) else { return .refused(.invalidCursor, Refusals.badCursor) }
      after = cursor.username
    }
    let start = input.query.q.lowercased()
    let limit = input.query.limit
    // One more than asked for tells whether there is a next page.
    let found = try await database.query(
      UserStatements.Search(
        caller: caller.userID, start: start, word: Self.escapedForLike(start), after: after, limit: limit + 1))
    let users = Array(found.prefix(limit))
    let next = found.count > limit ? users.last.map { UserCursor(username: $0.username).text } : nil
    return .ok(UserList(items: users, nextCursor: next))
  }

  /// A text that LIKE takes literally.
  static func escapedForLike(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      if character == "\\" || character == "%" || character == "_" { escaped.unicodeScalars.append("\\") }
      escaped.unicodeScalars.append(character)
    }
    return escaped
  }
}
