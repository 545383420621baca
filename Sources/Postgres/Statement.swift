/// A statement that is prepared on its first use on each connection. Declare each as a `static let`.
public struct Statement: Sendable {
  /// The name it is prepared under on the server: unique in the program, at most 63 bytes (NAMEDATALEN − 1).
  public let name: String
  /// One SQL command with `$1`… for its values. `BEGIN`, `COMMIT` and commands that cannot run in a transaction block
  /// are not for this door: see ``PostgresClient``.
  public let text: String

  public init(name: String, text: String) {
    precondition(!name.isEmpty && name.utf8.count < 64, "a statement's name has 1 to 63 bytes")
    self.name = name
    self.text = text
  }
}

/// A statement with the values for its parameters: one step of ``PostgresClient/transaction(_:)``.
public struct BoundStatement: Sendable {
  public let statement: Statement
  public let values: [Value]

  public init(_ statement: Statement, _ values: [Value] = []) {
    self.statement = statement
    self.values = values
  }
}
