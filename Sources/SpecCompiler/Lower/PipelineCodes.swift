/// The refusals that the generated code gives by itself, so that the spec must tell of them.
extension Lowerer {
  static let pipelineProblems = [
    ProblemKind(code: "malformed_body", status: 400, title: "The body can't be read"),
    ProblemKind(code: "unauthorized", status: 401, title: "Authentication is needed"),
    ProblemKind(code: "not_found", status: 404, title: "There is no such thing"),
    ProblemKind(code: "method_not_allowed", status: 405, title: "The path does not know this method"),
    ProblemKind(code: "not_acceptable", status: 406, title: "None of the accepted media types can be given"),
    ProblemKind(code: "payload_too_large", status: 413, title: "The body is too large"),
    ProblemKind(code: "unsupported_media_type", status: 415, title: "The body is of another media type"),
    ProblemKind(code: "validation_failed", status: 422, title: "The request breaks its schema"),
    ProblemKind(code: "internal_error", status: 500, title: "The server made a mistake"),
    ProblemKind(code: "unavailable", status: 503, title: "The server can't answer now"),
  ]

  mutating func checkPipelineProblems(_ root: Node) {
    guard let place = root["x-problems"], place.isMapping else { return }
    let lacking = Self.pipelineProblems.filter { place[$0.code] == nil }.map { "'\($0.code)' (\($0.status))" }
    if !lacking.isEmpty {
      errorAtKey(place, "x-problems lacks \(lacking.joined(separator: ", ")), which the generated code answers")
    }
    for needed in Self.pipelineProblems {
      let (code, status) = (needed.code, needed.status)
      if let problem = problems[code], problem.status != status {
        error(place[code]?["status"] ?? place, "the generated code answers '\(code)' with \(status)", .invalidProblem)
      }
    }
  }

  /// A code that an operation needs, why, and the keyword that asks for it.
  private typealias Need = (code: String, why: String, keyword: String?)

  mutating func checkPipelineCodes(of operation: Operation, at node: Node) {
    var needed: [Need] = []
    if operation.body != nil {
      for code in ["malformed_body", "payload_too_large", "unsupported_media_type", "validation_failed"] {
        needed.append((code, "it has a body", "requestBody"))
      }
    }
    if !(operation.pathParameters + operation.queryParameters + operation.headerParameters).isEmpty {
      needed.append(("validation_failed", "it has parameters", "parameters"))
    }
    if operation.access != .everyone { needed.append(("unauthorized", "it is not public", "x-access")) }
    if case .policy(let name, _) = operation.access {
      needed.append(("not_found", "\(name) can hide its subject", "x-access"))
    }
    if let type = operation.answerMediaType, !type.hasSuffix("*") {
      needed.append(("not_acceptable", "it answers \(type)", "responses"))
    }
    if case .form = operation.body?.content { needed.append(("malformed_body", "it has a form", "requestBody")) }
    if !operation.rateLimits.isEmpty { needed.append(("too_many_requests", "it has a limit", "x-rate-limit")) }
    if operation.acceptsRanges { needed.append(("range_not_satisfiable", "it has ranges", "responses")) }
    for code in ["unavailable", "internal_error"] { needed.append((code, "any operation can fail so", nil)) }
    checkNeeded(needed, among: operation.codes, at: node)
  }

  mutating func checkPipelineCodes(
    ofEvent codes: [String], hasPayload: Bool, access: Access, isLimited: Bool, at node: Node
  ) {
    var needed: [Need] = []
    if hasPayload {
      needed.append(("malformed_body", "it has a payload", "messages"))
      needed.append(("validation_failed", "it has a payload", "messages"))
    }
    needed.append(("unauthorized", "a session can end while its socket is open", nil))
    if case .policy(let name, _) = access {
      needed.append(("not_found", "\(name) can hide its subject", "x-access"))
    }
    if isLimited { needed.append(("too_many_requests", "it has a limit", "x-rate-limit")) }
    for code in ["unavailable", "internal_error"] { needed.append((code, "any event can fail so", nil)) }
    checkNeeded(needed, among: codes, at: node)
  }

  private mutating func checkNeeded(_ needed: [Need], among codes: [String], at node: Node) {
    var reported: Set<String> = []
    var reasons: [(why: String, codes: [String])] = []
    for (code, why, keyword) in needed where !codes.contains(code) && reported.insert(code).inserted {
      // A path's parameters are not in the operation.
      let place = keyword.flatMap { node[$0] }.map { " (\(keyword ?? ""), line \($0.keyLocation.line))" } ?? ""
      if reasons.last?.why == why + place {
        reasons[reasons.count - 1].codes.append(code)
      } else {
        reasons.append((why + place, [code]))
      }
    }
    guard !reasons.isEmpty else { return }
    let texts = reasons.map { "\($0.codes.map { "'\($0)'" }.joined(separator: ", ")), since \($0.why)" }
    errorAtKey(node, "x-codes lacks \(texts.joined(separator: "; "))")
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .missingCode) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .missingCode) }
}
