/// What has changed on the whole server since a cursor's snapshot, where it is little: the first things in the order of an
/// index. A client that was away for a moment, or whose server is quiet, is told what is new at the cost of that; where
/// more has changed, the caller's chats are gone through (docs/decisions/0032-syncs-begin-at-what-changed.md).
///
/// An index has an entry for each version of a row, until a vacuum takes the dead ones away. So that it is not walked for
/// what a few change again and again, nothing is looked for where many transactions were since.
///
/// These are common table expressions; `given` comes first.
enum RecentChanges {
  /// Up to so many transactions, and up to so many changed rows of each kind, are few.
  static let few = 100

  enum Kind: String {
    case chats = "recent_chats"
    case members = "recent_members"
    case users = "recent_users"
  }

  /// The cursor's snapshot, read once.
  ///
  /// - Parameter few: how many are, as all of this names it.
  static func given(_ snapshot: String, few: String) -> String {
    // No number here is beyond a bigint: SyncCursor takes none of 2⁶⁰ or more from a client.
    """
    given AS MATERIALIZED (
      SELECT snapshot, xmin, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - xmin::text::bigint <= \(few)::int
        AS is_near
      FROM (SELECT snapshot, pg_snapshot_xmin(snapshot) AS xmin FROM (SELECT \(snapshot)::text::pg_snapshot AS snapshot) of) of
    )
    """
  }

  static func ofChats(few: String) -> String { table(.chats, "id, changed_xid", "chats", few) }
  static func ofUsers(few: String) -> String { table(.users, "id, changed_xid", "users", few) }

  static func ofMembers(few: String) -> String {
    table(.members, "chat_id, user_id, left_at, changed_xid, membership_xid", "chat_members", few)
  }

  /// One more than are few: whether there are more is told by their number.
  private static func table(_ kind: Kind, _ columns: String, _ table: String, _ few: String) -> String {
    """
    \(kind.rawValue) AS MATERIALIZED (
      SELECT \(columns) FROM \(table)
      WHERE (SELECT is_near FROM given) AND changed_xid >= (SELECT xmin FROM given)
      ORDER BY changed_xid LIMIT \(few)::int + 1
    )
    """
  }

  /// Whether all that has changed is there.
  static func areFew(_ kind: Kind, few: String) -> String {
    "((SELECT is_near FROM given) AND (SELECT count(*) FROM \(kind.rawValue)) <= \(few)::int)"
  }

  /// Whether a row's last transaction is not visible in the snapshot. The first comparison says nothing new (everything
  /// below xmin is visible), but an index can answer it.
  static func isNew(_ xid: String) -> String {
    """
    (\(xid) >= (SELECT xmin FROM given) AND NOT pg_visible_in_snapshot(\(xid), (SELECT snapshot FROM given)))
    """
  }
}
