extension Lowerer {
  /// Fields of conditional and range requests, in lower case: the server reads them for every operation that has a 304 or
  /// a 206, so the spec tells of them, and no handler sees them.
  private static let serverHeaders = ["if-none-match", "if-range", "range"]
  /// What OpenAPI 3.1 §4.8.12.1 says in other places.
  private static let reservedHeaders = ["accept": "content", "authorization": "x-access", "content-type": "content"]

  /// The parameters of an operation and of its path, divided by where they are.
  mutating func lowerParameters(
    _ operation: Node, pathItem: Node, segments: [Operation.Segment]
  ) -> (path: [Parameter], query: [Parameter], header: [Parameter]) {
    var all: [(key: String, node: Node, parameter: Parameter)] = []
    var places: [String: Int] = [:]
    var areAllKnown = true
    // An operation's own parameter takes the place of the path's (OpenAPI 3.1 §4.8.10).
    for owner in [pathItem, operation] {
      var own: [String: Node] = [:]
      for node in items("parameters", of: owner) {
        guard let (place, parameter) = lowerParameter(node) else {
          areAllKnown = false
          continue
        }
        let key = "\(place) \(parameter.name)"
        if let other = own.updateValue(node, forKey: key) {
          errorAtKey(node, "the \(place) parameter '\(parameter.name)' is there twice", .nameClash)
          note(other, "'\(parameter.name)' is here first")
          continue
        }
        places[key] = all.count
        all.append((key, node, parameter))
      }
    }
    let known = all.enumerated().filter { places[$1.key] == $0 }.map(\.element)
    var path: [Parameter] = []
    for case .parameter(let name) in segments {
      if let place = places["path \(name)"] {
        path.append(all[place].parameter)
      } else if areAllKnown {
        // Where no operation has parameters of its own, they are missing once.
        let isOwn = pathItem.entries.contains { $0.value["parameters"] != nil }
        errorAtKey(
          isOwn ? operation : pathItem, "the path has '{\(name)}', but there is no path parameter '\(name)'")
      }
    }
    for entry in known where entry.key.hasPrefix("path ") && !path.contains(entry.parameter) {
      error(entry.node, "the path has no '{\(entry.parameter.name)}'")
    }
    let query = known.filter { $0.key.hasPrefix("query ") }
    let header = known.filter {
      $0.key.hasPrefix("header ") && !Self.serverHeaders.contains($0.parameter.name.lowercased())
    }
    for group in [known.filter { $0.key.hasPrefix("path ") }, query, header] {
      var names: [String: String] = [:]
      for entry in group {
        checkMemberName(entry.parameter.name, .property, at: entry.node, in: &names, what: "a parameter")
      }
    }
    return (path, query.map(\.parameter), header.map(\.parameter))
  }

  /// A parameter and where it is, `path`, `query` or `header`.
  mutating func lowerParameter(_ reference: Node) -> (place: String, parameter: Parameter)? {
    guard let node = dereference(reference), check(node, .parameter) else { return nil }
    let description = string("description", of: node) ?? ""
    lintDescription(node, of: "the parameter", description)
    _ = boolean("deprecated", of: node)
    checkExamples(node, allowsUnnamed: true)
    let isRequired = boolean("required", of: node) ?? false
    guard let name = string("name", of: node), let place = string("in", of: node), let schema = node["schema"] else {
      return nil
    }
    guard ["path", "query", "header"].contains(place) else {
      error(node["in"] ?? node, "a parameter is in path, query or header; \(place) parameters are not supported")
      return nil
    }
    if place == "header", let owner = Self.reservedHeaders[name.lowercased()] {
      error(node["name"] ?? node, "\(name) is no parameter: \(owner) says it")
      return nil
    }
    if place == "path", !isRequired { errorAtKey(node["required"] ?? node, "a path parameter needs 'required: true'") }
    guard let type = lowerType(schema, allowsDefault: true) else { return nil }
    if !isScalar(type) {
      error(schema, "a parameter is a string, number, boolean or enum, not \(describe(expand(type)))")
      return nil
    }
    let defaultValue = lowerDefault(schema, type: type)
    if isRequired, profile.isOwn, let place = schema["default"] {
      errorAtKey(place, "a required parameter has no use for a default", .invalidDefault)
    }
    let parameter = Parameter(
      name: name, swiftName: SwiftName.bare(name, .property), type: type, isRequired: isRequired,
      defaultValue: defaultValue, description: description, location: node.location,
      place: ParameterPlace(rawValue: place) ?? .query)
    return (place, parameter)
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidParameter) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidParameter) }
}
