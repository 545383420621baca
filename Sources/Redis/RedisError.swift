import Threads

/// What went wrong between a caller and Redis.
///
/// Its `description` can be logged: it holds no argument, no payload and no password.
public struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of trouble. More kinds can come.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Base: Hashable {
      case unavailable, connectionLost, closed, timeout, command, badConfiguration, badCommand, unsupported
      case protocolViolation
    }
    private let base: Base

    /// Redis cannot be reached, or the queue is full. Nothing was executed.
    public static let unavailable = Code(base: .unavailable)
    /// The connection died while the command was under way; whether it was executed is unknown.
    public static let connectionLost = Code(base: .connectionLost)
    /// The client was closed.
    public static let closed = Code(base: .closed)
    /// No answer in time; whether the command was executed is unknown.
    public static let timeout = Code(base: .timeout)
    /// Redis refused the command; see ``RedisError/message``.
    public static let command = Code(base: .command)
    /// The URL or another setting is wrong, or Redis refuses the password.
    public static let badConfiguration = Code(base: .badConfiguration)
    /// A command without a name, or one that would change the connection for everybody: SUBSCRIBE, MONITOR and such.
    public static let badCommand = Code(base: .badCommand)
    /// Redis is too old for what was asked: sharded pub/sub needs 7.0.
    public static let unsupported = Code(base: .unsupported)
    /// Redis answered what it should not.
    public static let protocolViolation = Code(base: .protocolViolation)

    public var description: String { "\(base)" }
  }

  public var code: Code
  /// For `command`: what Redis said, which may quote an argument. Otherwise a text of ours.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ error: ThreadError) { self.init(.unavailable, error.description) }

  /// Whether Redis is away (unreachable, connection lost, silent, closed): try later.
  public var isUnavailable: Bool {
    code == .unavailable || code == .connectionLost || code == .timeout || code == .closed
  }

  public var description: String {
    // Redis begins its errors with a word in capitals, and may quote what it was given after it.
    guard code == .command else { return "Redis: \(code): \(message)" }
    let kind = message.prefix { $0.isUppercase }
    return "Redis: \(code)\(kind.isEmpty ? "" : ": \(kind)")"
  }
}
