import Postgres

/// The database's tables, as numbered SQL files.
public enum Schema {
  public static let migrations = [
    Migration(number: 1, name: "accounts", sql: String(decoding: PackageResources._001_accounts_sql, as: UTF8.self)),
    Migration(number: 2, name: "chats", sql: String(decoding: PackageResources._002_chats_sql, as: UTF8.self)),
  ]
}
