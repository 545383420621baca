/// A `$ref` taken apart (RFC 3986 §4.2): which file it names, and what in there.
struct RelativeReference: Equatable {
  /// Its path from the folder of the roots on: `auth/schemas.yaml`.
  let file: String
  /// Of the JSON Pointer in the fragment; none for the whole file.
  let tokens: [String]

  /// Why a text is none that is followed.
  struct Refusal: Error {
    let message: String
  }

  /// - Parameters:
  ///   - file: the path of the file that the reference is in.
  ///   - root: the name of the OpenAPI root, for messages.
  init(_ text: String, in file: String, root: String) throws(Refusal) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count < 2, !text.hasSuffix(".yaml"), !Self.isURL(parts[0]) {
      throw Refusal(
        message: "the $ref '\(text)' has no '#'; write '#/components/…', './FILE.yaml#/…' or './FILE.yaml'")
    }
    self.file = try Self.path(parts[0], of: text, in: file, root: root)
    guard let tokens = JSONPointer.tokens(ofFragment: parts.count == 2 ? parts[1] : "") else {
      throw Refusal(message: "the $ref '\(text)' is not a JSON Pointer (RFC 6901)")
    }
    self.tokens = tokens
  }

  private static func path(
    _ written: Substring, of text: String, in file: String, root: String
  ) throws(Refusal) -> String {
    if written.isEmpty { return file }
    let only = "only files below the folder of \(root) are read"
    if isURL(written) {
      throw Refusal(message: "the $ref '\(text)' is a URL; \(only)")
    }
    guard let path = JSONPointer.removingPercentEncoding(written) else {
      throw Refusal(message: "the $ref '\(text)' has a '%' that no two hexadecimal digits follow")
    }
    guard !path.hasPrefix("/") else { throw Refusal(message: "the $ref '\(text)' leaves the folder; \(only)") }
    var segments = file.split(separator: "/").dropLast()
    for segment in path.split(separator: "/") where segment != "." {
      if segment != ".." {
        segments.append(segment)
      } else if segments.popLast() == nil {
        throw Refusal(message: "the $ref '\(text)' leaves the folder; \(only)")
      }
    }
    return segments.joined(separator: "/")
  }

  /// RFC 3986 §3.1, §4.2. A first segment with a colon in it is written `./a:b`.
  private static func isURL(_ text: Substring) -> Bool {
    if text.hasPrefix("//") { return true }
    guard let colon = text.firstIndex(of: ":") else { return false }
    return !text[..<colon].contains("/")
  }
}
