extension Emitter {
  func emitAPI(_ writer: inout SwiftWriter) {
    writer.line("/// Every REST operation of the spec.")
    writer.line("public enum Operations {}")
    writer.line()
    writer.line("/// Every client event that is not another door to a REST operation.")
    writer.line("public enum Events {}")
    writer.line()
    let parameters =
      rooms.map { "\($0.type): \($0.protocols)" } + [
        "\(SwiftName.policyHandler): AccessPolicies", "\(SwiftName.tokenHandler): Authenticator",
      ]
    let members =
      rooms.map { ($0.member, $0.type) } + [
        ("policies", SwiftName.policyHandler), ("authenticator", SwiftName.tokenHandler),
      ]
    writer.line("/// The protocol over what people write by hand, a value for each tag: bytes in, bytes out.")
    writer.line("///")
    writer.line(
      "/// A class, so that whoever keeps it keeps one reference; each handler is called by its own type's witness.")
    writer.block("public final class API<\(parameters.joined(separator: ", "))>: Sendable") { writer in
      for (name, type) in members { writer.line("let \(name): \(type)") }
      if isLimited { writer.line("let limiter: RateLimiter") }
      writer.line("/// Told of every fault: an error that is neither a refusal nor a dependency that is away.")
      writer.line("private let onFault: @Sendable (any Error, RequestContext) -> Void")
      writer.line()
      writer.block(
        "public init(\(members.map { "\($0): \($1)" }.joined(separator: ", ")), "
          + (isLimited ? "limiter: RateLimiter, " : "")
          + "onFault: @escaping @Sendable (any Error, RequestContext) -> Void)"
      ) { writer in
        for (name, _) in members { writer.line("self.\(name.filter { $0 != "`" }) = \(name)") }
        if isLimited { writer.line("self.limiter = limiter") }
        writer.line("self.onFault = onFault")
      }
      writer.line()
      writer.line("/// A problem as an answer.")
      writer.block("public func problem(_ problem: ProblemDetails, context: RequestContext) -> Response") {
        $0.line("Response.problem(problem, requestID: context.requestID, catalog: problemCatalog)")
      }
      writer.line()
      writer.line("/// Looks up what an error is for the client, and tells of it if it is a fault.")
      writer.block("func problem(of error: any Error, context: RequestContext) -> ProblemDetails") { writer in
        writer.line("let problem = ProblemDetails(error)")
        writer.line("if problemCatalog[problem.code].status == 500 { onFault(error, context) }")
        writer.line("return problem")
      }
      writer.line()
      writer.line("/// Authenticates, decodes, checks access, calls the handler and encodes its answer.")
      writer.line("///")
      writer.line("/// - Parameter segments: as `Route.operation` has them.")
      writer.block(
        "public func respond(to request: Request, operation: OperationID, segments: PathSegments) async -> Response"
      ) { writer in
        guard !model.operations.isEmpty else {
          writer.line(
            "self.problem(ProblemDetails(\"not_found\", \"There is no operation.\"), context: request.context)")
          return
        }
        // Returned, the responses would each have a place of their own in this function's frame, which each request
        // allocates; inlined, the handlers would have theirs there, too.
        writer.line("var response = Response(status: 500)")
        if isLimited { writer.line("var report = RateLimitReport()") }
        writer.block("do", end: "} catch {") { writer in
          writer.line("switch operation {")
          for operation in model.operations {
            let name = SwiftName.bare(operation.id, .operation)
            let report = isLimited ? "&report, " : ""
            writer.line("case .\(name): try await \(handlerName(operation))(request, segments, \(report)&response)")
          }
          writer.line("}")
          if !isLimited { writer.line("return response") }
        }
        writer.indented { writer in
          guard !isLimited else {
            return emitRefused("problem(of: error, context: request.context)", "request.context", &writer)
          }
          writer.line("return self.problem(problem(of: error, context: request.context), context: request.context)")
        }
        writer.line("}")
        if isLimited {
          writer.line("response.rateLimit = report.nearest")
          writer.line("return response")
        }
      }
      if isLimited { emitRefuse(&writer) }
    }
    writer.line()
    emitReceive(&writer)
  }

  func emitDispatch(_ group: FileGroup, _ writer: inout SwiftWriter) {
    guard !group.operations.isEmpty || !group.clientEvents.isEmpty else { return }
    writer.block("extension API") { writer in
      for operation in group.operations {
        numbered(operation.id, operation.location) { emitRespond(operation, patterns, &writer) }
        writer.line()
      }
      for event in group.clientEvents {
        numbered("event \(event.name)", event.location) { emitReceive(event, &writer) }
        writer.line()
      }
    }
  }

  private func numbered(_ name: String, _ location: SourceLocation, _ emit: () -> Void) {
    guard let checks else { return emit() }
    checks.within(CheckNumbering.Place(name: name, location: location), emit)
  }

  var isLimited: Bool { !model.rateLimits.isEmpty }

  /// For what a request's head is refused for before its operation begins.
  private func emitRefuse(_ writer: inout SwiftWriter) {
    writer.line()
    writer.line("/// The answer to a request whose head has this problem.")
    writer.block("public func refuse(_ problem: ProblemDetails, context: RequestContext) -> Response") { writer in
      writer.line("\(strangerLimit == nil ? "let" : "var") report = RateLimitReport()")
      writer.line("var response = Response(status: 500)")
      emitRefused("problem", "context", &writer)
      writer.line("response.rateLimit = report.nearest")
      writer.line("return response")
    }
  }

  private func emitRefused(_ problem: String, _ context: String, _ writer: inout SwiftWriter) {
    var problem = problem
    if let strangerLimit {
      writer.line(
        "let counted = limiter.counting(\(problem), against: \(strangerLimit), address: \(context).address, &report)")
      problem = "counted"
    }
    writer.line("response = self.problem(\(problem), context: \(context))")
  }

  private func handlerName(_ operation: Operation) -> String { "respond\(SwiftName.part(operation.id))" }

  private func emitRespond(_ operation: Operation, _ patterns: Patterns, _ writer: inout SwiftWriter) {
    let name = handlerName(operation)
    writer.line("@inline(never)")
    writer.block(
      "func \(name)(_ request: Request, _ segments: PathSegments, "
        + (isLimited ? "_ report: inout RateLimitReport, " : "") + "_ response: inout Response) async throws"
    ) { writer in
      emitLimits(operation, .arrived, &writer)
      if let mediaType = operation.answerMediaType {
        statement("accept", "try request.requireAcceptable(\(literal(mediaType)))", &writer)
      }
      if operation.access != .everyone {
        writer.line("let caller = try await request.authenticated(by: authenticator)")
        emitLimits(operation, .authenticated, &writer)
      }
      let arguments = emitInputReading(operation, patterns, &writer)
      emitLimits(operation, .decoded, &writer)
      if case .policy(let policy, let parameter) = operation.access {
        let group = operation.pathParameters.contains { $0.name == parameter } ? "path" : "query"
        statement(
          "x-access",
          "try await policies.\(SwiftName.bare(policy, .policy))(\(group)\(SwiftName.part(parameter)), caller: caller)"
            + ".require()", &writer)
      }
      let caller = operation.access == .everyone ? "" : "caller: caller, "
      writer.line(
        "let output = try await self.\(SwiftName.bare(operation.tag, .tag)).\(SwiftName.bare(operation.id, .operation))"
          + "(.init(\(arguments)), \(caller)context: request.context)")
      writer.line("switch output {")
      for response in operation.responses {
        let name = caseName(response.status)
        switch response.content {
        case .none: writer.line("case .\(name): response = Response(status: \(response.status))")
        case .json(let type):
          let arguments =
            ["\(response.status)"]
            + (response.jsonType == "application/json" ? [] : ["as: \(literal(response.jsonType))"])
          let call = writing("Response.json", "value", type, after: arguments)
          writer.line("case .\(name)(\(binding(type))): response = \(call)")
        case .bytes(let mediaType):
          writer.line(
            "case .\(name)(let content): response = Response(status: \(response.status), contentType: "
              + "\(literal(mediaType)), content: content)")
        }
      }
      writer.line("case .refused(let refusal): throw ProblemDetails(refusal)")
      writer.line("}")
    }
  }

  /// Whether a segment is read without making a text of it.
  private func isUUID(_ type: TypeReference) -> Bool {
    if case .string(let rules) = resolved(type) { rules.format == .uuid } else { false }
  }

  /// Reads parameters and body; everything that is wrong with them is one answer.
  ///
  /// - Returns: the arguments of the input's initializer.
  private func emitInputReading(
    _ operation: Operation, _ patterns: Patterns, _ writer: inout SwiftWriter
  ) -> String {
    let parameters = operation.pathParameters + operation.queryParameters + operation.headerParameters
    guard !parameters.isEmpty || operation.body != nil else { return "" }
    let isChecked: Bool
    if case .json = operation.body?.content { isChecked = true } else { isChecked = !parameters.isEmpty }
    let query = operation.queryParameters.isEmpty ? "nil" : "request.query"
    if isChecked { writer.line("var parameters = Parameters(query: \(query))") }
    var bound: [String] = []
    for (index, segment) in operation.path.enumerated() {
      guard case .parameter(let name) = segment,
        let parameter = operation.pathParameters.first(where: { $0.name == name })
      else { continue }
      checks?.goOn(to: name, parameter.location)
      let place = "segments[\(basePath.count + index)]"
      let read = pathRead(parameter, segment: isUUID(parameter.type) ? place : "String(\(place))", patterns)
      writer.line("let optionalPath\(part(parameter)) = \(read)")
      bound.append("let path\(part(parameter)) = optionalPath\(part(parameter))")
    }
    for (group, parameter) in operation.queryParameters.map({ ("query", $0) })
      + operation.headerParameters.map({ ("header", $0) })
    {
      let type = part(parameter)
      let name = group + type
      checks?.goOn(to: parameter.name, parameter.location)
      let read = group == "query" ? queryRead(parameter, patterns) : headerRead(parameter, patterns)
      if let value = parameter.defaultValue {
        writer.line("let \(name) = \(read) ?? \(fallback(expression(value, type: parameter.type)))")
      } else if parameter.isRequired {
        let optional = "optional" + group.prefix(1).uppercased() + group.dropFirst() + type
        writer.line("let \(optional) = \(read)")
        bound.append("let \(name) = \(optional)")
      } else {
        writer.line("let \(name) = \(read)")
      }
    }
    checks?.goOn(to: nil, operation.location)
    if let body = operation.body {
      switch body.content {
      case .json(let type):
        let required =
          (body.jsonType == "application/json" ? "" : "as: \(literal(body.jsonType)), ")
          + (body.isRequired ? "" : "required: false, ")
        let name = body.isRequired ? "optionalBody" : "body"
        let arguments = "\(required)violations: &parameters.violations"
        let call =
          codableType(type).map { "decodeBody(\($0).self, \(arguments))" }
          ?? "decodeBody(\(arguments)) \(closure(type, patterns))"
        writer.line("let \(name) = try request.\(call)")
        if body.isRequired { bound.append("let body = optionalBody") }
      case .bytes(let mediaType): writer.line("let body = try request.streamBody(\(literal(mediaType)))")
      case .form:
        writer.line(
          "let body = try request.formBody(Operations.\(SwiftName.operationType(operation.id)).BodyPart.self)")
      }
    }
    if isChecked { writer.line("try parameters.requireValid()") }
    if !bound.isEmpty {
      // A value is missing only together with a violation, which has ended the request above.
      writer.line("guard \(bound.joined(separator: ", ")) else { throw Parameters.invalid([]) }")
    }
    return inputArguments(operation)
  }

  private func inputArguments(_ operation: Operation) -> String {
    var arguments: [String] = []
    if !operation.pathParameters.isEmpty {
      let values = operation.pathParameters.map { "\(label($0)): path\(part($0))" }
      arguments.append("path: .init(\(values.joined(separator: ", ")))")
    }
    if !operation.queryParameters.isEmpty {
      let values = operation.queryParameters.map { "\(label($0)): query\(part($0))" }
      arguments.append("query: .init(\(values.joined(separator: ", ")))")
    }
    if !operation.headerParameters.isEmpty {
      let values = operation.headerParameters.map { "\(label($0)): header\(part($0))" }
      arguments.append("header: .init(\(values.joined(separator: ", ")))")
    }
    if operation.body != nil { arguments.append("body: body") }
    return arguments.joined(separator: ", ")
  }
}
