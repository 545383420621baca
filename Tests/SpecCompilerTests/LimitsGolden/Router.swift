// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations, for tables and logs.
public enum OperationID: String, Sendable, CaseIterable {
  case getTime
  case getMe
  case rename
  case login
  case register

  /// What its requests' heads tell.
  public var traits: OperationTraits {
    switch self {
    case .getTime: OperationTraits()
    case .getMe: OperationTraits(needsCaller: true)
    case .rename: OperationTraits(body: .whole("application/json"), needsCaller: true)
    case .login: OperationTraits(body: .whole("application/json"))
    case .register: OperationTraits(body: .whole("application/json"))
    }
  }
}

/// What a method and path lead to.
public enum Route: Sendable {
  /// An operation, with the segments of the path, among them its parameters.
  case operation(OperationID, PathSegments)
  /// The path is known, the method is not: `allow` is the Allow header (RFC 9110 §10.2.1).
  case methodNotAllowed(allow: String)
  /// An OPTIONS request to a known path.
  case options(allow: String)
  case notFound

  /// Finds the route of a request.
  ///
  /// - Parameter path: the target without its query, still percent-encoded.
  public static func match(method: String, path: String) -> Route {
    guard let segments = PathSegments(path, limit: 1) else { return .notFound }
    return match(method: method, segments: segments)
  }

  private static func match(method: String, segments: PathSegments) -> Route {
    switch segments.count {
    case 1:
      switch segments[0] {
      case "time":
        return resource0(method, segments)
      case "me":
        return resource1(method, segments)
      case "name":
        return resource2(method, segments)
      case "sessions":
        return resource3(method, segments)
      case "users":
        return resource4(method, segments)
      default: break
      }
    default: break
    }
    return .notFound
  }
}

/// `/time`
private func resource0(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.getTime, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

/// `/me`
private func resource1(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.getMe, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

/// `/name`
private func resource2(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "PUT": return .operation(.rename, segments)
  case "OPTIONS": return .options(allow: "PUT, OPTIONS")
  default: return .methodNotAllowed(allow: "PUT, OPTIONS")
  }
}

/// `/sessions`
private func resource3(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.login, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

/// `/users`
private func resource4(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.register, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

