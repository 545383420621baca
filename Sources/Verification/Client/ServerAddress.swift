/// Where the server is that is verified: `http://host[:port]`.
public struct ServerAddress: Sendable, CustomStringConvertible {
  public let host: String
  public let port: Int

  /// - Returns: nil for what is no such URL. Over https nothing is verified yet.
  public init?(_ url: String) {
    guard url.lowercased().hasPrefix("http://") else { return nil }
    var rest = url.dropFirst(7)
    while rest.last == "/" { rest.removeLast() }
    guard !rest.isEmpty, !rest.contains(where: { "/?#@".contains($0) }) else { return nil }
    var port = 80
    let closing = rest.lastIndex(of: "]")
    if let colon = rest.lastIndex(of: ":"), closing.map({ $0 < colon }) ?? true {
      guard let number = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(number) else { return nil }
      port = number
      rest = rest[..<colon]
    }
    host = rest.hasPrefix("[") && rest.hasSuffix("]") ? String(rest.dropFirst().dropLast()) : String(rest)
    self.port = port
    if host.isEmpty { return nil }
  }

  /// As the Host field has it.
  var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

  public var description: String { "http://\(authority)" }
}
