/// The parts that several statements share.
enum Fragments {
  /// This statement's time, with the milliseconds that the protocol has. In a transaction unit it lies behind the lock
  /// that the unit's first statement waited for.
  static let now = "date_trunc('milliseconds', statement_timestamp())"

  /// As `now`, but no earlier than `old`, which may be NULL: for times that only rise, whatever happens to the clock.
  static func rising(_ old: String) -> String { "greatest(\(old), \(now))" }

  /// The day of a time, as `chat_days.day` has it: in UTC.
  static func day(of time: String) -> String { "day_of(\(time))" }

  /// Conditions that hold for every row: who says one chooses the index that has it, and who does not can't get it, however
  /// good it looks (docs/decisions/0034-an-index-is-chosen-by-its-condition.md). A condition on the same column that is
  /// false for NULL says `IS NOT NULL` as well.
  enum Chosen {
    static let messagesBySeq = "seq > 0"
    static let messagesByRev = "rev > 0"
    static let messagesBySender = "rev > seq"
    static let membersOfChat = "changed_xid IS NOT NULL"
    static let newestDays = "day IS NOT NULL"
  }

  /// A chat that is not deleted, by its id: one row. The limits, here and elsewhere, are fences: what stands behind one is
  /// looked up for each row before it, and never joined with a whole table, however small the planner takes that for. A
  /// prepared plan is kept until the tables are analyzed.
  ///
  /// - Parameter columns: Those that are needed, here and in the other fragments. Each one that is not costs the start of
  ///   the statement a step, at each node of its plan.
  static func chat(_ id: String, _ columns: String = "*") -> String {
    "SELECT \(columns) FROM chats WHERE id = \(id) AND deleted_at IS NULL LIMIT 1"
  }

  /// A membership that stands: one row.
  static func membership(of user: String, in chat: String, _ columns: String = "*") -> String {
    "SELECT \(columns) FROM chat_members WHERE chat_id = \(chat) AND user_id = \(user) AND left_at IS NULL LIMIT 1"
  }

  /// Who belongs to a chat: as many as a chat may have.
  static func members(of chat: String, _ columns: String = "*") -> String {
    "SELECT \(columns) FROM chat_members WHERE chat_id = \(chat) AND \(Chosen.membersOfChat) AND left_at IS NULL LIMIT 256"
  }

  /// All chats of which `caller` is a member, with the columns that `Chat.columns` takes from `c`: two rows for each
  /// membership that the caller has or had.
  ///
  /// A condition on chats or an order by their columns is to be put around this, behind `OFFSET 0` or in a common table
  /// expression that is MATERIALIZED: otherwise a plan may begin with the chats of the whole server.
  static func ownChats(of caller: String) -> String {
    """
    SELECT c.*, \(ownColumns)
    FROM chat_members me
    CROSS JOIN LATERAL (\(chat("me.chat_id"))) c
    WHERE me.user_id = \(caller) AND me.left_at IS NULL
    """
  }

  /// What a membership `me` adds to its chat.
  static let ownColumns = "me.user_id AS caller_id, me.role, me.last_read_seq, me.hidden_seq, me.membership_xid"

  /// One of these: two rows.
  static func ownChat(_ chat: String, of caller: String) -> String {
    """
    SELECT c.*, \(ownColumns)
    FROM (\(self.chat(chat))) c
    CROSS JOIN LATERAL (\(membership(of: caller, in: "c.id"))) me
    """
  }

  /// The last message of a chat, as a join: one row.
  ///
  /// `seq >= last_seq` in this order, though it can only be equal: the order leaves the planner one index, that of seq.
  static func lastMessage(of chat: String, as name: String) -> String {
    """
    LEFT JOIN LATERAL (
      SELECT * FROM messages
      WHERE chat_id = \(chat).id AND seq >= \(chat).last_seq AND \(Chosen.messagesBySeq) ORDER BY seq LIMIT 1
    ) \(name) ON true
    """
  }

  /// How many seqs behind the mark are looked at to count what is unread. Where there are more, that is many.
  static let unreadWindow = 400

  /// What `Chat.columns` needs beside `c`: at most `rowsOfView(_:)` rows for each chat.
  ///
  /// `unread` counts others' live, non-system messages behind the caller's watermark and stops at 100. Nearly all behind
  /// it are such, and seqs have no holes: what is not counted is taken from their number. `least` is for the status of
  /// the last message alone, hence only where that is the caller's own.
  static let ownChatJoins = """
    \(lastMessage(of: "c", as: "m"))
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN c.last_seq <= c.last_read_seq THEN 0
        WHEN c.last_seq > c.last_read_seq + \(unreadWindow) THEN 100
        ELSE least(100, c.last_seq - c.last_read_seq - (
          SELECT count(*) FROM (
            SELECT FROM messages
            WHERE chat_id = c.id AND seq > c.last_read_seq AND (type = 'system' OR deleted_at IS NOT NULL)
            ORDER BY seq LIMIT \(unreadWindow)
          ) uncounted
        ) - (
          SELECT count(*) FROM (
            SELECT * FROM messages
            WHERE sender_id = c.caller_id AND chat_id = c.id AND seq > c.last_read_seq AND \(Chosen.messagesBySender)
            ORDER BY seq LIMIT \(unreadWindow)
          ) own
          WHERE type <> 'system' AND deleted_at IS NULL
        ))
      END AS count
    ) unread
    CROSS JOIN LATERAL (
      SELECT min(other.last_read_seq) AS read_seq, min(other.last_delivered_seq) AS delivered_seq
      FROM (
        SELECT * FROM chat_members
        WHERE chat_id = c.id AND \(Chosen.membersOfChat) AND left_at IS NULL AND m.sender_id = c.caller_id LIMIT 256
      ) other
      WHERE other.user_id <> c.caller_id
    ) least
    """

  /// Of one chat's own view: the chat, the membership, the last message, what is not counted as unread, the
  /// others' marks.
  static func rowsOfView(_ caller: CallerExtent) -> Int {
    6 + 2 * min(unreadWindow, caller.uncountedInChat) + 2 * caller.membersInChat
  }

  /// The others' least watermarks in a chat, for the status of a caller's own messages: a row for each member.
  static func least(chat: String, caller: String) -> String {
    """
    CROSS JOIN LATERAL (
      SELECT min(other.last_read_seq) AS read_seq, min(other.last_delivered_seq) AS delivered_seq
      FROM (\(members(of: chat, "user_id, last_read_seq, last_delivered_seq"))) other
      WHERE other.user_id <> \(caller)
    ) least
    """
  }

  /// The chat $1 with the caller $2 as `role` and `actor_name`, and its last message's seq before the change: what the
  /// statements that change a chat begin with. No row if the caller is not a member.
  static let target = """
    SELECT c.*, me.role AS caller_role, actor.display_name AS actor_name
    FROM (\(chat("$1::uuid"))) c
    CROSS JOIN LATERAL (\(membership(of: "$2::uuid", in: "c.id"))) me
    CROSS JOIN LATERAL (SELECT * FROM users WHERE id = me.user_id LIMIT 1) actor
    """
}
