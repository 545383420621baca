import NIOCore

/// An HTTP request.
public struct Request: Sendable {
  /// Without the leading `?`, still percent-encoded; nil where the target has none.
  public var query: String?
  public var contentType: String?
  public var accept: String?
  public var authorization: String?
  /// The operation's header parameters, by their names in lower case; several fields of one name are joined by commas
  /// (RFC 9110 §5.3).
  public var fields: [String: String]
  public var body: RequestBody
  public var context: RequestContext

  public init(
    query: String? = nil, contentType: String? = nil, accept: String? = nil, authorization: String? = nil,
    fields: [String: String] = [:], body: RequestBody = .whole(ByteBuffer()), context: RequestContext
  ) {
    self.query = query
    self.contentType = contentType
    self.accept = accept
    self.authorization = authorization
    self.fields = fields
    self.body = body
    self.context = context
  }
}

extension Request {
  /// The caller, by the bearer token of the Authorization header (RFC 6750 §2.1).
  ///
  /// - Throws: `ProblemDetails` `unauthorized`.
  public func authenticated(by authenticator: some Authenticator) async throws -> Caller {
    guard let caller = try await authenticator.authenticate(accessToken()) else {
      throw ProblemDetails(
        "unauthorized", "The access token is malformed, expired or revoked. Get a new one from /auth/refresh.")
    }
    return caller
  }

  private func accessToken() throws(ProblemDetails) -> String {
    guard let authorization else {
      throw ProblemDetails("unauthorized", "Send an access token: `Authorization: Bearer …`.")
    }
    guard let token = Self.bearerToken(authorization) else {
      throw ProblemDetails("unauthorized", "The Authorization header must have the scheme `Bearer`.")
    }
    return token
  }

  /// Refuses a request with a body for what its head alone tells, in the order in which the whole would be.
  ///
  /// - Throws: `ProblemDetails` `not_acceptable`, `unauthorized` or `unsupported_media_type`.
  public func checkHead(_ traits: OperationTraits) throws(ProblemDetails) {
    if let mediaType = traits.answers { try requireAcceptable(mediaType) }
    if traits.needsCaller { _ = try accessToken() }
    if let mediaType = traits.body.mediaType { try requireContent(mediaType) }
  }

  /// What follows the scheme; nil for another scheme.
  private static func bearerToken(_ authorization: String) -> String? {
    let scheme: StaticString = "bearer "
    var authorization = authorization
    return authorization.withUTF8 { bytes in
      guard bytes.count > scheme.utf8CodeUnitCount else { return nil }
      // RFC 9110 §11.1: the scheme's name has no case.
      for index in 0..<scheme.utf8CodeUnitCount where bytes[index] | 0x20 != scheme.utf8Start[index] { return nil }
      // RFC 9110 §11.4: one or more spaces.
      let token = bytes[scheme.utf8CodeUnitCount...].drop { $0 == UInt8(ascii: " ") }
      return String(decoding: token, as: UTF8.self)
    }
  }

  /// Refuses a client that does not take the answer's media type. Of a range of them nothing can be said before it is
  /// known which one it will be.
  ///
  /// - Throws: `ProblemDetails` `not_acceptable`.
  public func requireAcceptable(_ mediaType: StaticString) throws(ProblemDetails) {
    // What programs send, mostly; lists and weights are browsers'.
    guard let accept, !accept.equals("*/*"), !accept.equals(mediaType) else { return }
    let wanted = mediaType.description
    if wanted.hasSuffix("*") { return }
    let type = wanted.prefix { $0 != "/" } + "/*"
    var isEmpty = true
    // RFC 9110 §12.5.1: of the ranges that fit the most specific one counts.
    var found: (precedence: Int, isRefused: Bool)?
    for range in accept.split(separator: ",") {
      let parts = range.split(separator: ";").map { $0.trimmingWhitespace().lowercased() }
      guard let name = parts.first, !name.isEmpty else { continue }
      isEmpty = false
      let precedence = name == wanted ? 3 : name == type ? 2 : name == "*/*" ? 1 : 0
      guard precedence > (found?.precedence ?? 0) else { continue }
      // §12.4.2: a weight of zero says "not acceptable".
      let isRefused = parts.dropFirst().contains { part in
        part.hasPrefix("q=0") && part.dropFirst(3).allSatisfy { $0 == "0" || $0 == "." }
      }
      found = (precedence, isRefused)
    }
    // An empty list says nothing, so anything will do.
    if isEmpty || found?.isRefused == false { return }
    throw ProblemDetails("not_acceptable", "The answer is \(wanted), which the Accept header does not allow.")
  }

  /// Decodes a JSON body.
  ///
  /// - Parameter violations: what breaks the schema is added here.
  /// - Throws: `ProblemDetails` `unsupported_media_type` or `malformed_body`.
  public func decodeBody<Body: JSONDecodable>(
    _ type: Body.Type, as mediaType: StaticString = "application/json", required: Bool = true,
    violations: inout [Violation]
  ) throws -> Body? {
    try decodeBody(as: mediaType, required: required, violations: &violations, Body.decode(from:))
  }

  /// Decodes a JSON body by a function that reads its value.
  ///
  /// - Parameter violations: what breaks the schema is added here.
  /// - Throws: `ProblemDetails` `unsupported_media_type` or `malformed_body`.
  public func decodeBody<Body>(
    as mediaType: StaticString = "application/json", required: Bool = true, violations: inout [Violation],
    _ read: (inout JSONReader) throws(JSONSyntaxError) -> Body?
  ) throws -> Body? {
    guard case .whole(let bytes) = body else { preconditionFailure("a body of JSON is collected") }
    if bytes.readableBytes == 0, !required { return nil }
    try requireContent(mediaType)
    return try JSONReader.read(bytes, violations: &violations, read)
  }

  /// A body that is read as it comes.
  ///
  /// - Throws: `ProblemDetails` `unsupported_media_type`.
  public func streamBody(_ mediaType: StaticString) throws -> BodyStream {
    guard case .stream(let stream) = body else { preconditionFailure("the body was to be streamed") }
    try requireContent(mediaType)
    return stream
  }

  /// A form that is read as it comes.
  ///
  /// - Throws: `ProblemDetails` `unsupported_media_type`.
  public func formBody<Part: FormPart>(_ type: Part.Type) throws -> FormParts<Part> {
    FormParts(try streamBody("multipart/form-data"), contentType: contentType)
  }

  /// Refuses a body of another media type.
  ///
  /// - Parameter wanted: a media type, or a range of them.
  /// - Throws: `ProblemDetails` `unsupported_media_type`.
  private func requireContent(_ wanted: StaticString) throws(ProblemDetails) {
    // What programs send, mostly.
    if let contentType, contentType.equals(wanted) { return }
    let wanted = wanted.description
    if wanted == "*/*" { return }
    guard let contentType else {
      throw ProblemDetails("unsupported_media_type", "Send the body with `Content-Type: \(wanted)`.")
    }
    let mediaType = contentType.prefix { $0 != ";" }.trimmingWhitespace().lowercased()
    let fits = wanted.hasSuffix("/*") ? mediaType.hasPrefix(wanted.dropLast()) : mediaType == wanted
    guard fits else {
      throw ProblemDetails("unsupported_media_type", "The body must be \(wanted), not \(mediaType.prefix(100)).")
    }
  }
}

extension String {
  /// Whether the two are the same bytes.
  fileprivate func equals(_ text: StaticString) -> Bool {
    var copy = self
    return copy.withUTF8 { UnsafeRawBufferPointer($0).equals(text) }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at the ends (RFC 9110 §5.6.3).
  func trimmingWhitespace() -> SubSequence {
    var result = self[startIndex..<endIndex]
    while let first = result.first, first == " " || first == "\t" { result.removeFirst() }
    while let last = result.last, last == " " || last == "\t" { result.removeLast() }
    return result
  }
}
