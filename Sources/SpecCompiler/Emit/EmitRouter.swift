extension Emitter {
  func emitRouter(_ writer: inout SwiftWriter) {
    emitOperationID(&writer)
    writer.line()
    writer.line("/// What a method and path lead to.")
    writer.block("public enum Route: Sendable") { writer in
      writer.line("/// An operation, with the segments of the path, among them its parameters.")
      writer.line("case operation(OperationID, PathSegments)")
      writer.line("/// The path is known, the method is not: `allow` is the Allow header (RFC 9110 §10.2.1).")
      writer.line("case methodNotAllowed(allow: String)")
      writer.line("/// An OPTIONS request to a known path.")
      writer.line("case options(allow: String)")
      writer.line("case notFound")
      writer.line()
      emitMatch(&writer)
    }
    writer.line()
    emitResources(&writer)
  }

  private func emitOperationID(_ writer: inout SwiftWriter) {
    writer.line("/// The operations, for tables and logs.")
    guard !model.operations.isEmpty else { return emitNoOperationID(&writer) }
    writer.block("public enum OperationID: String, Sendable, CaseIterable") { writer in
      for operation in model.operations {
        let name = SwiftName.bare(operation.id, .operation)
        // The raw value is the operation's name in the spec.
        let value = name == operation.id ? "" : " = \(literal(operation.id))"
        writer.line("case \(SwiftName.member(operation.id, .operation))\(value)")
      }
      writer.line()
      writer.line("/// What its requests' heads tell.")
      writer.block("public var traits: OperationTraits") { writer in
        writer.line("switch self {")
        for operation in model.operations {
          writer.line("case .\(SwiftName.bare(operation.id, .operation)): OperationTraits(\(traits(of: operation)))")
        }
        writer.line("}")
      }
    }
  }

  /// A type without values. It is no enumeration: one without cases has no raw type, and Swift warns of what takes it.
  private func emitNoOperationID(_ writer: inout SwiftWriter) {
    writer.block("public struct OperationID: RawRepresentable, Sendable, CaseIterable") { writer in
      writer.line("public static let allCases: [OperationID] = []")
      writer.line("public let rawValue: String")
      writer.line("public let traits: OperationTraits")
      writer.line()
      writer.line("public init?(rawValue: String) { nil }")
    }
  }

  private func traits(of operation: Operation) -> String {
    var arguments: [String] = []
    switch operation.body?.content {
    case .json: arguments.append("body: .whole(\(literal(operation.body?.jsonType ?? "")))")
    case .bytes(let mediaType): arguments.append("body: .stream(\(literal(mediaType)))")
    case .form: arguments.append("body: .stream(\"multipart/form-data\")")
    case nil: break
    }
    if let limit = operation.bodyLimit { arguments.append("bodyLimit: \(limit)") }
    if operation.access != .everyone { arguments.append("needsCaller: true") }
    if let mediaType = operation.answerMediaType { arguments.append("answers: \(literal(mediaType))") }
    if operation.acceptsRanges { arguments.append("acceptsRanges: true") }
    if let cacheControl = operation.cacheControl { arguments.append("cacheControl: \(literal(cacheControl))") }
    if !operation.headerParameters.isEmpty {
      var fields = operation.headerParameters.filter { $0.place == .header }.map(\.name)
      if fields.count < operation.headerParameters.count { fields.append("Cookie") }
      arguments.append("fields: [\(fields.map(literal).joined(separator: ", "))]")
    }
    return arguments.joined(separator: ", ")
  }

  /// The operations of one path.
  private struct Resource {
    var path: [Operation.Segment]
    var operations: [Operation]
  }

  private var resources: [Resource] {
    var resources: [Resource] = []
    var places: [String: Int] = [:]
    for operation in model.operations {
      // Paths that differ only in their parameters' names are the same (OpenAPI 3.1 §4.8.8.2).
      let place = places[operation.path.shape] ?? resources.count
      places[operation.path.shape] = place
      if place < resources.count {
        resources[place].operations.append(operation)
      } else {
        resources.append(Resource(path: operation.path, operations: [operation]))
      }
    }
    return resources
  }

  var basePath: [String] { model.basePath.split(separator: "/").map(String.init) }

  private func emitMatch(_ writer: inout SwiftWriter) {
    let base = basePath
    writer.line("/// Finds the route of a request.")
    writer.line("///")
    writer.line("/// - Parameter path: the target without its query, still percent-encoded.")
    writer.block("public static func match(method: String, path: String) -> Route") { writer in
      let most = resources.map(\.path.count).max() ?? 0
      let found = "let segments = PathSegments(path, limit: \(base.count + most))"
      let checks = base.enumerated().map { "\(literal($0.element)) ~= segments[\($0.offset)]" }
      let conditions = [found] + (base.isEmpty ? [] : ["segments.count >= \(base.count)"]) + checks
      writer.line("guard \(conditions.joined(separator: ", ")) else { return .notFound }")
      writer.line("return match(method: method, segments: segments)")
    }
    writer.line()
    writer.block("private static func match(method: String, segments: PathSegments) -> Route") { writer in
      writer.line("switch segments.count {")
      let counts = Set(resources.map(\.path.count)).sorted()
      for count in counts {
        writer.line("case \(basePath.count + count):")
        writer.indented { writer in
          let candidates = resources.enumerated().filter { $0.element.path.count == count }
          emitLevel(candidates.map { ($0.offset, $0.element.path) }, level: 0, count: count, &writer)
        }
      }
      writer.line("default: break")
      writer.line("}")
      writer.line("return .notFound")
    }
  }

  /// A segment behind the base path.
  private func segment(_ level: Int) -> String { "segments[\(basePath.count + level)]" }

  /// A switch over one segment's literals, and what follows where it is a parameter: literals before parameters
  /// (OpenAPI 3.1 §4.8.8.2), and parameters also where a literal has led nowhere.
  private func emitLevel(
    _ candidates: [(resource: Int, path: [Operation.Segment])], level: Int, count: Int, _ writer: inout SwiftWriter
  ) {
    if level == count {
      // There is one: paths that differ only in their parameters' names are the same.
      guard let (resource, _) = candidates.first else { return }
      writer.line("return resource\(resource)(method, segments)")
      return
    }
    var literals: [(text: String, candidates: [(resource: Int, path: [Operation.Segment])])] = []
    var places: [String: Int] = [:]
    var open: [(resource: Int, path: [Operation.Segment])] = []
    for candidate in candidates {
      switch candidate.path[level] {
      case .parameter: open.append(candidate)
      case .literal(let text):
        if places[text] == nil {
          places[text] = literals.count
          literals.append((text, []))
        }
        if let place = places[text] { literals[place].candidates.append(candidate) }
      }
    }
    if !literals.isEmpty {
      writer.line("switch \(segment(level)) {")
      for (text, candidates) in literals {
        writer.line("case \(literal(text)):")
        writer.indented { emitLevel(candidates, level: level + 1, count: count, &$0) }
      }
      writer.line("default: break")
      writer.line("}")
    }
    if !open.isEmpty { emitLevel(open, level: level + 1, count: count, &writer) }
  }

  private func emitResources(_ writer: inout SwiftWriter) {
    for (index, resource) in resources.enumerated() {
      writer.documentation("`\(model.basePath)\(pathText(resource.operations[0]))`")
      writer.block("private func resource\(index)(_ method: String, _ segments: PathSegments) -> Route") { writer in
        let methods = resource.operations.map(\.method)
        let allow = (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).joined(separator: ", ")
        writer.line("switch method {")
        for operation in resource.operations {
          // RFC 9110 §9.3.2: HEAD is GET without the content; the server leaves it out.
          let names = operation.method == "GET" ? "\"GET\", \"HEAD\"" : literal(operation.method)
          writer.line("case \(names): return .operation(.\(SwiftName.bare(operation.id, .operation)), segments)")
        }
        writer.line("case \"OPTIONS\": return .options(allow: \(literal(allow)))")
        writer.line("default: return .methodNotAllowed(allow: \(literal(allow)))")
        writer.line("}")
      }
      writer.line()
    }
  }
}
