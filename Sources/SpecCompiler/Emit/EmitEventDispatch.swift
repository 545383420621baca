extension Emitter {
  func emitReceive(_ writer: inout SwiftWriter) {
    writer.block("extension API") { writer in
      writer.line("/// Handles a client event: decodes, checks access, calls the handler and encodes its answer.")
      writer.line("///")
      writer.line("/// - Parameter payload: the JSON of the event's first argument; empty if it has none.")
      writer.block(
        "public func receive(event: String, payload: ByteBuffer, caller: Caller, context: RequestContext) async "
          + "-> Acknowledgement"
      ) { writer in
        writer.block("do", end: "} catch {") { writer in
          writer.line("switch event {")
          for event in model.clientEvents {
            writer.line(
              "case \(literal(event.name)): return try await \(functionName(event))(payload, caller, context)")
          }
          writer.line("default:")
          writer.indented {
            emitUnknownLimits(&$0)
            $0.line("throw ProblemDetails(\"not_found\", \"There is no event `\\(event.prefix(100))`.\")")
          }
          writer.line("}")
        }
        writer.indented { writer in
          writer.line("let problem = problem(of: error, context: context)")
          writer.line("return .problem(problem, context: context, catalog: problemCatalog)")
        }
        writer.line("}")
      }
    }
  }

  private func functionName(_ event: ClientEvent) -> String { "receive\(SwiftName.part(event.id))" }

  func emitReceive(_ event: ClientEvent, _ writer: inout SwiftWriter) {
    writer.block(
      "func \(functionName(event))(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) "
        + "async throws -> Acknowledgement"
    ) { writer in
      if !event.rateLimits.isEmpty { writer.line("var report = RateLimitReport()") }
      emitLimits(event, .arrived, &writer)
      emitLimits(event, .authenticated, &writer)
      if let payload = event.payload {
        writer.line("var violations: [Violation] = []")
        // The type of null is one that the Swift compiler asks to be written.
        let type = codableType(payload) == nil ? ": \(swiftType(payload))?" : ""
        writer.line("let decoded\(type) = try \(argument(payload))")
        writer.line("guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }")
      }
      emitLimits(event, .decoded, &writer)
      if case .policy(let policy, let property) = event.access {
        let subject = event.payload.flatMap(object(of:))?.properties.first { $0.name == property }
        statement(
          "x-access",
          "try await policies.\(SwiftName.bare(policy, .policy))(input.\(subject?.swiftName ?? property), caller: caller).require()",
          &writer)
      }
      switch event.binding {
      case .own(let data, _):
        let input = event.payload == nil ? "" : "input, "
        writer.line(
          "switch try await self.\(SwiftName.bare(event.tag, .tag)).\(SwiftName.bare(event.id, .operation))(\(input)caller: caller, context: context) {"
        )
        if let data {
          writer.line("case .ok(\(binding(data))): return \(writing(".data", "value", data))")
        } else {
          writer.line("case .done: return .done")
        }
      case .operation(let id, let parameters):
        emitOperationCall(event, id, parameters, &writer)
      }
      writer.line("case .refused(let refusal): throw ProblemDetails(refusal)")
      writer.line("}")
    }
  }

  /// Another door to a REST operation: its input from the event's payload.
  private func emitOperationCall(
    _ event: ClientEvent, _ id: String, _ parameters: [String: String], _ writer: inout SwiftWriter
  ) {
    guard let operation = model.operations.first(where: { $0.id == id }) else { return }
    let properties = event.payload.flatMap(object(of:))?.properties ?? []
    var arguments: [String] = []
    for (label, group) in [("path", operation.pathParameters), ("query", operation.queryParameters)]
    where !group.isEmpty {
      let values = group.compactMap { parameter in
        argument(parameter, property: parameters[parameter.name], of: properties)
      }
      arguments.append("\(label): .init(\(values.joined(separator: ", ")))")
    }
    if case .json(.named(let type)) = operation.body?.content, let shape = object(named: type) {
      let fields = shape.properties.filter { !isConstant($0) }.map { "\(label($0)): input.\(bare($0))" }
      var others: [String] = []
      if case .typed = shape.additional { others.append("additionalProperties: input.additionalProperties") }
      arguments.append("body: \(SwiftName.schema(type))(\((fields + others).joined(separator: ", ")))")
    }
    let caller = operation.access == .everyone ? "" : "caller: caller, "
    writer.line(
      "switch try await self.\(SwiftName.bare(operation.tag, .tag)).\(SwiftName.bare(id, .operation))(.init(\(arguments.joined(separator: ", "))), "
        + "\(caller)context: context) {")
    for response in operation.responses {
      let name = caseName(response.status)
      switch response.content {
      case .none: writer.line("case .\(name): return .done")
      case .json(let type):
        writer.line("case .\(name)(\(binding(type))): return \(writing(".data", "value", type))")
      case .bytes: writer.line("case .\(name): return .done")
      }
    }
  }

  /// A parameter's value: the property that `x-operation` names, else its default. Nil leaves it out.
  private func argument(_ parameter: Parameter, property: String?, of properties: [Property]) -> String? {
    let label = label(parameter)
    if let property, let declared = properties.first(where: { $0.name == property }) {
      if case .const(let scalar) = declared.type { return "\(label): \(expression(scalar, type: parameter.type))" }
      let value = "input.\(bare(declared))"
      if let fallback = parameter.defaultValue, !declared.isRequired, declared.defaultValue == nil {
        return "\(label): \(value) ?? \(expression(fallback, type: parameter.type))"
      }
      return "\(label): \(value)"
    }
    return parameter.defaultValue.map { "\(label): \(expression($0, type: parameter.type))" }
  }

  /// Reads the argument of an event, which may be missing.
  private func argument(_ payload: TypeReference) -> String {
    if let type = codableType(payload) { return "\(type).decode(argument: payload, violations: &violations)" }
    return "JSONReader.read(argument: payload, violations: &violations, \(reader(of: payload, patterns)))"
  }

  // MARK: - Server events

  private func encoding(_ event: ServerEvent) -> String {
    let name = "name: \(literal(event.name))"
    let volatility = event.isVolatile ? ", isVolatile: true" : ""
    if codableType(event.payload) != nil { return "EncodedEvent(\(name), payload: payload\(volatility))" }
    return "EncodedEvent(\(name)\(volatility)) { writer in \(writeStatement("payload", event.payload)) }"
  }

  func emitServerEvents(_ writer: inout SwiftWriter) {
    writer.line("/// Encoders of every event that the server sends.")
    writer.block("public enum ServerEvents") { writer in
      for event in model.serverEvents {
        writer.documentation(event.description)
        writer.block(
          "public static func \(SwiftName.member(event.name, .event))(_ payload: \(swiftType(event.payload))) "
            + "-> EncodedEvent"
        ) { $0.line(encoding(event)) }
        writer.line()
      }
    }
  }

  // MARK: - Validators

  func emitValidators(_ writer: inout SwiftWriter) {
    writer.line("/// Checks what a server sent against the spec, by the generated decoders.")
    writer.block("public enum Validators") { writer in
      writer.line("/// - Returns: nil for an operation or success status that the spec does not have.")
      writer.block(
        "public static func response(operation: String, status: Int, body: ByteBuffer) throws -> [Violation]?"
      ) { writer in
        writer.line("switch (operation, status) {")
        for operation in model.operations {
          for response in operation.responses {
            guard case .json(let type) = response.content else { continue }
            writer.line(
              "case (\(literal(operation.id)), \(response.status)): "
                + "return try violations(body, \(reader(of: type, patterns)))")
          }
        }
        writer.line("default: return nil")
        writer.line("}")
      }
      writer.line()
      writer.line("/// - Returns: nil for an event that the spec does not have.")
      writer.block("public static func event(_ name: String, payload: ByteBuffer) throws -> [Violation]?") { writer in
        writer.line("switch name {")
        for event in model.serverEvents {
          writer.line(
            "case \(literal(event.name)): return try violations(payload, \(reader(of: event.payload, patterns)))")
        }
        writer.line("default: return nil")
        writer.line("}")
      }
      writer.line()
      writer.line("/// - Parameter data: the `data` of an acknowledgement with `ok: true`.")
      writer.line("/// - Returns: nil for an event that the spec does not have, or one without data.")
      writer.block("public static func acknowledgement(event: String, data: ByteBuffer) throws -> [Violation]?") {
        writer in
        writer.line("switch event {")
        for event in model.clientEvents {
          guard let type = acknowledgementType(event) else { continue }
          writer.line("case \(literal(event.name)): return try violations(data, \(reader(of: type, patterns)))")
        }
        writer.line("default: return nil")
        writer.line("}")
      }
      writer.line()
      writer.block(
        "private static func violations<Value>(_ json: ByteBuffer, "
          + "_ read: (inout JSONReader) throws(JSONSyntaxError) -> Value?) throws -> [Violation]"
      ) { writer in
        writer.line("var violations: [Violation] = []")
        writer.line("_ = try JSONReader.read(json, violations: &violations, read)")
        writer.line("return violations")
      }
    }
  }

  private func acknowledgementType(_ event: ClientEvent) -> TypeReference? {
    switch event.binding {
    case .own(let data, _): data
    case .operation(let id, _):
      model.operations.first { $0.id == id }?.responses.lazy.compactMap { response -> TypeReference? in
        if case .json(let type) = response.content { return type }
        return nil
      }.first
    }
  }
}
