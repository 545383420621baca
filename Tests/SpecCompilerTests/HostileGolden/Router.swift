// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations, for tables and logs.
public enum OperationID: String, Sendable, CaseIterable {
  case addText
  case listTexts
  case addForm

  /// What its requests' heads tell.
  public var traits: OperationTraits {
    switch self {
    case .addText: OperationTraits(body: .whole("application/json"), answers: "application/octet-stream", fields: ["X-Header"])
    case .listTexts: OperationTraits(answers: "application/json")
    case .addForm: OperationTraits(body: .stream("multipart/form-data"))
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
    guard let segments = PathSegments(path, limit: 4), segments.count >= 2, "apih\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*" ~= segments[0], " \"\\(injected)\" \"\"\" # \\" ~= segments[1] else { return .notFound }
    return match(method: method, segments: segments)
  }

  private static func match(method: String, segments: PathSegments) -> Route {
    switch segments.count {
    case 3:
      switch segments[2] {
      case "texts":
        return resource1(method, segments)
      case "forms":
        return resource2(method, segments)
      default: break
      }
    case 4:
      switch segments[2] {
      case "texts":
        return resource0(method, segments)
      default: break
      }
    default: break
    }
    return .notFound
  }
}

/// `/apih
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/texts/{id}`
private func resource0(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.addText, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

/// `/apih
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/texts`
private func resource1(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "GET", "HEAD": return .operation(.listTexts, segments)
  case "OPTIONS": return .options(allow: "GET, HEAD, OPTIONS")
  default: return .methodNotAllowed(allow: "GET, HEAD, OPTIONS")
  }
}

/// `/apih
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/forms`
private func resource2(_ method: String, _ segments: PathSegments) -> Route {
  switch method {
  case "POST": return .operation(.addForm, segments)
  case "OPTIONS": return .options(allow: "POST, OPTIONS")
  default: return .methodNotAllowed(allow: "POST, OPTIONS")
  }
}

