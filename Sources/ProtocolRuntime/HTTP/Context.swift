/// Who calls: the user and session of a valid access token.
public struct Caller: Sendable, Hashable {
  public let userID: UUID
  public let sessionID: UUID

  public init(userID: UUID, sessionID: UUID) {
    self.userID = userID
    self.sessionID = sessionID
  }
}

/// A live Socket.IO connection on this node.
public struct ConnectionID: Hashable, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }
}

/// What a handler may know about the request or event beside its input.
public struct RequestContext: Sendable {
  /// Goes into the log, the X-Request-Id header and every problem.
  public var requestID: String
  /// The client's IP address.
  public var address: String
  public var userAgent: String?
  /// The connection that an event came on; nil for REST.
  public var connection: ConnectionID?

  public init(requestID: String, address: String, userAgent: String? = nil, connection: ConnectionID? = nil) {
    self.requestID = requestID
    self.address = address
    self.userAgent = userAgent
    self.connection = connection
  }
}

/// What a policy of `x-access` says.
public enum AccessDecision: Sendable, Equatable {
  case granted
  /// The thing is none of the caller's business: 404 `not_found`.
  case notFound(String)
  /// The caller lacks a right: 403 `forbidden`.
  case forbidden(String)

  /// Ends the request unless access is granted.
  ///
  /// - Throws: `ProblemDetails`.
  public func require() throws {
    switch self {
    case .granted:
      return
    case .notFound(let detail):
      throw ProblemDetails("not_found", detail)
    case .forbidden(let detail):
      throw ProblemDetails("forbidden", detail)
    }
  }
}

/// Turns an access token into a caller.
public protocol Authenticator: Sendable {
  /// - Returns: nil for a token that is malformed, expired, forged or revoked.
  func authenticate(_ accessToken: String) async throws -> Caller?
}
