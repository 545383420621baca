import Postgres

/// The schema, as the numbered files in Migrations/ build it up. What has been released is never changed: add a file.
public enum SchemaMigrations {
  public static let all = [
    migration(1, "accounts", PackageResources._001_accounts_sql),
    migration(2, "chats", PackageResources._002_chats_sql),
  ]

  private static func migration(_ number: Int, _ name: String, _ bytes: [UInt8]) -> Migration {
    Migration(number: number, name: name, sql: String(decoding: bytes, as: UTF8.self))
  }
}
