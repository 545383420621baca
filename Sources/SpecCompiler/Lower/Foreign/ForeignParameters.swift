extension Lowerer {
  typealias ForeignParameters = (path: [Parameter], query: [Parameter], header: [Parameter])

  /// Fields that say how a message is to be read, not what an operation is asked (OpenAPI 3.1 §4.8.12.1).
  private static let ignoredHeaders: Set<String> = [
    "accept", "authorization", "content-type", "if-none-match", "if-range", "range",
  ]

  mutating func lowerForeignParameters(
    _ operation: Node, pathItem: Node, segments: [Operation.Segment]
  ) -> ForeignParameters? {
    // An operation's own parameter takes the place of the path's (OpenAPI 3.1 §4.8.10).
    var nodes: [(key: String, node: Node)] = []
    for owner in [pathItem, operation] {
      for reference in owner["parameters"]?.items ?? [] {
        guard let node = resolver.resolve(reference) else {
          error(reference, "the parameter refers to what is not there")
          return nil
        }
        let key = "\(node["in"]?.string ?? "") \(node["name"]?.string ?? "")"
        nodes.removeAll { $0.key == key }
        nodes.append((key, node))
      }
    }
    var result: ForeignParameters = ([], [], [])
    var (path, query, header) = (MemberNames(.property), MemberNames(.property), MemberNames(.property))
    for case .parameter(let name) in segments {
      guard let node = nodes.first(where: { $0.key == "path \(name)" })?.node else {
        error(operation, "the path has '{\(name)}', but there is no path parameter '\(name)'")
        return nil
      }
      guard let parameter = lowerForeignParameter(node, .path, &path) else { return nil }
      result.path.append(parameter)
    }
    for (_, node) in nodes {
      switch node["in"]?.string {
      case "query":
        guard let parameter = lowerForeignParameter(node, .query, &query) else { return nil }
        result.query.append(parameter)
      case "header":
        if Self.ignoredHeaders.contains(node["name"]?.string?.lowercased() ?? "") { continue }
        guard let parameter = lowerForeignParameter(node, .header, &header) else { return nil }
        result.header.append(parameter)
      case "cookie":
        guard let parameter = lowerForeignParameter(node, .cookie, &header) else { return nil }
        result.header.append(parameter)
      default: continue
      }
    }
    return result
  }

  private mutating func lowerForeignParameter(
    _ node: Node, _ place: ParameterPlace, _ names: inout MemberNames
  ) -> Parameter? {
    guard let name = node["name"]?.string else {
      error(node, "the parameter has no name")
      return nil
    }
    // `content` has one media type (OpenAPI 3.1 §4.8.12.1).
    let content = node["content"]?.entries.first
    guard let schema = node["schema"] ?? content?.value["schema"] else {
      error(node, "the parameter '\(name)' has no schema")
      return nil
    }
    guard let lowered = lowerType(schema, allowsDefault: true) else { return nil }
    let type = withoutNull(lowered)
    var parameter = Parameter(
      name: name, swiftName: names.name(for: name), type: type,
      isRequired: place == .path || node["required"]?.boolean ?? false,
      defaultValue: lowerDefault(schema, type: type), description: node["description"]?.string ?? "",
      location: node.location, place: place)
    if let content {
      guard Self.isJSON(content.key) else {
        error(node, "the parameter '\(name)' is \(content.key), and only JSON is read there")
        return nil
      }
      parameter.encoding = .json
    } else if kinds(of: type) == .object {
      guard let object = lowerParameterObject(name, type, node, place) else { return nil }
      parameter.encoding = .object(object)
    } else if node["style"]?.string == "deepObject" {
      error(node, "the parameter '\(name)' is not always the same object, which the style deepObject needs")
      return nil
    } else {
      guard let (list, element) = list(type, node, place) else {
        error(
          schema, "the parameter '\(name)' is \(describe(expand(type))), which has no form in a \(place.rawValue)")
        return nil
      }
      guard !kinds(of: element).isDisjoint(with: .scalars) else {
        error(schema, "the parameter '\(name)' has \(describe(expand(element))) in it, which has no form there")
        return nil
      }
      parameter.list = list
    }
    return parameter
  }

  /// No text is null: a parameter that has none is left out.
  private func withoutNull(_ type: TypeReference) -> TypeReference {
    switch expand(type) {
    case .nullable(let inner): withoutNull(inner)
    case .checked(.nullable(let inner), let schema): .checked(inner, schema: schema)
    default: type
    }
  }

  /// How the elements of a list stand in the text (OpenAPI 3.1 §4.8.12.2), and what each is; nil for a style that none has.
  private func list(
    _ type: TypeReference, _ node: Node, _ place: ParameterPlace
  ) -> (list: ParameterList?, element: TypeReference)? {
    let inner: TypeReference
    switch expand(type) {
    case .array(let element, _): inner = element
    case .checked(.array(let element, _), _): inner = element
    case let other: return (nil, other)
    }
    let style = node["style"]?.string ?? (place == .query || place == .cookie ? "form" : "simple")
    switch (style, node["explode"]?.boolean ?? (style == "form")) {
    case ("form", true) where place == .query: return (.repeated, inner)
    case ("form", _), ("simple", _): return (.separated(by: ","), inner)
    case ("spaceDelimited", false): return (.separated(by: " "), inner)
    case ("pipeDelimited", false): return (.separated(by: "|"), inner)
    case ("spaceDelimited", true), ("pipeDelimited", true): return (.repeated, inner)
    default: return nil
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .leftOut) }
}
