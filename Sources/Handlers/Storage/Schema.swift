import Postgres

/// The database's tables, as numbered SQL files.
public enum Schema {
  public static let migrations = [
    Migration(number: 1, name: "accounts", sql: String(decoding: PackageResources._001_accounts_sql, as: UTF8.self)),
    Migration(number: 2, name: "chats", sql: String(decoding: PackageResources._002_chats_sql, as: UTF8.self)),
    Migration(number: 3, name: "search", sql: String(decoding: PackageResources._003_search_sql, as: UTF8.self)),
    Migration(number: 4, name: "looks", sql: String(decoding: PackageResources._004_looks_sql, as: UTF8.self)),
    Migration(number: 5, name: "history", sql: String(decoding: PackageResources._005_history_sql, as: UTF8.self)),
    Migration(number: 6, name: "recent", sql: String(decoding: PackageResources._006_recent_sql, as: UTF8.self)),
    Migration(
      number: 7, name: "history_change", sql: String(decoding: PackageResources._007_history_change_sql, as: UTF8.self)),
    Migration(number: 8, name: "counts", sql: String(decoding: PackageResources._008_counts_sql, as: UTF8.self)),
    Migration(number: 9, name: "active_on", sql: String(decoding: PackageResources._009_active_on_sql, as: UTF8.self)),
    Migration(number: 10, name: "chat_days", sql: String(decoding: PackageResources._010_chat_days_sql, as: UTF8.self)),
    Migration(
      number: 11, name: "chosen_indexes", sql: String(decoding: PackageResources._011_chosen_indexes_sql, as: UTF8.self)
    ),
  ]

  /// How sessions of the server are set: a plan walks indexes, row by row, whatever the planner believes of the tables.
  /// A prepared statement is planned once, perhaps on an empty database, and every way around an index that is cheap
  /// there goes through a whole table later. Compiling a plan takes longer than any of ours runs, and making it anew for
  /// each use as long as many do (docs/decisions/0022-plans-walk-indexes.md).
  public static let sessionSettings = [
    "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
    "jit": "off", "plan_cache_mode": "force_generic_plan",
  ]

  /// What sessions of the server begin with, before they take work: the run of PostgreSQL that they are in is written into
  /// the database's history, so that nothing of it comes before that.
  public static let sessionStart = HistoryStatements.sessionStart
}
