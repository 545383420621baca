import NIOCore
import NIOHTTP1
import NIOPosix

/// What keeps a server from being talked to.
public struct ClientError: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// An answer over HTTP, as it came.
struct HTTPAnswer: Sendable {
  let status: Int
  let fields: [(name: String, value: String)]
  let body: [UInt8]

  /// Seconds (RFC 9110 §10.2.3); nil where there are none.
  var retryAfter: Int? { fields.first { $0.name.lowercased() == "retry-after" }.flatMap { Int($0.value) } }
}

/// Sends requests over HTTP/1.1, each on a connection of its own.
struct HTTPCaller: Sendable {
  private static let timeout = TimeAmount.seconds(30)

  let address: ServerAddress
  let group: any EventLoopGroup

  /// - Parameter target: path and query, percent-encoded.
  /// - Throws: where no answer comes within 30 s, or one of more than 16 MB.
  func call(
    _ method: String, _ target: String, fields: [(String, String)] = [], body: [UInt8]? = nil
  ) async throws -> HTTPAnswer {
    var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: target)
    head.headers.add(name: "Host", value: address.authority)
    head.headers.add(name: "Connection", value: "close")
    for (name, value) in fields { head.headers.add(name: name, value: value) }
    if let body { head.headers.add(name: "Content-Length", value: String(body.count)) }
    let request = head
    let loop = group.next()
    let answer = loop.makePromise(of: HTTPAnswer.self)
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: loop).connectTimeout(Self.timeout).channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(AnswerCollector(answer: answer))
        }
      }.connect(host: address.host, port: address.port).get()
    } catch {
      answer.fail(error)
      throw error
    }
    let deadline = loop.scheduleTask(in: Self.timeout) {
      answer.fail(ClientError("\(method) \(target): no answer within 30 s"))
    }
    defer {
      deadline.cancel()
      channel.close(promise: nil)
    }
    channel.write(HTTPClientRequestPart.head(request), promise: nil)
    if let body {
      channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
    }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    return try await answer.futureResult.get()
  }
}

/// Puts the parts of one answer together.
private final class AnswerCollector: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private static let maxBody = 16 << 20

  private let answer: EventLoopPromise<HTTPAnswer>
  private var head: HTTPResponseHead?
  private var body: [UInt8] = []

  init(answer: EventLoopPromise<HTTPAnswer>) { self.answer = answer }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(let part):
      body += part.readableBytesView
      if body.count > Self.maxBody { fail(context, ClientError("an answer of more than 16 MB")) }
    case .end:
      guard let head else { return }
      answer.succeed(
        HTTPAnswer(
          status: Int(head.status.code), fields: head.headers.map { ($0.name, $0.value) }, body: body))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    answer.fail(ClientError("the connection ended before the answer"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context, error) }

  private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
    answer.fail(error)
    context.close(promise: nil)
  }
}
