import JSONSchema

extension Contract {
  /// The operation that a request leads to.
  ///
  /// - Parameters:
  ///   - method: HEAD is GET.
  ///   - path: percent-encoded, without the query.
  public func operation(_ method: String, _ path: String) -> Operation? {
    let method = method == "HEAD" ? "GET" : method
    return candidates(path).filter { $0.method == method }.reduce(nil) { best, each in
      best.map { each.isMoreConcrete(than: $0) ? each : $0 } ?? each
    }
  }

  private func candidates(_ path: String) -> [Operation] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(\.self)
    return operations.filter { $0.matches(parts) }
  }

  /// What an answer owes and does not keep.
  ///
  /// - Parameters:
  ///   - path: percent-encoded, without the query.
  ///   - fields: the header fields as they were sent.
  ///   - body: nil where nobody knows it, as after HEAD.
  public func breaches(
    method: String, path: String, status: Int, fields: [(name: String, value: String)], body: [UInt8]?
  ) -> [Breach] {
    let operation = operation(method, path)
    let subject = "\(operation?.id ?? "no operation") \(status)"
    let fields = Dictionary(fields.map { ($0.name.lowercased(), $0.value) }) { one, other in "\(one), \(other)" }
    guard let operation else {
      return routing(subject, method, isKnown: !candidates(path).isEmpty, status, fields, body)
    }
    // HTTP's own: which methods there are is no answer of an operation.
    guard let answer = operation.answers[status] else {
      return [Breach(subject, "status", "is not declared" + Self.code(in: body).map { "; its code is \($0)" }.orEmpty)]
    }
    return head(subject, answer, fields) + content(subject, answer, status, fields, body)
  }

  // MARK: - The head

  private func head(_ subject: String, _ answer: Operation.Answer, _ fields: [String: String]) -> [Breach] {
    answer.headers.flatMap { header -> [Breach] in
      guard let text = fields[header.name.lowercased()] else {
        return header.isRequired ? [Breach(subject, "header", "\(header.name) is missing")] : []
      }
      guard let schema = header.schema else { return [] }
      let value = header.isText ? JSONValue.string(JSONText(text)) : try? JSONValue(parsing: text.utf8)
      guard let value else { return [Breach(subject, "header", "\(header.name) has another type")] }
      return library.findings(in: value, by: schema).map {
        Breach(subject, "header", "\(header.name) \($0.message)", schema: $0.schema.description)
      }
    }
  }

  // MARK: - The content

  private func content(
    _ subject: String, _ answer: Operation.Answer, _ status: Int, _ fields: [String: String], _ body: [UInt8]?
  ) -> [Breach] {
    let type = fields["content-type"].map(Self.essence)
    guard !answer.content.isEmpty else {
      var found: [Breach] = []
      if let type { found.append(Breach(subject, "media type", "\(type) where there is no content")) }
      if let body, !body.isEmpty { found.append(Breach(subject, "media type", "there is content")) }
      return found
    }
    guard let type else { return [Breach(subject, "media type", "is missing")] }
    guard let schema = Self.schema(for: type, in: answer.content) else {
      return [Breach(subject, "media type", "\(type) is not declared")]
    }
    guard let body, Self.isJSON(type) else { return [] }
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: body)
    } catch {
      return [Breach(subject, "json", error.description)]
    }
    var found = schema.map { judged(value, by: $0, subject) } ?? []
    if !answer.codes.isEmpty {
      found += problemBreaches(subject, value, codes: Set(answer.codes), status, requestID: fields["x-request-id"])
    }
    return found
  }

  func judged(_ value: JSONValue, by schema: SchemaID, _ subject: String, below prefix: String = "") -> [Breach] {
    library.findings(in: value, by: schema).map { Breach(subject, $0, below: prefix) }
  }

  /// A media type without its parameters (RFC 9110 §8.3.1).
  private static func essence(_ type: String) -> String {
    String(type.prefix { $0 != ";" && $0 != " " }).lowercased()
  }

  private static func isJSON(_ type: String) -> Bool { type == "application/json" || type.hasSuffix("+json") }

  /// The schema of the content; nil where the media type is not declared.
  private static func schema(for type: String, in content: [String: SchemaID?]) -> SchemaID?? {
    let family = String(type.prefix { $0 != "/" }) + "/*"
    return content[type] ?? content[family] ?? content["*/*"]
  }

  // MARK: - Problems

  /// - Parameters:
  ///   - codes: those that are declared; nil where all of the documents are.
  ///   - status: of the answer; nil where there is none.
  func problemBreaches(
    _ subject: String, _ problem: JSONValue, codes: Set<String>?, _ status: Int?, requestID: String? = nil,
    below prefix: String = ""
  ) -> [Breach] {
    guard let code = problem["code"]?.text else { return [Breach(subject, "code", "is missing", pointer: prefix)] }
    var found: [Breach] = []
    func tell(_ name: String, _ keyword: String, _ message: String) {
      found.append(Breach(subject, keyword, message, pointer: "\(prefix)/\(name)"))
    }
    if let codes, !codes.contains(code) { tell("code", "code", "\(code) is not declared") }
    guard let entry = problems[code] else {
      tell("code", "code", "\(code) is no code of x-problems")
      return found
    }
    if problem["status"]?.integer != entry.status { tell("status", "code", "is not that of \(code)") }
    if problem["title"]?.text != entry.title { tell("title", "code", "is not that of \(code)") }
    if let status, status != entry.status { tell("status", "status", "is not that of \(code)") }
    if let requestID, let said = problem["request_id"]?.text, said != requestID {
      tell("request_id", "header", "is not X-Request-Id")
    }
    return found
  }

  private static func code(in body: [UInt8]?) -> String? {
    body.flatMap { try? JSONValue(parsing: $0) }?["code"]?.text
  }

  /// What is at no path or has no such method: the server's own answer, of the documents' codes.
  private func routing(
    _ subject: String, _ method: String, isKnown: Bool, _ status: Int, _ fields: [String: String], _ body: [UInt8]?
  ) -> [Breach] {
    if method == "OPTIONS" {
      return status == 204 || (!isKnown && status == 404) ? [] : [Breach(subject, "status", "to OPTIONS")]
    }
    var found: [Breach] = []
    if status < 400 { found.append(Breach(subject, "status", "a success of no operation")) }
    if status == 405, fields["allow"] == nil { found.append(Breach(subject, "header", "Allow is missing")) }
    guard let body, let problem else { return found }
    guard let value = try? JSONValue(parsing: body) else { return found + [Breach(subject, "json", "is no JSON")] }
    return found + judged(value, by: problem, subject)
      + problemBreaches(subject, value, codes: nil, status, requestID: fields["x-request-id"])
  }
}

extension String? {
  fileprivate var orEmpty: String { self ?? "" }
}
