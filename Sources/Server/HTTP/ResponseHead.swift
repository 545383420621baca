import Glibc
import NIOCore

/// The status line and header fields of an answer, written straight into the outgoing buffer: what never changes is
/// copied in one piece, and nothing is looked up in a list of strings.
struct ResponseHead {
  var status: Int
  var contentType: StaticString?
  /// Nil where the status has no content (204).
  var contentLength: Int?
  var requestID: String
  /// Seconds.
  var retryAfter: Int?
  /// The methods of a path that refuses this one.
  var allow: String?
  /// Access-Control-… fields.
  var crossOrigin: ByteBuffer?
  var closes = false
  /// HTTP/1.0 closes unless both sides say otherwise.
  var saysKeepAlive = false

  /// What Helmet 7 sets by default, and `no-store`: answers are about one user, and of one moment.
  static let fixedFields = ByteBuffer(
    string: """
      Content-Security-Policy: default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';\
      frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';\
      style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests\r
      Cross-Origin-Opener-Policy: same-origin\r
      Cross-Origin-Resource-Policy: same-origin\r
      Origin-Agent-Cluster: ?1\r
      Referrer-Policy: no-referrer\r
      Strict-Transport-Security: max-age=15552000; includeSubDomains\r
      X-Content-Type-Options: nosniff\r
      X-DNS-Prefetch-Control: off\r
      X-Download-Options: noopen\r
      X-Frame-Options: SAMEORIGIN\r
      X-Permitted-Cross-Domain-Policies: none\r
      X-XSS-Protection: 0\r
      Cache-Control: no-store\r

      """)

  /// Bytes that a head needs, roughly, for the buffer's first size.
  static let estimate = 1400

  func write(into buffer: inout ByteBuffer, date: ByteBuffer) {
    buffer.writeStaticString(Self.statusLine(status))
    buffer.writeImmutableBuffer(Self.fixedFields)
    buffer.writeImmutableBuffer(date)
    if let contentType {
      buffer.writeStaticString("Content-Type: ")
      buffer.writeStaticString(contentType)
      buffer.writeStaticString("\r\n")
    }
    if let contentLength {
      buffer.writeStaticString("Content-Length: ")
      buffer.writeDecimal(contentLength)
      buffer.writeStaticString("\r\n")
    }
    buffer.writeStaticString("X-Request-Id: ")
    buffer.writeString(requestID)
    buffer.writeStaticString("\r\n")
    // RFC 9110 §11.6.1: a 401 says how to do better.
    if status == 401 { buffer.writeStaticString("WWW-Authenticate: Bearer\r\n") }
    if let retryAfter {
      buffer.writeStaticString("Retry-After: ")
      buffer.writeDecimal(retryAfter)
      buffer.writeStaticString("\r\n")
    }
    if let allow {
      buffer.writeStaticString("Allow: ")
      buffer.writeString(allow)
      buffer.writeStaticString("\r\n")
    }
    if let crossOrigin { buffer.writeImmutableBuffer(crossOrigin) }
    if closes {
      buffer.writeStaticString("Connection: close\r\n")
    } else if saysKeepAlive {
      buffer.writeStaticString("Connection: keep-alive\r\n")
    }
    buffer.writeStaticString("\r\n")
  }

  private static func statusLine(_ status: Int) -> StaticString {
    switch status {
    case 200: "HTTP/1.1 200 OK\r\n"
    case 201: "HTTP/1.1 201 Created\r\n"
    case 202: "HTTP/1.1 202 Accepted\r\n"
    case 204: "HTTP/1.1 204 No Content\r\n"
    case 304: "HTTP/1.1 304 Not Modified\r\n"
    case 400: "HTTP/1.1 400 Bad Request\r\n"
    case 401: "HTTP/1.1 401 Unauthorized\r\n"
    case 403: "HTTP/1.1 403 Forbidden\r\n"
    case 404: "HTTP/1.1 404 Not Found\r\n"
    case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
    case 406: "HTTP/1.1 406 Not Acceptable\r\n"
    case 408: "HTTP/1.1 408 Request Timeout\r\n"
    case 409: "HTTP/1.1 409 Conflict\r\n"
    case 410: "HTTP/1.1 410 Gone\r\n"
    case 413: "HTTP/1.1 413 Content Too Large\r\n"
    case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
    case 417: "HTTP/1.1 417 Expectation Failed\r\n"
    case 422: "HTTP/1.1 422 Unprocessable Content\r\n"
    case 429: "HTTP/1.1 429 Too Many Requests\r\n"
    case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
    case 503: "HTTP/1.1 503 Service Unavailable\r\n"
    // Statuses come from the spec, and each of its own is above.
    default: "HTTP/1.1 500 Internal Server Error\r\n"
    }
  }

  /// `Date: Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7) with its line's end.
  static func dateField(secondsSinceEpoch seconds: Int) -> ByteBuffer {
    var time = seconds
    var parts = tm()
    gmtime_r(&time, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ value: CInt) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
    return ByteBuffer(string: "Date: \(day) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT\r\n")
  }
}

extension ByteBuffer {
  /// A number of at most 19 digits.
  fileprivate mutating func writeDecimal(_ value: Int) {
    // The description of a small number is stored within the String.
    writeString(value.description)
  }
}
