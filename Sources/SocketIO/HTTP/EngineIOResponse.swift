import NIOCore
import NIOHTTP1

/// What a request to Engine.IO is answered with.
enum EngineIOResponse: Sendable {
  /// Packets.
  case payload(ByteBuffer, cookie: String? = nil)
  /// The packets of a POST are taken.
  case accepted
  case preflight
  case error(EngineIOError)

  var status: HTTPResponseStatus {
    switch self {
    case .payload, .accepted: .ok
    case .preflight: .noContent
    case .error(let error): error.status
    }
  }

  var body: ByteBuffer {
    switch self {
    case .payload(let payload, _): payload
    case .accepted: ByteBuffer(string: "ok")
    case .preflight: ByteBuffer()
    case .error(let error): ByteBuffer(string: error.json)
    }
  }

  /// The header but for what depends on the connection.
  func headers(to request: HTTPRequestHead, crossOrigin: SocketIOServer.CrossOrigin?) -> HTTPHeaders {
    var headers = HTTPHeaders()
    switch self {
    case .payload(_, let cookie):
      headers.add(name: "content-type", value: "text/plain; charset=UTF-8")
      headers.add(name: "cache-control", value: "no-store")
      if let cookie { headers.add(name: "set-cookie", value: cookie) }
    case .accepted:
      // As the reference: some browsers offer text/plain as a download.
      headers.add(name: "content-type", value: "text/html")
      headers.add(name: "cache-control", value: "no-store")
    case .preflight: break
    case .error(let error):
      headers.add(name: "content-type", value: "application/json")
      // RFC 9110 §15.5.16: with what would be taken.
      if error == .codedBody { headers.add(name: "accept-encoding", value: "identity") }
      if case .tooManyHandshakes(let seconds) = error { headers.add(name: "retry-after", value: String(seconds)) }
    }
    if let crossOrigin { crossOrigin.add(to: &headers, request, isPreflight: self.isPreflight) }
    return headers
  }

  private var isPreflight: Bool {
    if case .preflight = self { true } else { false }
  }
}

extension SocketIOServer.CrossOrigin {
  /// What the `cors` middleware of the reference sends. Source: Fetch standard, "CORS protocol".
  fileprivate func add(to headers: inout HTTPHeaders, _ request: HTTPRequestHead, isPreflight: Bool) {
    let origin = request.headers.first(name: "origin")
    var vary: [String] = []
    defer { if !vary.isEmpty { headers.add(name: "vary", value: vary.joined(separator: ", ")) } }
    if let origins = self.origins {
      vary.append("Origin")
      if let origin, origins.contains(origin) {
        headers.add(name: "access-control-allow-origin", value: origin)
        if self.allowsCredentials { headers.add(name: "access-control-allow-credentials", value: "true") }
      }
    } else {
      headers.add(name: "access-control-allow-origin", value: "*")
    }
    guard isPreflight else { return }
    headers.add(name: "access-control-allow-methods", value: "GET,HEAD,PUT,PATCH,POST,DELETE")
    let names = request.headers[canonicalForm: "access-control-request-headers"].joined(separator: ",")
    if !names.isEmpty {
      vary.append("Access-Control-Request-Headers")
      headers.add(name: "access-control-allow-headers", value: names)
    }
  }
}

/// A request that waits for its answer, to be answered once, from any thread.
struct EngineIOExchange: Sendable {
  /// Among the requests of all connections.
  let id: UInt64
  private let handler: NIOLoopBound<EngineIOHandler>

  init(id: UInt64, handler: NIOLoopBound<EngineIOHandler>) {
    self.id = id
    self.handler = handler
  }

  func respond(_ response: EngineIOResponse) {
    let handler = self.handler
    let id = self.id
    handler.eventLoop.execute { handler.value.answer(id, response) }
  }
}
