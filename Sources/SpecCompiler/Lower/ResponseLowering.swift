extension Lowerer {
  private static let problemType = "application/problem+json"
  /// Those that have a name among the generated outputs.
  private static let successStatuses = [200, 201, 202, 204]
  /// Those that the server makes of a 200 by itself: a part of its content, or nothing for who has it already.
  private static let derivedStatuses = [206, 304]

  private static let keywordsOfBytes: Set<String> = [
    "type", "format", "contentMediaType", "contentEncoding", "additionalProperties",
  ]

  /// Which header fields answers have, beside those that describe their content.
  private static let sentHeaders: Set<String> = [
    "x-request-id", "etag", "retry-after", "ratelimit", "ratelimit-policy", "cache-control", "accept-ranges",
    "content-range", "content-disposition", "allow",
  ]

  /// The success responses by rising status, and all codes that the error responses can have.
  mutating func lowerResponses(_ operation: Node) -> ([SuccessResponse], codes: [String]) {
    guard let place = operation["responses"] else { return ([], []) }
    var successes: [SuccessResponse] = []
    var codes: [String] = []
    for entry in entries("responses", of: operation) {
      // RFC 9110 §15: three digits. `0200` would be another key for the same answer.
      guard let status = Int(entry.key), entry.key.utf8.count == 3, (100...599).contains(status) else {
        let isNumber = Int(entry.key) != nil
        errorAtKey(
          entry.value,
          isNumber
            ? "a status is three digits, from 100 to 599, not '\(entry.key)'"
            : "a response has one status; '\(entry.key)' could be any")
        continue
      }
      guard let node = dereference(entry.value) else { continue }
      if status >= 400, status < 600 {
        codes += lowerProblemResponse(node, status: status, at: entry.value)
      } else if Self.derivedStatuses.contains(status) {
        checkDerived(node, status: status, at: entry.value, responses: place)
      } else if Self.successStatuses.contains(status) {
        if let response = lowerSuccess(node, status: status, at: entry.value) { successes.append(response) }
      } else {
        errorAtKey(
          entry.value,
          "the status \(status) is not supported; an operation answers 200, 201, 202, 204, 206, 304, 4xx or 5xx")
      }
    }
    if successes.isEmpty, !place.entries.contains(where: { $0.key.hasPrefix("2") }) {
      errorAtKey(place, "an operation needs a success response")
    }
    // A client that has an ETag asks whether it is still the one (RFC 9110 §8.8.3).
    if profile.isOwn, place["304"] == nil, let headers = place["200"].flatMap({ dereference($0) })?["headers"],
      let tag = headers.entries.first(where: { $0.key.lowercased() == "etag" })
    {
      errorAtKey(tag.value, "a 200 with an ETag has a 304 beside it, for who has the content already")
    }
    return (successes.sorted { $0.status < $1.status }, sortedCodes(codes))
  }

  /// Each once, by rising status.
  func sortedCodes(_ codes: [String]) -> [String] {
    var known: Set<String> = []
    return codes.filter { known.insert($0).inserted }.enumerated()
      .sorted { (problems[$0.element]?.status ?? 0, $0.offset) < (problems[$1.element]?.status ?? 0, $1.offset) }
      .map(\.element)
  }

  /// What holds for a response wherever it is written: keys, headers, media types, examples.
  mutating func checkResponse(_ node: Node) {
    guard check(node, .response) else { return }
    _ = string("description", of: node)
    lintDescription(node, of: "the response", node["description"]?.string)
    for entry in entries("headers", of: node) {
      if let header = dereference(entry.value) { checkHeader(header) }
      if profile.isOwn, !Self.sentHeaders.contains(entry.key.lowercased()) {
        errorAtKey(entry.value, "nothing sends the header '\(entry.key)'", .invalidResponse)
      }
    }
    for entry in entries("content", of: node) where check(entry.value, .mediaType) { checkExamples(entry.value) }
    _ = strings("x-codes", of: node)
    checkBodylessExamples(node)
  }

  mutating func checkHeader(_ node: Node) {
    guard check(node, .header) else { return }
    lintDescription(node, of: "the header", node["description"]?.string)
    _ = boolean("required", of: node)
    checkExamples(node, allowsUnnamed: true)
    if let schema = node["schema"], let type = lowerType(schema, allowsDefault: true), !isScalar(type) {
      error(schema, "a header is a string, number, boolean or enum, not \(describe(expand(type)))")
    }
  }

  // MARK: - Success

  /// A 206 or 304, which stands beside a 200 whose content is bytes.
  private mutating func checkDerived(_ node: Node, status: Int, at place: Node, responses: Node) {
    checkResponse(node)
    if let codes = node["x-codes"] { errorAtKey(codes, "x-codes belongs to error responses") }
    let whole = responses["200"].flatMap { dereference($0) }?["content"]?.entries.first
    guard let whole, whole.key != "application/json" || isFreeForm(whole.value["schema"]) else {
      errorAtKey(place, "\(status) is made of a 200 whose content is bytes")
      return
    }
    if status == 304, let content = node["content"] { errorAtKey(content, "304 has no content (RFC 9110 §15.4.5)") }
    if status == 206, node["content"]?.entries.map(\.key) != [whole.key] {
      errorAtKey(node["content"] ?? node, "206 has a part of what 200 has: \(whole.key)")
    }
  }

  private mutating func lowerSuccess(_ node: Node, status: Int, at place: Node) -> SuccessResponse? {
    checkResponse(node)
    if let codes = node["x-codes"] { errorAtKey(codes, "x-codes belongs to error responses") }
    let description = node["description"]?.string ?? ""
    let contents = node["content"]?.entries ?? []
    let content: SuccessResponse.Content
    if status == 204 {
      if let place = node["content"] { errorAtKey(place, "204 has no content (RFC 9110 §15.3.5)") }
      content = .none
    } else if contents.isEmpty {
      content = .none
    } else {
      if contents.count > 1 { error(contents[1].value, "a response has one media type") }
      guard let lowered = lowerContent(contents[0]) else { return nil }
      content = lowered
    }
    return SuccessResponse(status: status, content: content, description: description, location: place.keyLocation)
  }

  private mutating func lowerContent(_ entry: Node.Entry) -> SuccessResponse.Content? {
    let media = entry.value
    guard checkMediaRange(entry) else { return nil }
    if entry.key == "application/json", !isFreeForm(media["schema"]) {
      if profile.examples, namedExamples(of: media).isEmpty {
        errorAtKey(media, "the response needs a named example", .missingExample)
      }
      return lowerMediaType(media).map { .json($0) }
    }
    if entry.key == Self.problemType {
      errorAtKey(media, "a success is no problem; use application/json")
      return nil
    }
    if profile.examples, namedExamples(of: media).isEmpty {
      errorAtKey(media, "the response needs a named example", .missingExample)
    }
    // Bytes as they are: the schema only documents them.
    if let schema = media["schema"], let (form, _) = form(of: schema), form != .string, !isFreeForm(schema) {
      error(schema, "the schema of \(entry.key) is a string or a bare object: only application/json is decoded")
    }
    // What is JSON by another name is judged in tests; of other bytes nobody knows properties.
    if profile.isOwn, !entry.key.hasSuffix("json") {
      for keyword in media["schema"]?.entries ?? []
      where !Self.keywordsOfBytes.contains(keyword.key) && !SchemaForm.annotations.contains(keyword.key) {
        errorAtKey(keyword.value, "nothing looks at '\(keyword.key)' of what is \(entry.key)")
      }
    }
    return .bytes(mediaType: entry.key)
  }

  /// An object of which nothing is said: JSON that is passed on as it is, such as a specification.
  private func isFreeForm(_ schema: Node?) -> Bool {
    guard let schema, schema["type"]?.string == "object" else { return false }
    return schema.entries.allSatisfy {
      ["type", "minProperties", "maxProperties"].contains($0.key) || SchemaForm.annotations.contains($0.key)
        || $0.key == "additionalProperties" && $0.value.boolean == true
    }
  }

  // MARK: - Errors

  private mutating func lowerProblemResponse(_ node: Node, status: Int, at place: Node) -> [String] {
    checkResponse(node)
    guard node.isMapping else { return [] }
    let contents = node["content"]?.entries ?? []
    for entry in contents where entry.key != Self.problemType {
      errorAtKey(entry.value, "an error response is \(Self.problemType), not \(entry.key)", .invalidProblem)
    }
    if let media = contents.first(where: { $0.key == Self.problemType })?.value {
      if profile.examples, namedExamples(of: media).isEmpty {
        errorAtKey(media, "the error response needs a named example", .missingExample)
      }
      let type = media["schema"].flatMap { lowerType($0) }
      if type != .named("Problem"), type != nil || media["schema"] == nil {
        errorAtKey(
          media["schema"] ?? media, "an error response has the schema '#/components/schemas/Problem'", .invalidProblem)
      }
    } else if contents.isEmpty {
      errorAtKey(node, "an error response needs \(Self.problemType) with the schema Problem", .invalidProblem)
    }
    guard let place = node["x-codes"] else {
      errorAtKey(node, "an error response needs 'x-codes'", .invalidProblem)
      return []
    }
    let codes = strings("x-codes", of: node)
    if codes.isEmpty { error(place, "'x-codes' needs a code", .invalidProblem) }
    for (code, place) in codes { checkCode(code, status: status, at: place) }
    return codes.map(\.text)
  }

  /// A code is declared, with the status that it is used with here.
  mutating func checkCode(_ code: String, status: Int?, at node: Node) {
    guard let problem = problems[code] else {
      // One with errors of its own is declared all the same.
      guard let declared = resolver.openapi.root["x-problems"], declared.isMapping, declared[code] == nil else {
        doubts += 1
        return
      }
      let codes = model.problems.lazy.map(\.code)
      error(
        node, "there is no problem '\(code)' under x-problems", .unknownCode,
        suggestion: diagnostics.suggestion(for: code, among: codes))
      return
    }
    if let status, problem.status != status {
      error(node, "the problem '\(code)' has the status \(problem.status), not \(status)", .unknownCode)
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidResponse) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidResponse) }
}
