import Bytes
import NIOHTTP1

/// The header fields that the server looks at, found in one pass. Not to be copied: that would count a reference for each
/// of its strings.
struct RequestFields: ~Copyable {
  /// How many fields there may be.
  static let maxCount = 100

  /// All fields, and the longest of them, in bytes with names and what stands between.
  private(set) var count = 0
  private(set) var size = 0
  private(set) var longest = 0

  var hosts = 0
  var accept: String?
  var authorization: String?
  var contentType: String?
  /// Something else than `identity` was done to the body (RFC 9110 §8.4).
  var isCoded = false
  var contentLength: Int?
  var expect: String?
  var forwardedFor: String?
  var forwardedProto: String?
  var ifNoneMatch: String?
  var ifRange: String?
  var range: String?
  var isChunked = false
  var origin: String?
  var requestID: String?
  var requestedMethod: String?
  var userAgent: String?
  /// The client asks for another protocol on this connection.
  var hasUpgrade = false

  var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

  init(_ headers: HTTPHeaders) {
    for (name, untrimmed) in headers {
      let length = name.utf8.count + untrimmed.utf8.count + 4
      count += 1
      size += length
      longest = max(longest, length)
      // RFC 9110 §5.5: blanks around a value are none of it. The parser leaves those behind it.
      let value = untrimmed.withoutBlankEnds
      // The length tells most names apart, so that most fields cost one comparison.
      switch name.utf8.count {
      case 4 where name.isField("host"): hosts += 1
      case 6 where name.isField("accept"): accept = accept.map { $0 + "," + value } ?? value
      case 6 where name.isField("expect"): expect = value
      case 5 where name.isField("range"): range = value
      case 6 where name.isField("origin"): origin = value
      case 8 where name.isField("if-range"): ifRange = value
      case 7 where name.isField("upgrade"): hasUpgrade = true
      case 10 where name.isField("user-agent"): userAgent = value
      case 12 where name.isField("content-type"): contentType = value
      case 12 where name.isField("x-request-id"): requestID = value
      case 13 where name.isField("authorization"): authorization = value
      // The parser has refused lengths that are no numbers, or differ.
      case 13 where name.isField("if-none-match"): ifNoneMatch = ifNoneMatch.map { $0 + "," + value } ?? value
      case 14 where name.isField("content-length"): contentLength = Int(value) ?? .max
      case 15 where name.isField("x-forwarded-for"): forwardedFor = forwardedFor.map { $0 + "," + value } ?? value
      // Of several proxies the first says how the client came.
      case 17 where name.isField("x-forwarded-proto"): forwardedProto = forwardedProto ?? value
      case 17 where name.isField("transfer-encoding"): isChunked = true
      case 16 where name.isField("content-encoding"): isCoded = isCoded || !Self.isIdentity(value)
      case 29 where name.isField("access-control-request-method"): requestedMethod = value
      default: break
      }
    }
  }
}

extension RequestFields {
  /// The values of fields that only some operations read, by their names in lower case.
  static func named(_ names: [StaticString], in headers: HTTPHeaders) -> [String: String] {
    var found: [String: String] = [:]
    for name in names {
      let values = headers[name.description]
      if !values.isEmpty {
        found[name.description.lowercased()] = values.map(\.withoutBlankEnds).joined(separator: ", ")
      }
    }
    return found
  }

  /// Whether a list of content codings names none but `identity`, which does nothing.
  fileprivate static func isIdentity(_ codings: String) -> Bool {
    codings.split(separator: ",").allSatisfy { coding in
      let name = String(coding).withoutBlankEnds
      return name.isEmpty || name.lowercased() == "identity"
    }
  }
}

extension String {
  /// Whether this is the field `name`, without regard to case (RFC 9110 §5.1).
  ///
  /// - Parameter name: in lower case, of the same length.
  func isField(_ name: StaticString) -> Bool {
    let compared = utf8.withContiguousStorageIfAvailable { own in
      guard own.count == name.utf8CodeUnitCount else { return false }
      for index in 0..<own.count {
        // ASCII letters differ from their capitals in this bit; the other characters of a field name that differ in
        // nothing else are no letters in `name`.
        guard own[index] | 0x20 == name.utf8Start[index] else { return false }
      }
      return true
    }
    return compared ?? (lowercased() == name.description)
  }
}
