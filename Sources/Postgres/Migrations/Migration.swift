/// One numbered step of the schema: an SQL file that the binary carries.
public struct Migration: Sendable, Hashable {
  /// 1 for the first; each next one is one more.
  public let number: Int
  /// What the file is called after its number: `first_floor` in `0001_first_floor.sql`.
  public let name: String
  /// One or more SQL commands, without BEGIN and COMMIT.
  public let sql: String

  public init(number: Int, name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }

  /// `0001_first_floor.sql`: what errors call it.
  public var fileName: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
  }
}
