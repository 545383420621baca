/// OpenAPI documents of others: our extensions are not asked for, and what is not supported costs one operation, not all.
///
/// | they say | it becomes |
/// | --- | --- |
/// | no `x-access` | what `security` says: `public` where it asks for nothing, else `user` |
/// | no `x-problems` | the problems that the generated code answers |
/// | no operationId, or one that is no name | one of the method and the path |
/// | any number of tags | the first one; `default` where there is none |
/// | any statuses | a case of the operation's output each |
/// | more than one media type | JSON if it is among them, else the first, as bytes |
extension Lowerer {
  static let methods = ["get", "put", "post", "delete", "patch"]

  mutating func lowerForeign(_ root: Node) {
    if let place = root["swagger"] {
      errorAtKey(place, "this is Swagger 2.0; convert it to OpenAPI 3 first", .unsupportedVersion)
      return
    }
    let version = string("openapi", of: root) ?? ""
    guard ["3.0", "3.1", "3.2"].contains(where: { version == $0 || version.hasPrefix($0 + ".") }) else {
      error(
        root["openapi"] ?? root, "the compiler reads OpenAPI 3.0, 3.1 and 3.2, not '\(version)'", .unsupportedVersion)
      return
    }
    lowerForeignServers(root)
    lowerForeignProblems()
    var shapes: [String: Node] = [:]
    for entry in entries("paths", of: root) where !entry.key.hasPrefix("x-") {
      lowerForeignPath(entry, root: root, shapes: &shapes)
    }
  }

  /// What the generated code itself answers.
  mutating func lowerForeignProblems() {
    for problem in Self.pipelineProblems {
      problems[problem.code] = problem
      model.problems.append(problem)
    }
  }

  private mutating func lowerForeignServers(_ root: Node) {
    guard let server = items("servers", of: root).first, let url = server["url"]?.string else { return }
    var text = url
    for entry in server["variables"]?.entries ?? [] {
      text = text.replacing("{\(entry.key)}", with: entry.value["default"]?.string ?? "")
    }
    var path = text[...]
    if let scheme = text.firstRange(of: "://") {
      let rest = text[scheme.upperBound...]
      path = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
    }
    if let end = path.firstIndex(where: { $0 == "?" || $0 == "#" }) { path = path[..<end] }
    while path.hasSuffix("/") { path = path.dropLast() }
    let isPlain = path.isEmpty || path.hasPrefix("/") && path.unicodeScalars.allSatisfy(Self.isServerCharacter)
    if isPlain {
      model.basePath = String(path)
    } else {
      warning(server["url"] ?? server, "the path of this server can't be one of the router; paths begin at '/'")
    }
  }

  private static func isServerCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar))
  }

  private mutating func lowerForeignPath(_ entry: Node.Entry, root: Node, shapes: inout [String: Node]) {
    guard let item = resolver.resolve(entry.value), item.isMapping else {
      return reportLeftOut("the path \(entry.key)", entry.value, "it leads nowhere", at: entry.value.location)
    }
    let methods = item.entries.filter { Self.methods.contains($0.key) }
    for method in methods { operationNames["\(entry.key) \(method.key)"] = operationName(method, path: entry.key) }
    for method in item.entries where ["head", "options", "trace"].contains(method.key) {
      warning(
        method.value.atKey, "\(method.key.uppercased()) \(entry.key) is left out: the server answers it by itself")
    }
    // OpenAPI 3.2 §4.9: what has no key of its own has its name as it is sent.
    let others = item.entries.filter { $0.key == "query" }.map { ("QUERY", $0.value) }
    for (name, node) in others + (item["additionalOperations"]?.entries ?? []).map({ ($0.key, $0.value) }) {
      reportLeftOut("\(name) \(entry.key)", node, "the router has no such method", at: nil)
      leftOutCount += 1
    }
    let segments = attempt("the path \(entry.key)", entry.value) { lowerer -> [Operation.Segment]? in
      guard let segments = lowerer.lowerTemplate(entry) else { return nil }
      if shapes.updateValue(entry.value, forKey: segments.shape) != nil {
        lowerer.errorAtKey(entry.value, "two paths differ only in the names of their parameters", .ambiguousPath)
        return nil
      }
      return segments
    }
    for method in methods {
      let what = "\(method.key.uppercased()) \(entry.key)"
      let operation = segments.flatMap { segments in
        attempt(what, method.value) {
          $0.lowerForeignOperation(method, path: entry.key, segments: segments, pathItem: item, root: root)
        }
      }
      if let operation { model.operations.append(operation) } else { leftOutCount += 1 }
    }
  }

  /// The operation's name: its operationId, or one of its method and path, and unlike all others and all types.
  private mutating func operationName(_ method: Node.Entry, path: String) -> String {
    let stated = method.value["operationId"]?.string ?? ""
    let text = stated.contains(where: { $0.isASCII && $0.isLetter }) ? stated : "\(method.key) \(path)"
    var part = SwiftName.spelledPart(text)
    if part.first?.isNumber == true { part = SwiftName.part(method.key) + part }
    let name = typeNames.free(part)
    return name.prefix(1).lowercased() + name.dropFirst()
  }

  // MARK: - What is left out

  /// Lowers something; where that is not possible it is left out, and its first error says why.
  mutating func attempt<Result>(
    _ what: String, _ node: Node, _ lower: (inout Lowerer) -> Result?
  ) -> Result? {
    let before = diagnostics
    diagnostics = Diagnostics()
    let result = lower(&self)
    let seen = diagnostics.all
    diagnostics = before
    guard result == nil || seen.contains(where: { $0.severity == .error }) else {
      for diagnostic in seen { diagnostics.report(diagnostic) }
      return result
    }
    let reason = seen.first { $0.severity == .error }
    reportLeftOut(what, node, reason?.message ?? "it needs what is left out", at: reason?.location)
    return nil
  }

  mutating func reportLeftOut(_ what: String, _ node: Node, _ reason: String, at place: SourceLocation?) {
    let line = place.map { $0.line == node.keyLocation.line ? "" : " (line \($0.line))" } ?? ""
    diagnostics.report(
      Diagnostic(
        .warning, .leftOut, at: node.keyLocation, "\(what) is left out: \(reason)\(line)", context: node.pointer))
  }

  /// In others' specs an error of one thing is a warning for the whole.
  mutating func tolerating(_ body: (inout Lowerer) -> Void) {
    guard !profile.isOwn else { return body(&self) }
    let before = diagnostics
    diagnostics = Diagnostics()
    body(&self)
    let seen = diagnostics.all
    diagnostics = before
    for diagnostic in seen {
      diagnostics.report(
        Diagnostic(
          diagnostic.severity == .error ? .warning : diagnostic.severity, diagnostic.rule, at: diagnostic.location,
          diagnostic.message, context: diagnostic.context))
    }
  }

  /// Takes out what can't be said without what is left out: types, and then operations.
  mutating func removeBroken() {
    var users: [String: [String]] = [:]
    var pending: [String] = []
    for (name, _) in schemas {
      guard let declaration = declarations[name], !isFailed(declaration.schema),
        !types(in: declaration.shape).contains(where: isFailed)
      else {
        pending.append(name)
        continue
      }
      for part in types(in: declaration.shape).compactMap(name(in:)) {
        users[part, default: []].append(name)
      }
    }
    var broken = Set(pending)
    while let name = pending.popLast() {
      for user in users[name] ?? [] where broken.insert(user).inserted { pending.append(user) }
    }
    for name in broken { declarations[name] = nil }
    let kept = model.operations.filter { operation in
      let types = types(in: operation)
      guard
        let missing = types.first(where: { type in
          isFailed(type) || name(in: type).map { declarations[$0] == nil } == true
        })
      else { return true }
      diagnostics.report(
        Diagnostic(
          .warning, .leftOut, at: operation.location,
          "\(operation.method) \(operation.id) is left out: it needs \(describe(missing)), which is left out"))
      leftOutCount += 1
      return false
    }
    model.operations = kept
    removeBrokenEvents()
  }

  private mutating func removeBrokenEvents() {
    func missing(_ types: [TypeReference?]) -> TypeReference? {
      types.compactMap { $0 }.first { isFailed($0) || name(in: $0).map { declarations[$0] == nil } == true }
    }
    var left: [(name: String, type: TypeReference, location: SourceLocation)] = []
    let clientEvents = model.clientEvents.filter { event in
      var data: TypeReference?
      if case .own(let type, _) = event.binding { data = type }
      guard let type = missing([event.payload, data]) else { return true }
      left.append((event.name, type, event.location))
      return false
    }
    let serverEvents = model.serverEvents.filter { event in
      guard let type = missing([event.payload]) else { return true }
      left.append((event.name, type, event.location))
      return false
    }
    (model.clientEvents, model.serverEvents) = (clientEvents, serverEvents)
    for (name, type, location) in left {
      diagnostics.report(
        Diagnostic(
          .warning, .leftOut, at: location,
          "the event \(name) is left out: it needs \(describe(type)), which is left out"))
      leftOutEventCount += 1
    }
  }

  private func isFailed(_ rule: Int?) -> Bool { rule.map(rules.failed.contains) ?? false }

  /// Whether a schema of the type can't be checked.
  private func isFailed(_ type: TypeReference) -> Bool {
    switch type {
    case .checked(let inner, let rule): rules.failed.contains(rule) || isFailed(inner)
    case .array(let inner, _), .map(let inner, _), .nullable(let inner), .indirect(let inner): isFailed(inner)
    case .string, .integer, .number, .boolean, .const, .json, .named: false
    }
  }

  private func types(in operation: Operation) -> [TypeReference] {
    let parameters = operation.pathParameters + operation.queryParameters + operation.headerParameters
    var types = parameters.map(\.type)
    if case .json(let type) = operation.body?.content { types.append(type) }
    for case .json(let type) in operation.responses.map(\.content) { types.append(type) }
    return types
  }

  private func types(in shape: TypeDeclaration.Shape) -> [TypeReference] {
    switch shape {
    case .enumeration: return []
    case .alias(let type): return [type]
    case .union(let union): return union.branches.map { .named($0.type) }
    case .choice(let choice): return choice.branches.map(\.type)
    case .object(let object):
      var types = object.properties.map(\.type)
      if case .typed(let type) = object.additional { types.append(type) }
      return types
    }
  }

  /// The one name that a type has in it.
  private func name(in type: TypeReference) -> String? {
    switch type {
    case .named(let name): name
    case .array(let inner, _), .map(let inner, _), .nullable(let inner), .checked(let inner, _), .indirect(let inner):
      name(in: inner)
    case .string, .integer, .number, .boolean, .const, .json: nil
    }
  }
}
