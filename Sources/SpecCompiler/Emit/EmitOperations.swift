extension Emitter {
  func emitOperations(_ group: FileGroup, _ writer: inout SwiftWriter) {
    emitHandlers(group, &writer)
    if !group.operations.isEmpty { emitInputsAndOutputs(group.operations, &writer) }
    if group.clientEvents.contains(where: isOwn) { emitEvents(group.clientEvents, &writer) }
  }

  private func emitInputsAndOutputs(_ operations: [Operation], _ writer: inout SwiftWriter) {
    writer.block("extension Operations") { writer in
      for operation in operations {
        writer.documentation(operation.description.isEmpty ? operation.summary : operation.description)
        writer.block("public enum \(SwiftName.operationType(operation.id))") { writer in
          emitForm(operation, patterns, &writer)
          emitInput(operation, &writer)
          emitCodes(operation.codes, &writer)
          emitOutput(operation, &writer)
        }
        writer.line()
      }
    }
    writer.line()
  }

  private func emitInput(_ operation: Operation, _ writer: inout SwiftWriter) {
    var parts: [(name: String, type: String)] = []
    let groups = [
      ("Path", operation.pathParameters), ("Query", operation.queryParameters), ("Header", operation.headerParameters),
    ]
    for (group, parameters) in groups where !parameters.isEmpty {
      let members = parameters.map {
        (name: SwiftName.escaped($0.swiftName), type: parameterType($0), documentation: $0.description)
      }
      emitPlainStruct(group, members, &writer)
      parts.append((group.lowercased(), group))
    }
    if let body = operation.body {
      parts.append(("body", swiftType(body)))
    }
    emitPlainStruct("Input", parts.map { (name: $0.name, type: $0.type, documentation: "") }, &writer)
  }

  private func swiftType(_ body: RequestBody) -> String {
    switch body.content {
    case .json(let type): swiftType(type) + (body.isRequired ? "" : "?")
    case .bytes: "BodyStream"
    case .form: "FormParts<BodyPart>"
    }
  }

  func parameterType(_ parameter: Parameter) -> String {
    swiftType(parameter.type) + (parameter.isRequired || parameter.defaultValue != nil ? "" : "?")
  }

  private func emitPlainStruct(
    _ name: String, _ members: [(name: String, type: String, documentation: String)], _ writer: inout SwiftWriter
  ) {
    writer.block("public struct \(name): Sendable") { writer in
      for member in members {
        if !member.documentation.isEmpty { writer.documentation(member.documentation) }
        writer.line("public var \(member.name): \(member.type)")
      }
      let parameters = members.map { "\($0.name): \($0.type)" + ($0.type.hasSuffix("?") ? " = nil" : "") }
      writer.block("public init(\(parameters.joined(separator: ", ")))") { writer in
        for member in members { writer.line("self.\(member.name.filter { $0 != "`" }) = \(member.name)") }
      }
    }
  }

  /// The codes that a handler can refuse with: nothing else compiles.
  func emitCodes(_ codes: [String], _ writer: inout SwiftWriter) {
    writer.block("public enum Code: String, ProblemCode") { writer in
      for code in codes {
        if let problem = problems[code] {
          writer.documentation("\(problem.status): \(problem.title)")
        }
        writer.line("case \(SwiftName.member(code, .member)) = \(literal(code))")
      }
    }
  }

  private func emitOutput(_ operation: Operation, _ writer: inout SwiftWriter) {
    writer.block("public enum Output: Sendable") { writer in
      for response in operation.responses {
        writer.documentation(response.description)
        switch response.content {
        case .none: writer.line("case \(caseName(response.status))")
        case .json(let type): writer.line("case \(caseName(response.status))(\(swiftType(type)))")
        case .bytes: writer.line("case \(caseName(response.status))(Content)")
        }
      }
      emitRefusal(&writer)
    }
  }

  func emitRefusal(_ writer: inout SwiftWriter) {
    writer.line("case refused(Refusal<Code>)")
    writer.line()
    writer.block("public static func refused(_ code: Code, _ detail: String) -> Output") {
      $0.line(".refused(Refusal(code, detail))")
    }
  }

  /// The name of an output's case, after the status (RFC 9110 §15).
  func caseName(_ status: Int) -> String {
    switch status {
    case 200: "ok"
    case 201: "created"
    case 202: "accepted"
    case 204: "noContent"
    case 206: "partialContent"
    default: "status\(status)"
    }
  }

  // MARK: - Events with handlers of their own

  private func emitEvents(_ events: [ClientEvent], _ writer: inout SwiftWriter) {
    writer.block("extension Events") { writer in
      for event in events {
        guard case .own(let data, let codes) = event.binding else { continue }
        writer.documentation(event.description)
        writer.block("public enum \(SwiftName.operationType(event.id))") { writer in
          if let payload = event.payload { writer.line("public typealias Input = \(swiftType(payload))") }
          emitCodes(codes, &writer)
          writer.block("public enum Output: Sendable") { writer in
            writer.line(data.map { "case ok(\(swiftType($0)))" } ?? "case done")
            emitRefusal(&writer)
          }
        }
        writer.line()
      }
    }
  }
}
