/// What has changed on the whole server since a cursor's snapshot: the first things in the order of an index. A client that
/// was away for a moment, or whose server is quiet, is told what is new at the cost of that; where more has changed than
/// the caller may have chats, these are gone through instead (docs/decisions/0032-syncs-begin-at-what-changed.md).
///
/// These are common table expressions; `given` comes first.
enum RecentChanges {
  /// Up to so many changes are few.
  static let few = 100

  enum Kind: String {
    case chats = "recent_chats"
    case members = "recent_members"
    case users = "recent_users"
  }

  /// The cursor's snapshot, read once.
  static func given(_ snapshot: String) -> String {
    """
    given AS MATERIALIZED (
      SELECT of.snapshot, pg_snapshot_xmin(of.snapshot) AS xmin FROM (SELECT \(snapshot)::text::pg_snapshot AS snapshot) of
    )
    """
  }

  static func ofChats(_ few: String) -> String { table(.chats, "id, changed_xid", "chats", few) }
  static func ofUsers(_ few: String) -> String { table(.users, "id, changed_xid", "users", few) }

  static func ofMembers(_ few: String) -> String {
    table(.members, "chat_id, user_id, left_at, changed_xid, membership_xid", "chat_members", few)
  }

  /// One more than are few: whether there are more is told by their number.
  private static func table(_ kind: Kind, _ columns: String, _ table: String, _ few: String) -> String {
    """
    \(kind.rawValue) AS MATERIALIZED (
      SELECT \(columns) FROM \(table) WHERE changed_xid >= (SELECT xmin FROM given)
      ORDER BY changed_xid LIMIT \(few)::int + 1
    )
    """
  }

  /// Whether all that has changed is there.
  static func areFew(_ kind: Kind, _ few: String) -> String {
    "(SELECT count(*) FROM \(kind.rawValue)) <= \(few)::int"
  }

  /// Whether a row's last transaction is not visible in the snapshot. The first comparison says nothing new (everything
  /// below xmin is visible), but an index can answer it.
  static func isNew(_ xid: String) -> String {
    """
    (\(xid) >= (SELECT xmin FROM given) AND NOT pg_visible_in_snapshot(\(xid), (SELECT snapshot FROM given)))
    """
  }
}
