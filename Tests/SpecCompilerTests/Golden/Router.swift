// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations, for tables and logs.
public enum OperationID: String, Sendable, CaseIterable {
  case getThing
  case renameThing
  case getPicture
  case getPhoto
  case setPhoto
  case addScan
  case getLid

  /// What its requests' heads tell.
  public var traits: OperationTraits {
    switch self {
    case .getThing: OperationTraits(needsCaller: true, answers: "application/json")
    case .renameThing: OperationTraits(body: .whole("application/json"), bodyLimit: 4096, needsCaller: true)
    case .getPicture: OperationTraits(answers: "image/svg+xml", acceptsRanges: true, cacheControl: "public, max-age=60", fields: ["X-Pixel-Ratio"])
    case .getPhoto: OperationTraits(needsCaller: true, answers: "image/*", acceptsRanges: true, cacheControl: "private, no-cache")
    case .setPhoto: OperationTraits(body: .stream("image/*"), bodyLimit: 1000000, needsCaller: true)
    case .addScan: OperationTraits(body: .stream("multipart/form-data"), bodyLimit: 4000000)
    case .getLid: OperationTraits()
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
    guard let segments = PathSegments(path, limit: 4), segments.count >= 1, "api" ~= segments[0] else { return .notFound }
    return match(method: method, segments: segments)
  }

  private static func match(method: String, segments: PathSegments) -> Route {
    switch segments.count {
    case 2:
      switch segments[1] {
      case "picture.svg":
        return resource1(method, segments)
      case "scans":
        return resource3(method, segments)
      default: break
      }
    case 3:
      switch segments[1] {
      case "things":
        return resource0(method, segments)
      default: break
      }
    case 4:
      switch segments[1] {
      case "things":
        switch segments[3] {
        case "photo":
          return resource2(method, segments)
        default: break
        }
      default: break
      }
      switch segments[3] {
      case "lid":
        return resource4(method, segments)
      default: break
      }
    default: break
    }
    return .notFound
  }
}

/// `/api/things/{thingId}`
private func resource0(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.getThing, segments)
  case "PUT": return .operation(.renameThing, segments)
  case "OPTIONS": return .options(allow: "GET, PUT, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, PUT, HEAD, OPTIONS")
  }
}

/// `/api/picture.svg`
private func resource1(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.getPicture, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

/// `/api/things/{thingId}/photo`
private func resource2(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.getPhoto, segments)
  case "PUT": return .operation(.setPhoto, segments)
  case "OPTIONS": return .options(allow: "GET, PUT, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, PUT, HEAD, OPTIONS")
  }
}

/// `/api/scans`
private func resource3(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.addScan, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

/// `/api/{shelf}/{box}/lid`
private func resource4(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.getLid, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

