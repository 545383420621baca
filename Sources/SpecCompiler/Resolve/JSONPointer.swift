import Glibc

/// JSON Pointer (RFC 6901), also in its form as a URI fragment (§6).
enum JSONPointer {
  static func escape(_ token: String) -> String {
    guard strpbrk(token, "~/") != nil else { return token }
    var escaped = String.UnicodeScalarView()
    for scalar in token.unicodeScalars {
      switch scalar {
      case "~": escaped.append(contentsOf: "~0".unicodeScalars)
      case "/": escaped.append(contentsOf: "~1".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// The tokens of a fragment such as `/components/schemas/A~1B`; nil if it is no pointer.
  static func tokens(ofFragment fragment: some StringProtocol) -> [String]? {
    guard let pointer = removingPercentEncoding(fragment) else { return nil }
    if pointer.isEmpty { return [] }
    guard pointer.hasPrefix("/") else { return nil }
    var tokens: [String] = []
    for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let token = unescape(part) else { return nil }
      tokens.append(token)
    }
    return tokens
  }

  private static func unescape(_ part: Substring) -> String? {
    guard part.contains("~") else { return String(part) }
    var token = String.UnicodeScalarView()
    var rest = part.unicodeScalars
    while let scalar = rest.popFirst() {
      if scalar != "~" {
        token.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "0": token.append("~")
      case "1": token.append("/")
      default: return nil
      }
    }
    return String(token)
  }

  /// Of tokens, what may stand behind '#' (RFC 6901 §6, RFC 3986 §3.5).
  static func fragment(_ tokens: [String]) -> String {
    var fragment = ""
    for byte in tokens.map({ "/" + escape($0) }).joined().utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII && scalar.properties.isAlphabetic
        || "0123456789-._~!$&'()*+,;=:@/?".unicodeScalars.contains(scalar)
      {
        fragment.unicodeScalars.append(scalar)
      } else {
        fragment += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return fragment
  }

  /// Nil if a '%' has no two hexadecimal digits, or what comes out is no UTF-8.
  static func removingPercentEncoding(_ text: some StringProtocol) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      guard let high = rest.next().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
        let low = rest.next().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue })
      else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension Node {
  /// A key or index of a pointer that is not there.
  struct MissingPart: Error {
    let token: String
    /// Of the token among those that were followed.
    let index: Int
    /// What has no such part.
    let end: Node
  }

  /// What a pointer's tokens lead to from here.
  func part(at tokens: [String]) throws(MissingPart) -> Node {
    var part = self
    for (index, token) in tokens.enumerated() {
      let next: Node?
      if part.isSequence {
        next = Int(token).flatMap { part.items.indices.contains($0) ? part.items[$0] : nil }
      } else {
        next = part[token]
      }
      guard let next else { throw MissingPart(token: token, index: index, end: part) }
      part = next
    }
    return part
  }
}
