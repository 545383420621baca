import Testing

@testable import Postgres

@Suite struct ConnectionSettingsTests {
  /// PgBouncer refuses a connection that begins with `options`, unless its administrator has it ignore them.
  @Test(
    arguments: [
      ("host=/nonexistent dbname=x", nil),
      ("host=/nonexistent dbname=x options='-c geqo=off'", "-c geqo=off"),
      ("postgresql:///x?host=/nonexistent&options=-c%20geqo%3Doff", "-c geqo=off"),
    ] as [(String, String?)])
  func `a connection begins with no options but those of its connection string`(
    connectionString: String, options: String?
  ) throws {
    let settings = try ConnectionSettings(
      connectionString, statementTimeout: .seconds(9), lockTimeout: .seconds(1), sessionSettings: ["geqo": "on"],
      sessionStart: "SELECT 1")
    let sent = Dictionary(uniqueKeysWithValues: zip(settings.keywords, settings.values))
    #expect(sent["options"] == options)
  }
}
