import NIOHTTP1

/// What an HTTP request asks of Engine.IO.
enum EngineIORequest: Equatable {
  /// Not for us.
  case other
  case webSocketHandshake
  case error(EngineIOError)

  init(_ head: HTTPRequestHead, configuration: SocketIOServer.Configuration) {
    guard head.uri.utf8.starts(with: configuration.path.utf8) else {
      self = .other
      return
    }
    let query = Query(uri: head.uri)
    let isUpgrade =
      head.version == .http1_1 && head.headers.has("connection", token: "upgrade")
      && head.headers.has("upgrade", token: "websocket")
    // The checks and their order are the reference's: packages/engine.io/lib/server.ts, `verify` and `handshake`.
    if query["transport"] != "websocket" {
      self = .error(.unknownTransport)
    } else if query["sid"] != nil {
      // A session has one transport, for its life: none waits to be taken up by another request.
      self = .error(.unknownSession)
    } else if head.method != .GET {
      self = .error(.badHandshakeMethod)
    } else if !isUpgrade || !head.headers.hasWebSocketKey {
      self = .error(.badRequest)
    } else if let allowed = configuration.allowedOrigins, let origin = head.headers.first(name: "origin"),
      !allowed.contains(origin)
    {
      self = .error(.forbidden)
    } else if query["EIO"] != "4" {
      self = .error(.unsupportedProtocolVersion)
    } else {
      self = .webSocketHandshake
    }
  }
}

/// The reference's errors of the handshake, with its numbers and words.
enum EngineIOError: Equatable {
  case unknownTransport, unknownSession, badHandshakeMethod, badRequest, forbidden, unsupportedProtocolVersion
  /// No number of the reference's: it has no limit.
  case unavailable

  var status: HTTPResponseStatus {
    switch self {
    case .forbidden: .forbidden
    case .unavailable: .serviceUnavailable
    default: .badRequest
    }
  }

  var json: String {
    switch self {
    case .unknownTransport: #"{"code":0,"message":"Transport unknown"}"#
    case .unknownSession: #"{"code":1,"message":"Session ID unknown"}"#
    case .badHandshakeMethod: #"{"code":2,"message":"Bad handshake method"}"#
    case .badRequest: #"{"code":3,"message":"Bad request"}"#
    case .forbidden: #"{"code":4,"message":"Forbidden"}"#
    case .unsupportedProtocolVersion: #"{"code":5,"message":"Unsupported protocol version"}"#
    case .unavailable: #"{"message":"Service unavailable"}"#
    }
  }
}

/// The parameters of a URI. Those of Engine.IO need no percent-encoding.
private struct Query {
  private let pairs: Substring

  init(uri: String) {
    let query = uri.drop { $0 != "?" }.dropFirst()
    self.pairs = query.prefix { $0 != "#" }
  }

  /// The first value under this name.
  subscript(name: String) -> Substring? {
    for pair in self.pairs.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.first == name[...] { return parts.count == 2 ? parts[1] : "" }
    }
    return nil
  }
}

extension HTTPHeaders {
  fileprivate func has(_ name: String, token: String) -> Bool {
    self[canonicalForm: name].contains { $0.lowercased() == token }
  }

  /// RFC 6455 §4.2.1: a key of 16 bytes in base64, and version 13.
  fileprivate var hasWebSocketKey: Bool {
    let keys = self["sec-websocket-key"]
    guard keys.count == 1, let key = keys.first, key.utf8.count == 24, key.hasSuffix("==") else { return false }
    return self["sec-websocket-version"] == ["13"]
  }
}
