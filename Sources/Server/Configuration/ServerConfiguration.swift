import Logging
import NIOCore
import Postgres
import Redis

/// All settings of the server, read and checked.
struct ServerConfiguration: Sendable {
  var host = "127.0.0.1"
  /// 0: any free one.
  var port = 3000
  /// Where the server keeps what is its own: the generated secret, the private PostgreSQL.
  var dataDirectory = ".letschat"
  /// Nil: a private PostgreSQL in the data folder.
  var databaseURL: Secret<String>?
  /// As many as cores, from 2 to 8: statements travel in batches, and fewer connections make larger ones, which cost both
  /// sides less; a second one lets reads pass a slow write.
  var databaseConnections = min(max(System.coreCount, 2), 8)
  /// Nil: this node is alone.
  var redisURL: Secret<String>?
  /// Nil: generated, and kept in the data folder.
  var secret: Secret<[UInt8]>?
  var allowedOrigins: [String] = []
  var trustedProxies = AddressRanges()
  var logLevel = Logger.Level.info
  var editWindowHours = 24
  /// Multiplies all limits; 0 turns them off.
  var rateLimitScale = 1.0
  /// Above 0. A limit of an hour's takes days beyond these.
  private static let rateLimitScales = 0.01...1000
  /// Whether all that leaves the server is judged by the documents; see `ResponseCheck`.
  var checksResponses = false

  /// What the command line says; it wins over the environment.
  struct Flags: Sendable {
    var host: String?
    var port: String?
    var dataDirectory: String?
    var checksResponses = false
  }

  /// Everything that is wrong, one line each.
  struct Failure: Error {
    var lines: [String]
  }

  /// Reads all settings, and reports all that is wrong with them at once. An empty variable counts as unset.
  init(flags: Flags = Flags(), environment: [String: String]) throws(Failure) {
    var reader = SettingReader(environment: environment)
    if let host = flags.host.map({ reader.check("--host", $0) }) ?? reader.value("HOST") { self.host = host }
    if let port = reader.integer("--port", flags.port, or: "PORT", in: 0...65_535) { self.port = port }
    if let directory = flags.dataDirectory.map({ reader.check("--data-dir", $0) }) ?? reader.value("DATA_DIR") {
      dataDirectory = directory
    }
    databaseURL = reader.value("DATABASE_URL").map { Secret($0) }
    if let connections = reader.integer("DATABASE_CONNECTIONS", in: PostgresClient.connectionBounds) {
      databaseConnections = connections
    }
    if let url = reader.value("REDIS_URL") {
      do throws(RedisError) {
        try RedisClient.Configuration(url: url).check()
        redisURL = Secret(url)
      } catch {
        // Its text does not hold the URL, in which there may be a password.
        reader.problems.append("REDIS_URL: \(error.message)")
      }
    }
    if let secret = reader.value("JWT_SECRET") {
      if secret.utf8.count < SecretFile.minBytes {
        reader.problems.append("JWT_SECRET must have at least \(SecretFile.minBytes) bytes, not \(secret.utf8.count)")
      }
      self.secret = Secret(Array(secret.utf8))
    }
    for origin in reader.list("FRONTEND_URL") {
      if let origin = Self.origin(origin) {
        allowedOrigins.append(origin)
      } else {
        reader.problems.append(
          "FRONTEND_URL must be origins like https://chat.example, separated by commas; \"\(origin)\" is none")
      }
    }
    for range in reader.list("TRUSTED_PROXIES") where !trustedProxies.insert(range) {
      reader.problems.append(
        "TRUSTED_PROXIES must be IP addresses or ranges like 10.0.0.0/8, separated by commas; \"\(range)\" is none")
    }
    if let level = reader.value("LOG_LEVEL") {
      if let known = Logger.Level(rawValue: level.lowercased()) {
        logLevel = known
      } else {
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        reader.problems.append("LOG_LEVEL must be one of \(levels), not \"\(level)\"")
      }
    }
    if let hours = reader.integer("EDIT_WINDOW_HOURS", in: 1...87_600) { editWindowHours = hours }
    if let text = reader.value("RATE_LIMIT_SCALE") {
      let isPlain = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
      if isPlain, let scale = Double(text), scale == 0 || Self.rateLimitScales.contains(scale) {
        rateLimitScale = scale
      } else {
        reader.problems.append("RATE_LIMIT_SCALE must be 0 or a number from 0.01 to 1000, not \"\(text)\"")
      }
    }
    checksResponses = reader.boolean("CHECK_RESPONSES") ?? false || flags.checksResponses
    guard reader.problems.isEmpty else { throw Failure(lines: reader.problems) }
  }

  /// An origin as browsers send it (RFC 6454 §6.2): scheme and host, the port where it is not the scheme's own, no slash
  /// at the end. Nil for what is none.
  private static func origin(_ text: String) -> String? {
    var origin = text.lowercased()
    if origin.hasSuffix("/") { origin.removeLast() }
    for (scheme, ownPort) in [("https://", ":443"), ("http://", ":80")] where origin.hasPrefix(scheme) {
      let authority = origin.dropFirst(scheme.count)
      guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
        !authority.contains(where: { "/?#@\\\"<>,".contains($0) })
      else { return nil }
      if origin.hasSuffix(ownPort) { origin.removeLast(ownPort.count) }
      return origin
    }
    return nil
  }
}

/// Reads settings from the environment and collects what is wrong with them.
private struct SettingReader {
  let environment: [String: String]
  var problems: [String] = []

  init(environment: [String: String]) { self.environment = environment }

  func value(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  /// A flag's value, which must not be empty.
  mutating func check(_ name: String, _ value: String) -> String {
    if value.isEmpty { problems.append("\(name) must not be empty") }
    return value
  }

  func list(_ name: String) -> [String] {
    (value(name) ?? "").split(separator: ",").map { item in
      String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }

  mutating func boolean(_ name: String) -> Bool? {
    guard let text = value(name) else { return nil }
    guard let value = Bool(text) else {
      problems.append("\(name) must be true or false, not \"\(text)\"")
      return nil
    }
    return value
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
    integer(name, nil, or: name, in: range)
  }

  mutating func integer(_ flag: String, _ flagValue: String?, or name: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = flagValue ?? value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let source = flagValue == nil ? name : flag
      problems.append("\(source) must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
      return nil
    }
    return number
  }
}
