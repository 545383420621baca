import CPostgres

/// A connection string, taken apart by libpq, with what this client needs on top.
struct ConnectionSettings: Sendable {
  let keywords: [String]
  let values: [String]
  /// After this long without a byte from the server the connection is taken for dead: its own timeouts have passed.
  let silenceLimit: Duration?

  /// Throws `badConfiguration` for what libpq cannot read. The string is not repeated: it may hold a password.
  /// `statementTimeout` is what the server's statement_timeout is set to; nil for none.
  init(_ connectionString: String, statementTimeout: Duration?) throws(PostgresError) {
    guard let options = PQconninfoParse(connectionString, nil) else {
      throw PostgresError(.badConfiguration, "the database's connection string cannot be read")
    }
    defer { PQconninfoFree(options) }
    var given: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    // The text forms that are decoded here and above must not depend on the server's configuration.
    let ours = [
      "-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=iso_8601 -c bytea_output=hex",
      "-c extra_float_digits=1 -c statement_timeout=\(statementTimeout.map(ConnectionSettings.milliseconds) ?? 0)",
    ]
    given["options"] = ([given["options"]].compactMap(\.self) + ours).joined(separator: " ")
    given["client_encoding"] = "UTF8"
    // Defaults that find a dead peer within seconds, not hours; what the string says wins.
    let defaults = [
      "connect_timeout": "5", "keepalives_idle": "15", "keepalives_interval": "5",
      "keepalives_count": "3", "tcp_user_timeout": "20000",
    ]
    given.merge(defaults) { said, _ in said }
    keywords = given.keys.sorted()
    values = keywords.map { given[$0, default: ""] }
    silenceLimit = statementTimeout.map { $0 + .seconds(5) }
  }

  /// Calls `body` with the NULL-terminated arrays that PQconnectStartParams and PQconnectdbParams take.
  func withParameters<Output>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Output
  ) -> Output {
    let keywordCopies = keywords.map { UnsafePointer(ConnectionSettings.copy($0)) }
    let valueCopies = values.map { UnsafePointer(ConnectionSettings.copy($0)) }
    defer { for pointer in keywordCopies + valueCopies { pointer.deallocate() } }
    return (keywordCopies.map(Optional.some) + [nil]).withUnsafeBufferPointer { keywords in
      (valueCopies.map(Optional.some) + [nil]).withUnsafeBufferPointer { values in
        guard let keywords = keywords.baseAddress, let values = values.baseAddress else {
          preconditionFailure("the arrays have at least their terminator")
        }
        return body(keywords, values)
      }
    }
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
    return copy
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }
}
