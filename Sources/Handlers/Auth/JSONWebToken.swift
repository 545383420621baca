import Bytes
import NIOCore
import ProtocolRuntime

/// JSON Web Signatures in their compact form (RFC 7515), with HS256 only. Strict: what could be read in two ways, or
/// asks for something that is not done here, is no token.
enum JSONWebToken {
  /// Characters of a token. Ours have about 280; what is longer is not even hashed.
  static let maxLength = 1024

  /// `{"alg":"HS256","typ":"JWT"}`, with the dot that follows.
  private static let header = Array("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.".utf8)

  /// A token with a signature.
  static func sign(_ payload: ByteBuffer, key: HMACKey) throws -> String {
    var text: [UInt8] = []
    text.reserveCapacity(header.count + payload.readableBytes * 4 / 3 + 48)
    text += header
    payload.withUnsafeReadableBytes { Base64URL.encode($0, into: &text) }
    let signature = try text.withUnsafeBytes { text in try key.code(for: text) }
    text.append(UInt8(ascii: "."))
    signature.withBytes { Base64URL.encode($0, into: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The payload of a token whose signature is right; nil for anything else.
  static func verify(_ token: String, key: HMACKey) throws -> [UInt8]? {
    var token = token
    return try token.withUTF8 { try verify(UnsafeRawBufferPointer($0), key: key) }
  }

  private static func verify(_ token: UnsafeRawBufferPointer, key: HMACKey) throws -> [UInt8]? {
    guard token.count <= maxLength, let firstDot = token.firstIndex(of: UInt8(ascii: ".")),
      let lastDot = token.lastIndex(of: UInt8(ascii: ".")), firstDot < lastDot
    else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: token[firstDot + 1..<lastDot])
    guard !payload.contains(UInt8(ascii: ".")),
      isHeader(UnsafeRawBufferPointer(rebasing: token[...firstDot])),
      let signature = Base64URL.decode(UnsafeRawBufferPointer(rebasing: token[(lastDot + 1)...])), signature.count == 32
    else { return nil }
    var claimed = Digest()
    withUnsafeMutableBytes(of: &claimed.words) { $0.copyBytes(from: signature) }
    // Nothing in the payload is looked at before its signature is known to be ours.
    guard try key.code(for: UnsafeRawBufferPointer(rebasing: token[..<lastDot])).matches(claimed) else { return nil }
    return Base64URL.decode(payload)
  }

  private static let properties = PropertyTable(["alg", "typ", "crit"], required: 1, refusesUnknown: false)

  /// Whether a header says HS256 and JWT, or nothing about the type.
  ///
  /// - Parameter text: base64url, with the dot.
  private static func isHeader(_ text: UnsafeRawBufferPointer) -> Bool {
    if text.elementsEqual(header) { return true }
    guard let bytes = Base64URL.decode(UnsafeRawBufferPointer(rebasing: text.dropLast())) else { return false }
    return read(bytes) { (reader) throws(JSONSyntaxError) in
      guard var object = try reader.beginObject(properties) else { return false }
      var isAccepted = true
      while let property = try reader.nextProperty(&object) {
        switch property {
        case 0: isAccepted = try reader.string() == "HS256" && isAccepted
        // RFC 7519 §5.1 recommends capitals, and names no other spelling of it.
        case 1: isAccepted = try reader.string() == "JWT" && isAccepted
        // RFC 7515 §4.1.11: whoever does not know what is critical must refuse, and nothing is known here.
        default:
          try reader.skipValue()
          isAccepted = false
        }
      }
      return isAccepted
    } ?? false
  }

  /// Reads one JSON text; nil for what is none, and for what breaks its schema.
  static func read<Value>(
    _ bytes: [UInt8], _ body: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) -> Value? {
    bytes.withUnsafeBytes { bytes in
      do throws(JSONSyntaxError) {
        var reader = try JSONReader(bytes)
        let value = try body(&reader)
        try reader.finish()
        return reader.violations.isEmpty ? value : nil
      } catch {
        return nil
      }
    }
  }
}
