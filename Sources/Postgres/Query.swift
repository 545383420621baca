/// A statement, its parameters and what comes of its rows, as one type: a value of it is the statement with values for
/// its parameters.
///
/// ```swift
/// struct Balance: Query {
///   typealias Output = (Int, String)?
///   static let text = Statement(name: "balance", text: "SELECT amount, currency FROM accounts WHERE id = $1::bigint")
///   let account: Int
///
///   var statement: Statement { Self.text }
///   var values: [Value] { [.int(account)] }
///   func element(_ row: inout RowReader) throws(PostgresError) -> (Int, String) { (try row.int(), try row.string()) }
/// }
/// ```
public protocol Query<Output>: Sendable {
  /// What one row says.
  associatedtype Element
  /// What all rows say: `[Element]`; `Element?` where there is at most one row, `Element` where there is exactly one;
  /// anything else by an ``output(_:)`` of its own.
  associatedtype Output

  var statement: Statement { get }
  /// For `$1`, `$2`, … in this order.
  var values: [Value] { get }

  /// Reads a row: all of its columns, in their order.
  func element(_ row: inout RowReader) throws(PostgresError) -> Element
  /// Reads all rows.
  func output(_ rows: inout RowReader) throws(PostgresError) -> Output
}

extension Query {
  /// What came of the statement.
  ///
  /// - Throws: `badValue` for a row that has other columns, or others of another type, than this type reads.
  public func decode(_ result: PostgresResult) throws(PostgresError) -> Output {
    var rows = RowReader(result)
    do throws(PostgresError) {
      return try output(&rows)
    } catch {
      var error = error
      error.statement = statement.name
      throw error
    }
  }
}

/// Of one that reads its rows by itself, in ``output(_:)``.
extension Query where Element == Never {
  public func element(_ row: inout RowReader) throws(PostgresError) -> Never {
    throw PostgresError(.badValue, "the rows of this statement are not read one by one")
  }
}

extension Query where Output == [Element] {
  public func output(_ rows: inout RowReader) throws(PostgresError) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(rows.count)
    while try rows.next() { elements.append(try element(&rows)) }
    return elements
  }
}

extension Query where Output == Element? {
  public func output(_ rows: inout RowReader) throws(PostgresError) -> Element? {
    guard try rows.next() else { return nil }
    let element = try element(&rows)
    guard try !rows.next() else { throw PostgresError(.badValue, "one row at most was expected, found \(rows.count)") }
    return element
  }
}

extension Query where Output == Element {
  public func output(_ rows: inout RowReader) throws(PostgresError) -> Element {
    guard rows.count == 1, try rows.next() else {
      throw PostgresError(.badValue, "one row was expected, found \(rows.count)")
    }
    let element = try element(&rows)
    _ = try rows.next()
    return element
  }
}

/// A statement whose rows say nothing: one that locks or writes. Its output is how many rows it concerned.
public protocol Command: Query where Element == Never, Output == Int {}

extension Command {
  public func output(_ rows: inout RowReader) throws(PostgresError) -> Int { rows.affectedRows }
}

extension PostgresClient {
  /// As ``query(_:_:)``, read as the query's type says.
  public func query<Output>(_ query: some Query<Output>) async throws(PostgresError) -> Output {
    try query.decode(try await self.query(query.statement, query.values))
  }

  /// As ``transaction(_:)``, each statement read as its type says.
  ///
  /// Two and three, not a parameter pack: an asynchronous function with packs ends the process ("freed pointer was not the
  /// last allocation", Swift 6.3).
  public func transaction<First, Second>(
    _ first: some Query<First>, _ second: some Query<Second>
  ) async throws(PostgresError) -> (First, Second) {
    let results = try await transaction([BoundStatement(first), BoundStatement(second)])
    return (try first.decode(results[0]), try second.decode(results[1]))
  }

  public func transaction<First, Second, Third>(
    _ first: some Query<First>, _ second: some Query<Second>, _ third: some Query<Third>
  ) async throws(PostgresError) -> (First, Second, Third) {
    let results = try await transaction([BoundStatement(first), BoundStatement(second), BoundStatement(third)])
    return (try first.decode(results[0]), try second.decode(results[1]), try third.decode(results[2]))
  }
}

extension BoundStatement {
  fileprivate init(_ query: some Query) { self.init(query.statement, query.values) }
}
