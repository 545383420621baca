import Generated
import Postgres
import ProtocolRuntime

/// A row of `SyncStatements.Changes`.
struct ChangedRow {
  struct Membership: RowPart {
    static let columns =
      (["joined_rev", "left_at IS NOT NULL", "removed_by"] as ColumnList).of("cm") + ChatMember.columns

    let joinedRev: Int
    let hasLeft: Bool
    let removedBy: UUID?
    let member: ChatMember

    init(_ row: inout RowReader) throws(PostgresError) {
      joinedRev = try row.int()
      hasLeft = try row.bool()
      removedBy = try row.optionalUUID()
      member = try ChatMember(&row)
    }
  }

  private enum Kind: String {
    case message, member, chat
  }

  let chatRev: Int
  /// Nil if nothing changed.
  let entry: ChatChanges.Entry?

  /// - Parameter isAround: whether a membership comes with its chat, as it does for the server itself.
  init(_ row: inout RowReader, chatIsAround isAround: Bool) throws(PostgresError) {
    chatRev = try row.int()
    let isDeleted = try row.bool()
    let kind: Kind? = try row.isNull ? nil : try row.outcome()
    if kind == nil { try row.skip(1) }
    let rev = try row.optionalInt()
    let message: MessageEvent? = try row.optional()
    let membership: Membership? = try row.optional()
    let chat = try ChatEvent(optional: &row)
    let what: ChatChanges.What? =
      switch (kind, message, membership, chat) {
      case (.message, let message?, nil, nil): .message(message)
      case (.member, nil, let membership?, let chat) where (chat != nil) == isAround: Self.what(membership, chat)
      case (.chat, nil, nil, let chat?): isDeleted ? .chatDeleted : .chat(chat)
      case (nil, nil, nil, nil): nil
      default: throw row.badValue(expected: "what belongs to the kind of the change")
      }
    entry = if let what, let rev { ChatChanges.Entry(rev: rev, what: what) } else { nil }
  }

  private static func what(_ membership: Membership, _ chat: ChatEvent?) -> ChatChanges.What {
    let member = membership.member
    if membership.hasLeft { return .memberRemoved(member.user.id, by: membership.removedBy ?? member.user.id) }
    return .member(member, joinedRev: membership.joinedRev, chat: chat)
  }
}
