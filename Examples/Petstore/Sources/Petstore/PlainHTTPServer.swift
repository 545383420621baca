import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import ProtocolRuntime

/// A plain server of HTTP/1.1 on loopback for generated code: whole bodies, one request after another.
struct PlainHTTPServer: Sendable {
  /// What the generated API does with a request to an operation.
  let respond: @Sendable (Request, OperationID, PathSegments) async -> Response
  /// How it says what is refused before that.
  let refuse: @Sendable (ProblemDetails, RequestContext) -> Response

  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// Serves until the task is cancelled.
  /// - Parameter port: 0 for one of the system's choice.
  func run(port: Int) async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    print("http://127.0.0.1:\(listener.channel.localAddress?.port ?? 0)")
    fflush(nil)
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        for try await connection in connections {
          // A client that goes away in the middle is none of the others' business.
          group.addTask { try? await serve(connection) }
        }
      }
    }
  }

  private func serve(_ connection: Connection) async throws {
    try await connection.executeThenClose { parts, writer in
      var head: HTTPRequestHead?
      var body = ByteBuffer()
      var size = 0
      for try await part in parts {
        switch part {
        case .head(let new): (head, body, size) = (new, ByteBuffer(), 0)
        case .body(let bytes):
          size += bytes.readableBytes
          // What is too much is told when it has come, and not kept until then.
          if size <= OperationTraits.defaultBodyLimit { body.writeImmutableBuffer(bytes) }
        case .end:
          guard let head else { return }
          try await write(await answer(head, body, size), to: writer, isWithContent: head.method != .HEAD)
          guard head.isKeepAlive else { return }
        }
      }
    }
  }

  private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, _ size: Int) async -> Response {
    let context = RequestContext(requestID: "none", address: "127.0.0.1")
    let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    switch Route.match(method: head.method.rawValue, path: target.first.map(String.init) ?? "") {
    case .notFound: return refuse(ProblemDetails("not_found", "There is no such path."), context)
    case .options(let allow): return Response(status: 204).adding("Allow", allow)
    case .methodNotAllowed(let allow):
      return refuse(ProblemDetails("method_not_allowed", "The path takes \(allow)."), context).adding("Allow", allow)
    case .operation(let id, let segments):
      if size > min(id.traits.bodyLimit, OperationTraits.defaultBodyLimit) {
        return refuse(ProblemDetails("payload_too_large", "The body is too long."), context)
      }
      let fields = head.headers.map { ($0.name.lowercased(), $0.value) }
      let request = Request(
        query: target.count > 1 ? String(target[1]) : nil, contentType: head.headers.first(name: "content-type"),
        accept: head.headers.first(name: "accept"), authorization: head.headers.first(name: "authorization"),
        fields: Dictionary(fields) { first, _ in first }, body: requestBody(body, id.traits), context: context)
      return await respond(request, id, segments)
    }
  }

  private func requestBody(_ body: ByteBuffer, _ traits: OperationTraits) -> RequestBody {
    guard case .stream = traits.body else { return .whole(body) }
    return .stream(
      BodyStream(
        AsyncThrowingStream<ByteBuffer, any Error> { pieces in
          pieces.yield(body)
          pieces.finish()
        }))
  }

  private func write(
    _ response: Response, to writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>, isWithContent: Bool
  ) async throws {
    var headers = HTTPHeaders(response.fields.map { ($0.name.description, $0.value) })
    if let mediaType = response.mediaType ?? response.contentType?.description {
      headers.add(name: "Content-Type", value: mediaType)
    }
    // RFC 9110 §8.6: a 204 has no Content-Length.
    if response.status != 204, let length = response.body.length {
      headers.add(name: "Content-Length", value: String(length))
    }
    try await writer.write(
      .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status), headers: headers)))
    switch response.body {
    case _ where !isWithContent: break
    case .bytes(let bytes): try await writer.write(.body(.byteBuffer(bytes)))
    case .stream(let pieces, _):
      for try await piece in pieces { try await writer.write(.body(.byteBuffer(piece))) }
    case .file(let file, let range):
      for try await piece in file.stream(range) { try await writer.write(.body(.byteBuffer(piece))) }
    }
    try await writer.write(.end(nil))
  }
}
