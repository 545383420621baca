import Bytes
import NIOHTTP1

/// What an HTTP request asks of Engine.IO.
enum EngineIORequest: Equatable {
  /// A session over WebSocket; with a session's name, that one is to go on there.
  case webSocket(upgrading: String?)
  /// A session that begins with polling.
  case openPolling
  case poll(sid: String)
  case post(sid: String)
  /// A POST whose content polling does not know: it ends the session.
  case badPost(sid: String)
  /// What can't be asked of a session.
  case misfit(sid: String)
  /// A browser asks what it may send from a page of another origin.
  case preflight
  case error(EngineIOError)

  /// - Parameter head: of a request under our path, with no blanks around its fields' values.
  init(_ head: HTTPRequestHead, configuration: SocketIOServer.Configuration) {
    if head.method == .OPTIONS, configuration.crossOrigin != nil {
      self = .preflight
      return
    }
    self = Self.parse(head, Query(uri: head.uri), configuration)
  }

  /// The checks and their order are the reference's: packages/engine.io/lib/server.ts, `verify` and `handshake`.
  private static func parse(
    _ head: HTTPRequestHead, _ query: Query, _ configuration: SocketIOServer.Configuration
  ) -> EngineIORequest {
    guard let transport = query.transport.flatMap(SocketIOServer.Transport.init(rawValue:)),
      configuration.transports.contains(transport)
    else { return .error(.unknownTransport) }
    let isUpgrade =
      head.version == .http1_1 && head.headers.has("connection", token: "upgrade")
      && head.headers.has("upgrade", token: "websocket")
    if let sid = query.sid, !sid.isEmpty {
      return self.parse(head, sid: sid, transport, isUpgrade: isUpgrade, configuration)
    }
    if head.method != .GET { return .error(.badHandshakeMethod) }
    if transport == .webSocket, !isUpgrade || !head.headers.hasWebSocketKey { return .error(.badRequest) }
    if transport == .polling, isUpgrade { return .error(.badRequest) }
    if let allowed = configuration.allowedOrigins, let origin = head.headers.first(name: "origin"),
      !allowed.contains(origin)
    {
      return .error(.forbidden)
    }
    if query.version != "4" { return .error(.unsupportedProtocolVersion) }
    return transport == .webSocket ? .webSocket(upgrading: nil) : .openPolling
  }

  private static func parse(
    _ head: HTTPRequestHead, sid: String, _ transport: SocketIOServer.Transport, isUpgrade: Bool,
    _ configuration: SocketIOServer.Configuration
  ) -> EngineIORequest {
    switch (transport, head.method) {
    case (.webSocket, .GET):
      // No session is on WebSocket without the request that began it.
      guard isUpgrade, head.headers.hasWebSocketKey else { return .misfit(sid: sid) }
      return .webSocket(upgrading: sid)
    case (.polling, .GET) where !isUpgrade: return .poll(sid: sid)
    case (.polling, .POST):
      let isBinary = head.headers.first(name: "content-type") == "application/octet-stream"
      return isBinary ? .badPost(sid: sid) : .post(sid: sid)
    default: return .misfit(sid: sid)
    }
  }
}

/// The reference's errors of a request, with its numbers and words.
enum EngineIOError: Equatable {
  case unknownTransport, unknownSession, badHandshakeMethod, badRequest, forbidden, unsupportedProtocolVersion
  /// No numbers of the reference's: it has no such limits.
  case unavailable, tooManyConnections
  /// Seconds.
  case tooManyHandshakes(retryAfter: Int)
  /// The reference has a status for it only.
  case tooLarge
  case expectationFailed
  /// The body is coded in a way that nobody here undoes.
  case codedBody

  var status: HTTPResponseStatus {
    switch self {
    case .forbidden: .forbidden
    case .unavailable: .serviceUnavailable
    case .tooManyConnections, .tooManyHandshakes: .tooManyRequests
    case .tooLarge: .payloadTooLarge
    case .expectationFailed: .expectationFailed
    case .codedBody: .unsupportedMediaType
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
    case .tooManyConnections: #"{"message":"Too many connections"}"#
    case .tooManyHandshakes: #"{"message":"Too many handshakes"}"#
    case .tooLarge: #"{"message":"Payload too large"}"#
    case .expectationFailed: #"{"message":"Expectation failed"}"#
    case .codedBody: #"{"message":"Unsupported content encoding"}"#
    }
  }
}

/// The parameters of a URI that Engine.IO knows, each the first of its name. They need no percent-encoding.
private struct Query {
  private(set) var transport: String?
  private(set) var sid: String?
  private(set) var version: String?

  init(uri: String) {
    var uri = uri
    uri.withUTF8 { uri in
      let end = uri.firstIndex(of: UInt8(ascii: "#")) ?? uri.endIndex
      guard var start = uri[..<end].firstIndex(of: UInt8(ascii: "?")) else { return }
      while start < end {
        let next = uri[start + 1..<end].firstIndex(of: UInt8(ascii: "&")) ?? end
        self.read(UnsafeBufferPointer(rebasing: uri[start + 1..<next]))
        start = next
      }
    }
  }

  private mutating func read(_ pair: UnsafeBufferPointer<UInt8>) {
    let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
    let name = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: pair[..<mark]))
    func isCalled(_ wanted: StaticString) -> Bool {
      wanted.withUTF8Buffer { name.hasSameBytes(as: UnsafeRawBufferPointer($0)) }
    }
    let value = pair[mark...].dropFirst()
    if self.transport == nil, isCalled("transport") {
      self.transport = String(decoding: value, as: UTF8.self)
    } else if self.sid == nil, isCalled("sid") {
      self.sid = String(decoding: value, as: UTF8.self)
    } else if self.version == nil, isCalled("EIO") {
      self.version = String(decoding: value, as: UTF8.self)
    }
  }
}

extension HTTPRequestHead {
  /// With no blanks around the values of its fields, which are none of them (RFC 9110 §5.5). The parser leaves those
  /// behind them.
  var withoutBlankEnds: HTTPRequestHead {
    let hasSome = self.headers.contains { $0.value.withoutBlankEnds.utf8.count < $0.value.utf8.count }
    guard hasSome else { return self }
    var head = self
    head.headers = HTTPHeaders(self.headers.map { ($0.name, $0.value.withoutBlankEnds) })
    return head
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
  /// What a client offers to speak over the WebSocket, the best first; nil if that is no list of tokens (RFC 6455 §4.1).
  /// None of them changes anything here: the first one is taken, as the reference does.
  var webSocketSubprotocols: [String]? {
    let fields = self["sec-websocket-protocol"]
    guard !fields.isEmpty else { return [] }
    let names = fields.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0).withoutBlankEnds }
    return names.allSatisfy(\.isToken) ? names : nil
  }

  /// Whether something else than `identity` was done to the body (RFC 9110 §8.4).
  var codesContent: Bool {
    self[canonicalForm: "content-encoding"].contains { !$0.isEmpty && $0.lowercased() != "identity" }
  }

  /// Whether content follows. RFC 9112 §6.3
  var announcesContent: Bool {
    self.contains(name: "transfer-encoding") || self["content-length"].contains { $0 != "0" }
  }
}

extension String {
  /// RFC 9110 §5.6.2
  fileprivate var isToken: Bool {
    !self.isEmpty
      && self.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
