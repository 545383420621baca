import Generated
import Postgres
import ProtocolRuntime

/// Finding people.
public final class UsersHandler: UsersHandlers {
  private let database: Database

  init(database: Database) { self.database = database }

  public func searchUsers(
    _ input: Operations.SearchUsers.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.SearchUsers.Output {
    var start: MarkedCursor<UserCursor>?
    if let text = input.query.cursor {
      start = MarkedCursor(text)
      if start == nil { return .refused(.invalidCursor, Refusals.badCursor) }
    }
    let limit = input.query.limit
    // One more than asked for tells whether there is a next page.
    let search = UserStatements.Search(
      caller: caller.userID, start: input.query.q, after: start?.place, limit: limit + 1)
    guard let (found, now) = try await database.page(search, behind: start?.mark) else {
      return .refused(.resync, Refusals.resync)
    }
    let page = found.prefix(limit)
    var next: UserCursor?
    if found.count > limit, let last = page.last { next = UserCursor(word: last.word, id: last.user.id) }
    return .ok(UserList(items: page.map(\.user), nextCursor: next.map { MarkedCursor(place: $0, mark: now).text }))
  }
}
