/// A request's target (RFC 9112 §3.2), cut into what routing needs.
struct RequestTarget: Equatable {
  /// Percent-encoded as it came; begins with a slash, unless it is `*`.
  var path: String
  /// Without the question mark.
  var query: String?

  /// Reads the origin form, the absolute form (every server must, RFC 9112 §3.2.2) and the asterisk form; nil for the
  /// authority form, which only CONNECT has, and for what is none of them.
  init?(_ target: String) {
    var rest = target[...]
    if rest.utf8.first != UInt8(ascii: "/") {
      if rest == "*" {
        path = "*"
        return
      }
      guard let afterScheme = Self.afterScheme(rest) else { return nil }
      let authority = afterScheme.prefix { $0 != "/" && $0 != "?" }
      guard !authority.isEmpty else { return nil }
      rest = afterScheme[authority.endIndex...]
    }
    // A fragment is never sent (RFC 9110 §4.2.5); who sends one anyhow meant the part before it.
    if let fragment = rest.firstIndex(ofByte: UInt8(ascii: "#")) { rest = rest[..<fragment] }
    if let mark = rest.firstIndex(ofByte: UInt8(ascii: "?")) {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    path = rest.isEmpty ? "/" : String(rest)
  }

  private static func afterScheme(_ text: Substring) -> Substring? {
    for scheme in ["http://", "https://"] where text.count > scheme.count {
      let end = text.index(text.startIndex, offsetBy: scheme.count)
      if text[..<end].lowercased() == scheme { return text[end...] }
    }
    return nil
  }
}

extension Substring {
  /// Looks at the bytes as they lie in memory: a string's own look at them takes five times as long.
  fileprivate func firstIndex(ofByte byte: UInt8) -> Index? {
    let found = utf8.withContiguousStorageIfAvailable { bytes in
      bytes.firstIndex(of: byte).map { utf8.index(startIndex, offsetBy: $0) }
    }
    return found ?? utf8.firstIndex(of: byte)
  }
}
