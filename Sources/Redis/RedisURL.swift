import Bytes

/// Where Redis is, and as whom it is entered.
struct RedisURL: Sendable, Equatable {
  enum Address: Sendable, Equatable {
    case tcp(host: String, port: Int32)
    case unix(path: String)
  }

  var address: Address
  var user: String?
  var password: String?
  var database = 0

  /// Reads `redis://[[user]:password@]host[:port][/database]`, or `unix:///path` (also `redis+unix://`), which may say
  /// `?db=`. Parts may be percent-encoded. Throws `badConfiguration`, without the text: it may hold a password.
  init(_ text: String) throws(RedisError) {
    guard let separator = text.firstRange(of: "://") else { throw RedisURL.fault("it begins with redis:// or unix://") }
    let rest = text[separator.upperBound...]
    switch text[..<separator.lowerBound] {
    case "redis": try self.init(tcp: rest)
    case "unix", "redis+unix": try self.init(unix: rest)
    case "rediss": throw RedisURL.fault("TLS is not spoken here; a tunnel such as stunnel can")
    default: throw RedisURL.fault("it begins with redis:// or unix://")
    }
  }

  private init(tcp text: Substring) throws(RedisError) {
    var rest = text
    if let at = rest.lastIndex(of: "@") {
      (user, password) = try RedisURL.credentials(rest[..<at])
      rest = rest[rest.index(after: at)...]
    }
    if let slash = rest.firstIndex(of: "/") {
      let name = rest[rest.index(after: slash)...]
      if !name.isEmpty { database = try RedisURL.database(name) }
      rest = rest[..<slash]
    }
    var host = rest
    var port: Substring?
    if rest.hasPrefix("[") {
      // An IPv6 address (RFC 3986 §3.2.2).
      guard let end = rest.firstIndex(of: "]") else { throw RedisURL.fault("an IPv6 address ends with ]") }
      host = rest[rest.index(after: rest.startIndex)..<end]
      let after = rest[rest.index(after: end)...]
      guard after.isEmpty || after.hasPrefix(":") else { throw RedisURL.fault("a port follows a colon") }
      port = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = rest.firstIndex(of: ":") {
      host = rest[..<colon]
      port = rest[rest.index(after: colon)...]
    }
    guard !host.isEmpty else { throw RedisURL.fault("it names no host") }
    guard let number = port.map({ Int32($0) }) ?? 6_379, (1...65_535).contains(number) else {
      throw RedisURL.fault("a port is a number from 1 to 65535")
    }
    address = .tcp(host: try RedisURL.decoded(host), port: number)
  }

  private init(unix text: Substring) throws(RedisError) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path = parts[0]
    if let at = path.firstIndex(of: "@") {
      (user, password) = try RedisURL.credentials(path[..<at])
      path = path[path.index(after: at)...]
    }
    guard path.hasPrefix("/") else { throw RedisURL.fault("a path begins with /") }
    // sockaddr_un has 108 bytes, the last of them zero (unix(7)).
    let decoded = try RedisURL.decoded(path)
    guard decoded.utf8.count < 108 else { throw RedisURL.fault("a socket's path has at most 107 bytes") }
    address = .unix(path: decoded)
    guard parts.count == 2 else { return }
    guard parts[1].hasPrefix("db=") else { throw RedisURL.fault("only db= is known") }
    database = try RedisURL.database(parts[1].dropFirst(3))
  }

  private static func credentials(_ text: Substring) throws(RedisError) -> (user: String?, password: String) {
    guard let colon = text.firstIndex(of: ":") else { throw fault("a password follows a colon") }
    let user = try decoded(text[..<colon])
    return (user.isEmpty ? nil : user, try decoded(text[text.index(after: colon)...]))
  }

  private static func database(_ text: Substring) throws(RedisError) -> Int {
    guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
      throw fault("a database is a number")
    }
    return number
  }

  private static func decoded(_ text: Substring) throws(RedisError) -> String {
    guard let bytes = PercentEncoding.decode(text.utf8) else {
      throw fault("a percent sign is followed by two hexadecimal digits")
    }
    // C's strings end at a zero.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw fault("it is no UTF-8") }
    return text
  }

  private static func fault(_ what: String) -> RedisError {
    RedisError(.badConfiguration, "the URL of Redis cannot be read: \(what)")
  }
}
