// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations, for tables and logs.
public struct OperationID: RawRepresentable, Sendable, CaseIterable {
  public static let allCases: [OperationID] = []
  public let rawValue: String
  public let traits: OperationTraits

  public init?(rawValue: String) { nil }
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
    guard let segments = PathSegments(path, limit: 0) else { return .notFound }
    return match(method: method, segments: segments)
  }

  private static func match(method: String, segments: PathSegments) -> Route {
    switch segments.count {
    default: break
    }
    return .notFound
  }
}

