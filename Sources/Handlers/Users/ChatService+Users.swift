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
    let rows = try await database.query(
      UserStatements.search,
      [.uuid(caller.userID), .text(start), .text(Self.escapedForLike(start)), .text(after), .int(limit + 1)])
    let users = try rows.prefix(limit).map { row in try row.user(0) }
    let next = rows.count > limit ? users.last.map { UserCursor(username: $0.username).text } : nil
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
