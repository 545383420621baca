extension Lowerer {
  mutating func lowerOpenAPI(_ root: Node) {
    guard check(root, .openapi) else { return }
    if let version = string("openapi", of: root), let place = root["openapi"], !SpecVersion.isOpenAPI(version) {
      error(place, "the compiler reads OpenAPI 3.1, not \(version)", .unsupportedVersion)
    }
    checkInfo(root)
    lowerServers(root)
    checkTags(items("tags", of: root))
    checkSecurity(root)
    lowerProblems(root)
    lowerRequestLimits(root)
    checkComponents(root, .components)
    lowerPaths(root)
  }

  // MARK: - Around the operations

  mutating func checkInfo(_ root: Node) {
    guard let info = root["info"], check(info, .info) else { return }
    for key in ["title", "version", "summary", "description", "termsOfService"] { _ = string(key, of: info) }
    if let contact = info["contact"] { check(contact, .contact) }
    if let license = info["license"] { check(license, .license) }
    for node in [info, root] {
      if let docs = node["externalDocs"] { check(docs, .externalDocs) }
    }
  }

  mutating func checkTags(_ tags: [Node]) {
    var names: Set<String> = []
    var swiftNames: [String: String] = [:]
    for tag in tags where check(tag, .tag) {
      guard let name = string("name", of: tag) else { continue }
      lintDescription(tag, of: "the tag", tag["description"]?.string)
      if !IdentifierCheck.isKebabCase(name) {
        error(tag["name"] ?? tag, "a tag is in kebab-case: it names a protocol", .invalidName)
      }
      // `things-event` has handlers that are called as those of the events of `things` are.
      for part in [name, name + "-event"] {
        checkDistinct(name, SwiftName.part(part), at: tag["name"] ?? tag, in: &swiftNames)
      }
      if !names.insert(name).inserted { error(tag["name"] ?? tag, "the tag '\(name)' is declared twice", .nameClash) }
    }
  }

  private mutating func lowerServers(_ root: Node) {
    let servers = items("servers", of: root)
    for server in servers { check(server, .server) }
    for server in servers.dropFirst() {
      if let url = server["url"], profile.isOwn {
        error(url, "all paths are below the first server's; further ones are not looked at", .invalidServer)
      }
    }
    guard let first = servers.first, let url = string("url", of: first), let place = first["url"] else { return }
    var path = url[...]
    if let scheme = url.firstRange(of: "://") {
      let rest = url[scheme.upperBound...]
      path = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
    }
    while path.hasSuffix("/") { path = path.dropLast() }
    if !path.isEmpty, !path.hasPrefix("/") {
      error(place, "a server's url is absolute or starts with '/'", .invalidServer)
    }
    if path.contains("{"), profile.isOwn { error(place, "a server's url has no variables", .invalidServer) }
    model.basePath = String(path)
  }

  private mutating func lowerProblems(_ root: Node) {
    var names: [String: String] = [:]
    for entry in entries("x-problems", of: root) where check(entry.value, .problem) {
      checkDistinct(entry.key, SwiftName.bare(entry.key, .member), at: entry.name, in: &names)
      if !IdentifierCheck.isSnakeCase(entry.key) {
        errorAtKey(entry.value, "a problem's code is in snake_case", .invalidName)
      }
      guard let title = string("title", of: entry.value), let place = entry.value["status"] else { continue }
      guard let status = place.integer, (400...599).contains(status) else {
        error(place, "a problem's status is from 400 to 599", .invalidProblem)
        continue
      }
      let kind = ProblemKind(code: entry.key, status: status, title: title)
      problems[entry.key] = kind
      model.problems.append(kind)
    }
    checkPipelineProblems(root)
  }

  mutating func checkComponents(_ root: Node, _ kind: ObjectKind) {
    guard let components = root["components"], check(components, kind) else { return }
    for entry in entries("securitySchemes", of: components) { checkSecurityScheme(entry.value) }
    for entry in entries("examples", of: components) { checkExample(entry.value, name: entry.key) }
    for entry in entries("headers", of: components) { checkHeader(entry.value) }
    // Also those that nothing refers to are judged.
    for entry in entries("parameters", of: components) { _ = lowerParameter(entry.value) }
    for entry in entries("requestBodies", of: components) { _ = lowerRequestBody(entry.value) }
    for entry in entries("responses", of: components) { checkResponse(entry.value) }
  }

  // MARK: - Paths

  private mutating func lowerPaths(_ root: Node) {
    var shapes: [String: Node] = [:]
    var ids: [String: Node] = [:]
    var paths: [(segments: [Operation.Segment], node: Node)] = []
    var names: [String: String] = [:]
    for entry in entries("paths", of: root) where check(entry.value, .pathItem) {
      guard let segments = lowerTemplate(entry) else { continue }
      if let other = shapes.updateValue(entry.name, forKey: segments.shape) {
        error(entry.name, "two paths differ only in the names of their parameters", .ambiguousPath)
        note(other, "the first is here")
      } else {
        paths.append((segments, entry.name))
      }
      for method in Self.methods {
        guard let node = entry.value[method], check(node, .operation) else { continue }
        lowerOperation(node, method: method, segments: segments, pathItem: entry.value, ids: &ids, names: &names)
      }
    }
    checkAmbiguousPaths(paths)
  }

  // MARK: - Operations

  private mutating func lowerOperation(
    _ node: Node, method: String, segments: [Operation.Segment], pathItem: Node, ids: inout [String: Node],
    names: inout [String: String]
  ) {
    let before = doubts
    let id = string("operationId", of: node)
    if let id, let place = node["operationId"] {
      operationIDs.insert(id)
      if IdentifierCheck.isLowerCamelCase(id) {
        checkOperationName(id, at: place, in: &names)
      } else {
        error(place, "an operationId is in lowerCamelCase", .invalidName)
      }
      if let other = ids.updateValue(place, forKey: id) {
        error(place, "the operationId '\(id)' is taken", .nameClash)
        note(other, "'\(id)' is here first")
      }
    }
    let summary = string("summary", of: node) ?? ""
    let description = string("description", of: node) ?? ""
    lintDescription(node, of: "the operation", description)
    if let docs = node["externalDocs"] { check(docs, .externalDocs) }
    let isDeprecated = boolean("deprecated", of: node) ?? false
    checkSecurity(node)
    let tag = lowerTag(node)
    let (parameters, areKnown) = certainly { $0.lowerParameters(node, pathItem: pathItem, segments: segments) }
    let (path, query, header) = parameters
    let access = lowerAccess(
      node, subjects: path.map { ($0.name, $0.type, $0.isRequired) }, areAllKnown: areKnown, what: "path parameter")
    checkSecurity(ofOperation: node, access: access)
    let body = node["requestBody"].flatMap { lowerRequestBody($0) }
    if body != nil, method == "get" || method == "delete", let place = node["requestBody"] {
      errorAtKey(place, "a \(method.uppercased()) request has no body (RFC 9110 §9.3)", .invalidBody)
    }
    let limits = lowerLimits(of: node, id: id ?? "", access: access, body: body)
    let (lowered, areAnswersKnown) = certainly { $0.lowerResponses(node) }
    let (responses, codes) = lowered
    if areKnown { checkExamples(ofOperation: node, parameters: path + query + header) }
    if let id, doubts > before || node["responses"]?.isMapping != true { doubtfulOperations.insert(id) }
    guard let id, let tag else { return }
    let operation = Operation(
      id: id, method: method.uppercased(), path: segments, tag: tag, summary: summary,
      description: Self.deprecation(isDeprecated) + description,
      access: access ?? .user, pathParameters: path, queryParameters: query,
      headerParameters: header, body: body, rateLimits: limits, bodyLimit: lowerBodyLimit(node),
      cacheControl: lowerCacheControl(node, access: access),
      acceptsRanges: node["responses"]?["206"] != nil, responses: responses, codes: codes, location: node.keyLocation)
    if access != nil, areAnswersKnown, node["responses"]?.isMapping == true {
      checkPipelineCodes(of: operation, at: node)
    }
    model.operations.append(operation)
  }

  /// What comments say before the description of an operation that clients are not to begin to use.
  private static func deprecation(_ isDeprecated: Bool) -> String {
    isDeprecated ? "Deprecated: clients that are new do without it.\n\n" : ""
  }

  /// An operation is a type among others, which must not hide those that it mentions.
  mutating func checkOperationName(_ id: String, at node: Node, in names: inout [String: String]) {
    let name = SwiftName.operationType(id)
    if let schema = schemaTypes[name] {
      error(
        node, "'\(id)' becomes the type \(name), which would hide the schema \(schema.name); choose another name",
        .nameClash)
      note(schema.node, "\(schema.name) is here")
    }
    checkDistinct(id, name, at: node, in: &names)
  }

  /// Exactly one tag: the handler protocol that the operation belongs to.
  private mutating func lowerTag(_ node: Node) -> String? {
    guard let place = node["tags"] else { return nil }
    let tags = strings("tags", of: node)
    guard tags.count == 1 else {
      error(place, "an operation has exactly one tag: the handler protocol that it belongs to")
      return nil
    }
    checkTag(tags[0].text, at: tags[0].node)
    return tags[0].text
  }

  mutating func checkTag(_ tag: String, at node: Node) {
    guard !declaredTags.contains(tag) else { return }
    let names = (resolver.openapi.root["tags"]?.items ?? []).lazy.compactMap { $0["name"]?.string }
    error(
      node, "the tag '\(tag)' is not declared under tags", .unknownTag,
      suggestion: diagnostics.suggestion(for: tag, among: names))
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidOperation) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidOperation) }
}
