/// The refusals that the generated code gives by itself, so that the spec must tell of them.
extension Lowerer {
  private static let pipelineProblems: [(code: String, status: Int)] = [
    ("malformed_body", 400), ("unauthorized", 401), ("not_found", 404), ("method_not_allowed", 405),
    ("not_acceptable", 406), ("payload_too_large", 413), ("unsupported_media_type", 415), ("validation_failed", 422),
    ("internal_error", 500), ("unavailable", 503),
  ]

  mutating func checkPipelineProblems(_ root: Node) {
    guard let place = root["x-problems"] else { return }
    for (code, status) in Self.pipelineProblems {
      if place[code] == nil {
        errorAtKey(place, "x-problems lacks '\(code)' (\(status)), which the generated code answers")
      } else if let problem = problems[code], problem.status != status {
        error(place[code]?["status"] ?? place, "the generated code answers '\(code)' with \(status)")
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
    let answersJSON = operation.responses.contains { if case .json = $0.content { true } else { false } }
    if answersJSON { needed.append(("not_acceptable", "it answers JSON", "responses")) }
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
    for (code, why, keyword) in needed where !codes.contains(code) && reported.insert(code).inserted {
      // A path's parameters are not in the operation.
      let place = keyword.flatMap { node[$0] }.map { " (\(keyword ?? ""), line \($0.keyLocation.line))" } ?? ""
      errorAtKey(node, "the code '\(code)' is missing in x-codes: \(why)\(place)")
    }
  }
}
