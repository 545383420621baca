import Threads

/// What went wrong between a caller and PostgreSQL.
///
/// Its `description` can be logged: it holds no parameter, no row and no password. `message` is the server's own text
/// and may quote a value.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
  /// The kind of trouble. More kinds can come.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Base: Hashable {
      case unavailable, connectionLost, closed, statement, timeout, badValue, badConfiguration, protocolViolation
      case migration, privatePostgres
    }
    private let base: Base

    /// The database cannot be reached, or the queue is full. Nothing was executed.
    public static let unavailable = Code(base: .unavailable)
    /// The connection died while the statement was under way; see ``PostgresError/inDoubt``.
    public static let connectionLost = Code(base: .connectionLost)
    /// The client was closed. Nothing was executed.
    public static let closed = Code(base: .closed)
    /// The server refused the statement; see ``PostgresError/sqlState`` and ``PostgresError/constraint``.
    public static let statement = Code(base: .statement)
    /// The statement timeout, or an administrator's cancel, ended it (SQLSTATE 57014). Nothing was committed.
    public static let timeout = Code(base: .timeout)
    /// A parameter that PostgreSQL cannot take, or a column that is not what was asked for.
    public static let badValue = Code(base: .badValue)
    /// The connection string or another setting is wrong.
    public static let badConfiguration = Code(base: .badConfiguration)
    /// The server answered what it should not.
    public static let protocolViolation = Code(base: .protocolViolation)
    /// A migration is missing, changed, or failed.
    public static let migration = Code(base: .migration)
    /// The private PostgreSQL cannot be made, started or stopped.
    public static let privatePostgres = Code(base: .privatePostgres)

    public var description: String { "\(base)" }
  }

  public var code: Code
  /// For `statement`: the server's message, which may quote values. Otherwise a text of ours.
  public var message: String
  /// The five characters of SQLSTATE (PostgreSQL, Appendix A), when the server said them.
  public var sqlState: String?
  /// The violated constraint, when it is one.
  public var constraint: String?
  /// The name of the statement.
  public var statement: String?
  /// True when the connection died before the server confirmed: whether the statement was committed is unknown. A read
  /// may be repeated; a write only if it is idempotent.
  public var inDoubt: Bool
  // "Cached plan must not change result type": told by the server's function, because the message may be translated.
  var isStalePlan = false

  public init(
    _ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil, statement: String? = nil,
    inDoubt: Bool = false
  ) {
    self.code = code
    self.message = message
    self.sqlState = sqlState
    self.constraint = constraint
    self.statement = statement
    self.inDoubt = inDoubt
  }

  /// What the server's SQLSTATE means, if it said one.
  var state: SQLState? { sqlState.map { SQLState($0) } }

  /// Whether the database cannot serve now, for no fault of the statement's: unreachable, overloaded, closed, read-only,
  /// full, or busy (see `SQLState`). Answer 503, try later.
  public var isUnavailable: Bool {
    if code == .unavailable || code == .connectionLost || code == .closed || code == .timeout { return true }
    return state.map { $0 != .fault } ?? false
  }

  /// Whether the server can be read from and not be written to: it is read-only, or its disk is full or fails.
  public var isUnwritable: Bool { state == .readOnly || state == .cannotWrite }

  /// Whether a row's lock was not to be had for as long as it was waited for. Nothing was changed.
  public var isLocked: Bool { state == .locked }

  /// Whether a unique constraint was violated (SQLSTATE 23505), of that name if one is given.
  public func isUniqueViolation(of name: String? = nil) -> Bool {
    sqlState == "23505" && (name == nil || name == constraint)
  }

  /// Whether a foreign key was violated (SQLSTATE 23503), of that name if one is given.
  public func isForeignKeyViolation(of name: String? = nil) -> Bool {
    sqlState == "23503" && (name == nil || name == constraint)
  }

  public var description: String {
    var text = "PostgreSQL: \(code)"
    if let statement { text += ", statement \(statement)" }
    if let sqlState { text += ", SQLSTATE \(sqlState)" }
    if let constraint { text += ", constraint \(constraint)" }
    if inDoubt { text += ", in doubt" }
    if !messageMayQuoteValues { text += ": \(message)" }
    return text
  }

  // Class 22 (data exception) and P0 (raised by functions) quote what they were given; the others name tables, columns
  // and constraints only, and keep the values for DETAIL, which is not read.
  private var messageMayQuoteValues: Bool {
    guard code == .statement, let sqlState else { return false }
    return sqlState.hasPrefix("22") || sqlState.hasPrefix("P0")
  }
}

extension PostgresError {
  /// No thread, or no descriptor for it, can be had.
  init(_ error: ThreadError) { self.init(.unavailable, error.description) }
}
