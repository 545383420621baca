// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations, for tables and logs.
public enum OperationID: String, Sendable, CaseIterable {
  case data
  case init_ = "init"
  case self_ = "self"
  case double
  case none_ = "none"
  case `await`
  case some_ = "some"
  case refused
  case encode_ = "encode"
  case decode_ = "decode"
  case traits_ = "traits"
  case type
  case hashValue_ = "hashValue"
  case input
  case listChanges

  /// What its requests' heads tell.
  public var traits: OperationTraits {
    switch self {
    case .data: OperationTraits(answers: "application/json")
    case .init_: OperationTraits(body: .whole("application/json"), answers: "application/json")
    case .self_: OperationTraits(body: .whole("application/json"), needsCaller: true, answers: "application/json")
    case .double: OperationTraits(answers: "application/json")
    case .none_: OperationTraits(body: .whole("application/json"), answers: "application/json")
    case .await: OperationTraits(body: .whole("application/json"), answers: "application/json")
    case .some_: OperationTraits(body: .whole("application/json"), answers: "application/json")
    case .refused: OperationTraits(body: .whole("application/json"), answers: "application/json")
    case .encode_: OperationTraits(needsCaller: true, answers: "application/json")
    case .decode_: OperationTraits(body: .whole("application/json"), needsCaller: true, answers: "application/json")
    case .traits_: OperationTraits(needsCaller: true)
    case .type: OperationTraits(body: .whole("application/json"), answers: "application/json")
    case .hashValue_: OperationTraits(answers: "application/json", fields: ["flag", "at", "ratio", "day", "fixed", "yes", "seven", "half"])
    case .input: OperationTraits(body: .stream("multipart/form-data"))
    case .listChanges: OperationTraits(answers: "application/json")
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
    guard let segments = PathSegments(path, limit: 9) else { return .notFound }
    return match(method: method, segments: segments)
  }

  private static func match(method: String, segments: PathSegments) -> Route {
    switch segments.count {
    case 1:
      switch segments[0] {
      case "lists":
        return resource0(method, segments)
      case "maps":
        return resource1(method, segments)
      case "scalars":
        return resource2(method, segments)
      case "objects":
        return resource3(method, segments)
      case "many":
        return resource5(method, segments)
      case "forms":
        return resource7(method, segments)
      case "changes":
        return resource8(method, segments)
      default: break
      }
    case 2:
      switch segments[0] {
      case "objects":
        return resource4(method, segments)
      default: break
      }
    case 9:
      switch segments[0] {
      case "parameters":
        return resource6(method, segments)
      default: break
      }
    default: break
    }
    return .notFound
  }
}

/// `/lists`
private func resource0(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.data, segments)
  case "POST": return .operation(.init_, segments)
  case "OPTIONS": return .options(allow: "GET, POST, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, POST, HEAD, OPTIONS")
  }
}

/// `/maps`
private func resource1(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "PUT": return .operation(.self_, segments)
  case "OPTIONS": return .options(allow: "PUT, OPTIONS")
  default: return .methodNotAllowed(allow: "PUT, OPTIONS")
  }
}

/// `/scalars`
private func resource2(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.double, segments)
  case "PUT": return .operation(.none_, segments)
  case "POST": return .operation(.await, segments)
  case "PATCH": return .operation(.some_, segments)
  case "OPTIONS": return .options(allow: "GET, PUT, POST, PATCH, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, PUT, POST, PATCH, HEAD, OPTIONS")
  }
}

/// `/objects`
private func resource3(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.refused, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

/// `/objects/{id}`
private func resource4(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.encode_, segments)
  case "PUT": return .operation(.decode_, segments)
  case "DELETE": return .operation(.traits_, segments)
  case "OPTIONS": return .options(allow: "GET, PUT, DELETE, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, PUT, DELETE, HEAD, OPTIONS")
  }
}

/// `/many`
private func resource5(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "PUT": return .operation(.type, segments)
  case "OPTIONS": return .options(allow: "PUT, OPTIONS")
  default: return .methodNotAllowed(allow: "PUT, OPTIONS")
  }
}

/// `/parameters/{flag}/{at}/{ratio}/{day}/{fixed}/{yes}/{seven}/{half}`
private func resource6(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.hashValue_, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

/// `/forms`
private func resource7(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.input, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

/// `/changes`
private func resource8(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.listChanges, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

