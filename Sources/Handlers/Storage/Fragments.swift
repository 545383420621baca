/// The parts that several statements share.
enum Fragments {
  /// This statement's time, with the milliseconds that the protocol has. In a transaction unit it lies behind the lock
  /// that the unit's first statement waited for.
  static let now = "date_trunc('milliseconds', statement_timestamp())"

  /// As `now`, but no earlier than `old`, which may be NULL: for times that only rise, whatever happens to the clock.
  static func rising(_ old: String) -> String { "greatest(\(old), \(now))" }

  /// The chats of which `caller` is a member, with the columns that `Chat.columns` takes from `c`.
  static func ownChats(of caller: String) -> String {
    """
    SELECT chats.*, me.user_id AS caller_id, me.role, me.last_read_seq, me.hidden_seq
    FROM chat_members me JOIN chats ON chats.id = me.chat_id
    WHERE me.user_id = \(caller) AND me.left_at IS NULL AND chats.deleted_at IS NULL
    """
  }

  /// The last message of a chat, as a join.
  ///
  /// `seq >= last_seq` in this order, though it can only be equal: the order leaves the planner one index, that of seq. To
  /// a planner that takes the table for small, any index that begins with chat_id is as good, and it would go through the
  /// whole chat. The limits, here and elsewhere, keep it from hashing a whole table for the same reason: a prepared plan
  /// is kept until the table is analyzed.
  static func lastMessage(of chat: String, as name: String) -> String {
    """
    LEFT JOIN LATERAL (
      SELECT * FROM messages WHERE chat_id = \(chat).id AND seq >= \(chat).last_seq ORDER BY seq LIMIT 1
    ) \(name) ON true
    """
  }

  /// What `Chat.columns` needs beside `c`.
  ///
  /// `unread` counts others' live, non-system messages behind the caller's watermark and stops at 100. `least` is for
  /// the status of the last message alone, hence only where that is the caller's own.
  static let ownChatJoins = """
    \(lastMessage(of: "c", as: "m"))
    CROSS JOIN LATERAL (
      SELECT count(*) AS count FROM (
        SELECT FROM messages
        WHERE chat_id = c.id AND seq > c.last_read_seq AND sender_id <> c.caller_id AND type <> 'system'
          AND deleted_at IS NULL
        ORDER BY seq LIMIT 100
      ) counted
    ) unread
    CROSS JOIN LATERAL (
      SELECT min(other.last_read_seq) AS read_seq, min(other.last_delivered_seq) AS delivered_seq
      FROM chat_members other
      WHERE m.sender_id = c.caller_id AND other.chat_id = c.id AND other.user_id <> c.caller_id
        AND other.left_at IS NULL
    ) least
    """

  /// The others' least watermarks in a chat, for the status of a caller's own messages.
  static func least(chat: String, caller: String) -> String {
    """
    CROSS JOIN LATERAL (
      SELECT min(other.last_read_seq) AS read_seq, min(other.last_delivered_seq) AS delivered_seq
      FROM chat_members other
      WHERE other.chat_id = \(chat) AND other.user_id <> \(caller) AND other.left_at IS NULL
    ) least
    """
  }

  /// The chat $1 with the caller $2 as `role` and `actor_name`, and its last message's seq before the change: what the
  /// statements that change a chat begin with. No row if the caller is not a member.
  static let target = """
    SELECT c.*, me.role AS caller_role, actor.display_name AS actor_name
    FROM chats c
    JOIN chat_members me ON me.chat_id = c.id AND me.user_id = $2::uuid AND me.left_at IS NULL
    JOIN users actor ON actor.id = me.user_id
    WHERE c.id = $1::uuid AND c.deleted_at IS NULL
    """
}
