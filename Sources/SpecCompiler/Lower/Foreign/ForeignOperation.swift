extension Lowerer {
  mutating func lowerForeignOperation(
    _ entry: Node.Entry, path: String, segments: [Operation.Segment], pathItem: Node, root: Node
  ) -> Operation? {
    let node = entry.value
    guard node.isMapping else {
      error(node, "an operation is a mapping, not \(node.kind)")
      return nil
    }
    guard let parameters = lowerForeignParameters(node, pathItem: pathItem, segments: segments) else { return nil }
    var body: RequestBody?
    if let place = node["requestBody"], let reference = resolver.resolve(place) {
      if entry.key == "get" {
        error(place, "a \(entry.key.uppercased()) request has no body (RFC 9110 §9.3)")
        return nil
      }
      guard let lowered = lowerForeignBody(reference) else { return nil }
      body = lowered
    }
    guard let responses = lowerForeignResponses(node) else { return nil }
    for key in ["callbacks", "servers"] {
      if let place = node[key] { warning(place.atKey, "'\(key)' of an operation is left out") }
    }
    let tag = node["tags"]?.items.first?.string ?? "default"
    return Operation(
      id: operationNames["\(path) \(entry.key)"] ?? path, method: entry.key.uppercased(), path: segments,
      tag: tagName(tag), summary: node["summary"]?.string ?? "", description: node["description"]?.string ?? "",
      access: lowerSecurity(node, root: root), pathParameters: parameters.path, queryParameters: parameters.query,
      headerParameters: parameters.header, body: body, bodyLimit: nil, cacheControl: nil, acceptsRanges: false,
      responses: responses, codes: Self.pipelineProblems.map(\.code), location: node.keyLocation)
  }

  /// Tags that become the same name have their operations together.
  func tagName(_ tag: String) -> String {
    let part = SwiftName.spelledPart(tag)
    return part.first?.isNumber == true ? "Tag" + part : part
  }

  /// A requirement of nothing is one that everybody meets (OpenAPI 3.1 §4.8.30).
  private mutating func lowerSecurity(_ node: Node, root: Node) -> Access {
    guard let requirements = node["security"] ?? root["security"], !requirements.items.isEmpty,
      !requirements.items.contains(where: { $0.entries.isEmpty })
    else { return .everyone }
    return .user
  }

  // MARK: - Bodies and answers

  private mutating func lowerForeignBody(_ node: Node) -> RequestBody? {
    guard let entry = preferred(node["content"]?.entries ?? []) else {
      error(node, "the body has no media type")
      return nil
    }
    guard Self.isJSON(entry.key), let schema = entry.value["schema"] else {
      return RequestBody(content: .bytes(mediaType: mediaRange(entry.key)), isRequired: true)
    }
    guard let type = lowerType(schema, allowsDefault: true) else { return nil }
    return RequestBody(
      content: .json(type), isRequired: node["required"]?.boolean ?? false, jsonType: mediaRange(entry.key))
  }

  private mutating func lowerForeignResponses(_ operation: Node) -> [SuccessResponse]? {
    var responses: [SuccessResponse] = []
    let stated = (operation["responses"]?.entries ?? []).filter { !$0.key.hasPrefix("x-") }
    let hasSuccess = stated.contains { $0.key.hasPrefix("2") }
    for entry in stated {
      let status: Int
      switch entry.key {
      // What stands for several statuses is the success if nothing else is.
      case "default", "2XX", "2xx":
        if stated.contains(where: { $0.key == "200" }) || entry.key == "default" && hasSuccess { continue }
        status = 200
      default:
        guard let number = Int(entry.key), (200...599).contains(number) else { continue }
        status = number
      }
      guard let node = resolver.resolve(entry.value) else {
        error(entry.value, "the response refers to what is not there")
        return nil
      }
      // Problems are answered by code.
      let contents = node["content"]?.entries ?? []
      if status >= 400, preferred(contents)?.key == "application/problem+json" { continue }
      guard let content = lowerForeignContent(contents, status: status) else { return nil }
      responses.append(
        SuccessResponse(
          status: status, content: content, jsonType: mediaRange(preferred(contents)?.key ?? "application/json"),
          description: node["description"]?.string ?? "", location: entry.value.keyLocation))
    }
    if responses.isEmpty {
      responses.append(SuccessResponse(status: 204, content: .none, description: "", location: operation.keyLocation))
    }
    return responses.sorted { $0.status < $1.status }
  }

  private mutating func lowerForeignContent(
    _ contents: [Node.Entry], status: Int
  ) -> SuccessResponse.Content? {
    // RFC 9110 §15.3.5, §15.3.6 and §15.4.5.
    guard let entry = preferred(contents), ![204, 205, 304].contains(status) else { return .some(.none) }
    guard Self.isJSON(entry.key), let schema = entry.value["schema"] else {
      return .bytes(mediaType: mediaRange(entry.key))
    }
    return lowerType(schema, allowsDefault: true).map { .json($0) }
  }

  /// JSON if it is among them.
  private func preferred(_ contents: [Node.Entry]) -> Node.Entry? {
    contents.first { $0.key == "application/json" } ?? contents.first { Self.isJSON($0.key) } ?? contents.first
  }

  static func isJSON(_ mediaType: String) -> Bool {
    let name = mediaType.prefix { $0 != ";" }
    return name == "application/json" || name.hasSuffix("+json")
  }

  /// Without parameters, in lower case; any where it is none.
  private func mediaRange(_ text: String) -> String {
    let name = text.prefix { $0 != ";" && $0 != " " }.lowercased()
    return Self.isMediaRange(name) ? name : "*/*"
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .leftOut) }
}
