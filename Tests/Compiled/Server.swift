import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import ProtocolRuntime

/// A server of HTTP/1.1 for generated code in tests, on loopback, at a port of the system's choice that it prints.
struct Server: Sendable {
  /// Of a request, in bytes.
  private static let bodyLimit = 1 << 20
  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// Answers a request to an operation.
  let respond: @Sendable (Request, OperationID, [String]) async -> Response

  func run() async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    print("port", listener.channel.localAddress?.port ?? 0)
    fflush(nil)
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        for try await connection in connections {
          group.addTask { try? await serve(connection) }
        }
      }
    }
  }

  private func serve(_ connection: Connection) async throws {
    try await connection.executeThenClose { parts, writer in
      var head: HTTPRequestHead?
      var body = ByteBuffer()
      for try await part in parts {
        switch part {
        case .head(let new): (head, body) = (new, ByteBuffer())
        case .body(let bytes):
          guard body.readableBytes + bytes.readableBytes <= Self.bodyLimit else { return }
          body.writeImmutableBuffer(bytes)
        case .end:
          guard let head else { return }
          let response = await answer(head, body)
          guard case .bytes(let bytes) = response.body else { return }
          let fields = HTTPHeaders([
            ("Content-Length", String(bytes.readableBytes)),
            ("Content-Type", response.mediaType ?? response.contentType?.description ?? "text/plain"),
          ])
          try await writer.write(
            .head(.init(version: head.version, status: .init(statusCode: response.status), headers: fields)))
          try await writer.write(.body(.byteBuffer(bytes)))
          try await writer.write(.end(nil))
        }
      }
    }
  }

  private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer) async -> Response {
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard case .operation(let id, let parameters) = Route.match(method: "\(head.method)", path: String(parts[0]))
    else { return Response(status: 404) }
    var isStream = false
    if case .stream = id.traits.body { isStream = true }
    let pieces = AsyncThrowingStream<ByteBuffer, any Error> { pieces in
      pieces.yield(body)
      pieces.finish()
    }
    let fields = head.headers.map { ($0.name.lowercased(), $0.value) }
    let request = Request(
      query: parts.count > 1 ? String(parts[1]) : nil, contentType: head.headers.first(name: "content-type"),
      accept: head.headers.first(name: "accept"), authorization: head.headers.first(name: "authorization"),
      fields: Dictionary(fields) { first, _ in first },
      body: isStream ? .stream(BodyStream(pieces)) : .whole(body),
      context: RequestContext(requestID: "request", address: "127.0.0.1"))
    return await respond(request, id, parameters)
  }
}

/// Whoever has a token.
struct Anyone: Authenticator, AccessPolicies {
  func authenticate(_ accessToken: String) -> Caller? {
    UUID("00000000-0000-4000-8000-000000000000").map { Caller(userID: $0, sessionID: $0) }
  }
}
