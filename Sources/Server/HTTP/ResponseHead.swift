import Glibc
import NIOCore
import ProtocolRuntime

/// The status line and header fields of an answer, written straight into the outgoing buffer: what never changes is
/// copied in one piece, and nothing is looked up in a list of strings.
struct ResponseHead {
  var status: Int
  /// Nil for what is about one user, and of one moment: nobody may keep it.
  var cacheControl: StaticString?
  var contentType: StaticString?
  /// In its place.
  var mediaType: String?
  /// Nil where the status has no content (204), and where nobody knows it yet.
  var contentLength: Int?
  var isChunked = false
  var requestID: String
  /// Seconds.
  var retryAfter: Int?
  /// Of the limit that the request came nearest to.
  var rateLimit: RateLimitState?
  /// With its quotes.
  var entityTag: String?
  var fields: [Response.Field] = []
  /// The methods of a path that refuses this one.
  var allow: String?
  /// Access-Control-… fields.
  var crossOrigin: ByteBuffer?
  /// The client came over https.
  var isSecure = false
  var closes = false
  /// HTTP/1.0 closes unless both sides say otherwise.
  var saysKeepAlive = false

  /// What an answer to a program needs against browsers that are made to show or run it. It loads nothing, so nothing may
  /// be loaded; what else Helmet 7 sets by default, but for what is about https.
  static let fixedFields = fixedFields(policy: "default-src 'none';frame-ancestors 'none'")

  /// The same for a page, which may load what is of its own server: also over plain http, where there is nothing else.
  static let pageFields = fixedFields(
    policy: "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'")

  private static func fixedFields(policy: String) -> ByteBuffer {
    ByteBuffer(
      string: """
        Content-Security-Policy: \(policy)\r
        Cross-Origin-Opener-Policy: same-origin\r
        Cross-Origin-Resource-Policy: same-origin\r
        Origin-Agent-Cluster: ?1\r
        Referrer-Policy: no-referrer\r
        X-Content-Type-Options: nosniff\r
        X-DNS-Prefetch-Control: off\r
        X-Download-Options: noopen\r
        X-Frame-Options: SAMEORIGIN\r
        X-Permitted-Cross-Domain-Policies: none\r
        X-XSS-Protection: 0\r

        """)
  }

  private var isPage: Bool {
    contentType?.withUTF8Buffer { $0.starts(with: "text/html".utf8) } ?? false
  }

  /// Writes the head in one piece of the buffer, whose room and owner are looked at once and not for each field.
  ///
  /// - Parameter reserve: bytes to make room for behind the head.
  func write(into buffer: inout ByteBuffer, date: ByteBuffer, reserve: Int) {
    let size = bound(date: date)
    buffer.reserveCapacity(minimumWritableBytes: size + reserve)
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { target in
      var writer = HeadWriter(target)
      write(into: &writer, date: date)
      return writer.count
    }
  }

  /// Bytes that the head has at most.
  private func bound(date: ByteBuffer) -> Int {
    // 768 for the status line, the names of the fields, numbers and line ends.
    768 + Self.fixedFields.readableBytes + date.readableBytes + requestID.utf8.count + (allow?.utf8.count ?? 0)
      + (contentType?.utf8CodeUnitCount ?? 0) + (mediaType?.utf8.count ?? 0) + (cacheControl?.utf8CodeUnitCount ?? 0)
      + (rateLimit.map { 2 * $0.policy.field.utf8.count } ?? 0) + (crossOrigin?.readableBytes ?? 0)
      + (entityTag?.utf8.count ?? 0)
      + fields.reduce(0) { $0 + $1.name.utf8CodeUnitCount + $1.value.utf8.count + 4 }
  }

  private func write(into writer: inout HeadWriter, date: ByteBuffer) {
    writer.write(Self.statusLine(status))
    writer.write(isPage ? Self.pageFields : Self.fixedFields)
    writer.write(date)
    if let mediaType {
      writer.write("Content-Type: ", mediaType)
    } else if let contentType {
      writer.write("Content-Type: ")
      writer.write(contentType)
      writer.write("\r\n")
    }
    if let contentLength { writer.write("Content-Length: ", contentLength) }
    if isChunked { writer.write("Transfer-Encoding: chunked\r\n") }
    writer.write("X-Request-Id: ", requestID)
    // RFC 9110 §11.6.1: a 401 says how to do better.
    if status == 401 { writer.write("WWW-Authenticate: Bearer\r\n") }
    if let retryAfter { writer.write("Retry-After: ", retryAfter) }
    if let rateLimit {
      writer.write("RateLimit-Policy: ", rateLimit.policy.field)
      writer.write("RateLimit: ", rateLimit)
    }
    if let allow { writer.write("Allow: ", allow) }
    if let entityTag { writer.write("ETag: ", entityTag) }
    writer.write("Cache-Control: ")
    writer.write(cacheControl ?? "no-store")
    writer.write("\r\n")
    if isSecure { writer.write("Strict-Transport-Security: max-age=15552000; includeSubDomains\r\n") }
    for field in fields {
      writer.write(field.name)
      writer.write(": ", field.value)
    }
    if let crossOrigin { writer.write(crossOrigin) }
    if closes {
      writer.write("Connection: close\r\n")
    } else if saysKeepAlive {
      writer.write("Connection: keep-alive\r\n")
    }
    writer.write("\r\n")
  }

  private static func statusLine(_ status: Int) -> StaticString {
    switch status {
    case 200: "HTTP/1.1 200 OK\r\n"
    case 201: "HTTP/1.1 201 Created\r\n"
    case 202: "HTTP/1.1 202 Accepted\r\n"
    case 204: "HTTP/1.1 204 No Content\r\n"
    case 206: "HTTP/1.1 206 Partial Content\r\n"
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
    case 416: "HTTP/1.1 416 Range Not Satisfiable\r\n"
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

/// Writes one piece behind the other into memory that is large enough; what does not fit traps.
private struct HeadWriter {
  private let target: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(_ target: UnsafeMutableRawBufferPointer) { self.target = target }

  mutating func write(_ text: StaticString) {
    write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func write(_ bytes: ByteBuffer) {
    bytes.withUnsafeReadableBytes { write($0) }
  }

  /// A field with its line's end.
  mutating func write(_ name: StaticString, _ value: String) {
    write(name)
    var value = value
    value.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    write("\r\n")
  }

  /// draft-ietf-httpapi-ratelimit-headers-10 §4: `"user";r=599;t=1`.
  mutating func write(_ name: StaticString, _ limit: RateLimitState) {
    write(name)
    writeText(limit.policy.name)
    write(";r=")
    writeText(limit.remaining.description)
    write(";t=", limit.reset)
  }

  private mutating func writeText(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  mutating func write(_ name: StaticString, _ value: Int) {
    // The description of a small number is stored within the String.
    write(name, value.description)
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= target.count - count, "the bound of a head is too low")
    UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(from: bytes)
    count += bytes.count
  }
}
