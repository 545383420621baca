import Logging
import NIOCore
import NIOPosix
import ProtocolRuntime
import Synchronization

@testable import letschat

/// Answers with what it was asked: enough of an application for the tests of HTTP itself.
struct EchoApplication: HTTPApplication {
  /// How often /large was asked, by all tests.
  static let largeAnswers = Atomic(0)

  let problems = ProblemCatalog([
    "not_found": .init(status: 404, title: "Not found"),
    "method_not_allowed": .init(status: 405, title: "Method not allowed"),
    "unsupported_media_type": .init(status: 415, title: "Unsupported media type"),
    "unavailable": .init(status: 503, title: "Unavailable"),
    "range_not_satisfiable": .init(status: 416, title: "Range not satisfiable"),
    "payload_too_large": .init(status: 413, title: "Payload too large"),
  ])

  func route(method: String, path: String) -> HTTPRoute {
    let allow = path == "/echo" ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS"
    return switch (path, method) {
    case ("/echo", "GET"), ("/echo", "HEAD"): .operation(OperationTraits()) { Self.echo($0) }
    case ("/echo", "POST"): .operation(OperationTraits(body: .whole("*/*"))) { Self.echo($0) }
    case ("/slow", "GET"):
      .operation(OperationTraits()) { request in
        await Task.yield()
        return Self.echo(request)
      }
    case ("/large", "GET"):
      .operation(OperationTraits()) { request in
        Self.largeAnswers.add(1, ordering: .relaxed)
        let size = request.query.flatMap { Int($0) } ?? 300_000
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
        return Response(status: 200, contentType: "text/plain", body: body)
      }
    case ("/authorization", "GET"):
      .operation(OperationTraits()) { request in
        Response(
          status: 200, contentType: "text/plain", body: ByteBuffer(string: "[\(request.authorization ?? "-")]"))
      }
    case ("/document", "GET"), ("/document", "HEAD"):
      .operation(OperationTraits(acceptsRanges: true, cacheControl: "no-cache")) { _ in
        Response(
          status: 200, contentType: "text/plain",
          content: Content(ByteBuffer(string: "0123456789"), entityTag: "\"digits\""))
      }
    case (_, _) where path.hasPrefix("/streams/"): StreamOperations.route(method: method, path: path)
    case ("/echo", "OPTIONS"): .options(allow: allow)
    case ("/echo", _), ("/slow", _), ("/large", _): .methodNotAllowed(allow: allow)
    default: .notFound
    }
  }

  func refuse(_ problem: ProblemDetails, context: RequestContext) -> Response {
    Response.problem(problem, requestID: context.requestID, catalog: problems)
  }

  private static func echo(_ request: Request) -> Response {
    guard case .whole(var body) = request.body else { preconditionFailure("it is collected") }
    if body.readableBytes == 0 { body = ByteBuffer(string: "\(request.query ?? "-") \(request.context.address)") }
    return Response(status: 200, contentType: "text/plain", body: body)
  }
}

/// Runs a server for the time of a test.
func withServer(
  _ configuration: HTTPConfiguration = HTTPConfiguration(), accessLog: LogSink? = nil,
  _ test: (_ port: Int, HTTPServer) async throws -> Void
) async throws {
  let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let server = try await HTTPServer.start(
    host: "127.0.0.1", port: 0, application: EchoApplication(), configuration: configuration, eventLoopGroup: group,
    accessLog: accessLog, logger: Logger(label: "test"),
    addHandlers: { channel, codec, _ in try channel.pipeline.syncOperations.addHandlers(codec) })
  let result: Result<Void, any Error>
  do {
    try await test(server.address?.port ?? 0, server)
    result = .success(())
  } catch {
    result = .failure(error)
  }
  await server.shutdown(grace: .seconds(1))
  try await group.shutdownGracefully()
  try result.get()
}
