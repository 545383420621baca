import NIOCore

/// Which pages of other origins may call (CORS, Fetch Standard §3.2), prepared for each origin.
struct CrossOrigin: Sendable {
  private let fields: [String: ByteBuffer]
  private let preflightFields: [String: ByteBuffer]
  /// For everybody else: caches must know that the answer depends on the origin.
  private let otherwise: ByteBuffer?
  /// Where nothing is known of the request: those of the only origin that there is.
  let fallback: ByteBuffer?

  init(allowedOrigins: [String]) {
    var fields: [String: ByteBuffer] = [:]
    var preflightFields: [String: ByteBuffer] = [:]
    for origin in allowedOrigins {
      let shared = """
        Access-Control-Allow-Origin: \(origin)\r
        Access-Control-Allow-Credentials: true\r
        Vary: Origin\r

        """
      fields[origin] = ByteBuffer(
        string: shared + """
          Access-Control-Expose-Headers: ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id\r

          """)
      preflightFields[origin] = ByteBuffer(
        string: shared + """
          Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r
          Access-Control-Allow-Headers: Authorization, Content-Type, If-None-Match, X-Request-Id\r
          Access-Control-Max-Age: 600\r

          """)
    }
    self.fields = fields
    self.preflightFields = preflightFields
    fallback = allowedOrigins.count == 1 ? fields[allowedOrigins[0]] : nil
    otherwise = allowedOrigins.isEmpty ? nil : ByteBuffer(string: "Vary: Origin\r\n")
  }

  /// The fields of an answer to a page of `origin`; nil without any.
  func fields(for origin: String?) -> ByteBuffer? {
    guard let origin else { return otherwise }
    return fields[origin] ?? otherwise
  }

  /// The fields of the answer to a preflight request.
  func preflightFields(for origin: String?) -> ByteBuffer? {
    guard let origin else { return otherwise }
    return preflightFields[origin] ?? otherwise
  }
}
