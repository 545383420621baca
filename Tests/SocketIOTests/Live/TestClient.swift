import NIOCore
import NIOPosix

/// What a server sent on a connection.
enum ServerMessage: Equatable, CustomStringConvertible {
  case http(status: Int, body: String)
  case text(String)
  case pong(String)
  case close(Int?)
  /// The TCP connection's end.
  case end

  var description: String {
    switch self {
    case .http(let status, let body): "\(status) \(body)"
    case .text(let text): text
    case .pong(let data): "pong \(data)"
    case .close(let code): "close \(code.map(String.init) ?? "")"
    case .end: "end"
    }
  }
}

/// A raw client: it sends the bytes that the test says, and cuts what comes into messages. One task uses it.
final class TestClient {
  let channel: any Channel
  private var messages: AsyncStream<ServerMessage>.Iterator

  static let handshake = "/socket.io/?EIO=4&transport=websocket"

  /// Connects. Unless `answersPings` is false, Engine.IO's pings are answered, and not among the messages.
  ///
  /// - Parameter cipher: Stands before all else.
  init(
    _ server: TestServer, answersPings: Bool = true, cipher: (@Sendable () -> any ChannelHandler)? = nil
  ) async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: ServerMessage.self)
    self.channel = try await ClientBootstrap(group: TestServer.group)
      .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let cipher { try channel.pipeline.syncOperations.addHandler(cipher()) }
          try channel.pipeline.syncOperations.addHandler(MessageReader(continuation, answersPings: answersPings))
        }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    self.messages = stream.makeAsyncIterator()
  }

  /// Connects as far as the CONNECT packet's answer.
  static func connected(_ server: TestServer, auth: String = "") async throws -> TestClient {
    let client = try await TestClient(server)
    try await client.connect(auth: auth)
    return client
  }

  /// The handshakes of HTTP, Engine.IO and Socket.IO.
  func connect(auth: String = "") async throws {
    try await self.upgrade()
    self.send("40" + auth)
    guard case .text(let answer) = await self.next(), answer.hasPrefix("40{\"sid\":\"") else {
      throw Unexpected(message: "no CONNECT packet")
    }
  }

  /// A WebSocket of a client that has connected by polling, one step before it takes the session over.
  static func probing(_ server: TestServer) async throws -> TestClient {
    let polling = try await TestClient(server)
    polling.request("GET", "/socket.io/?EIO=4&transport=polling")
    // `{"sid":"…"` is what the answer's packet begins with.
    let words = await polling.next().description.split(separator: "\"")
    guard words.count > 3 else { throw Unexpected(message: "no handshake") }
    let session = "/socket.io/?EIO=4&transport=polling&sid=\(words[3])"
    polling.request("POST", session, headers: "Content-Length: 2\r\n", body: "40")
    let posted = await polling.next()
    polling.request("GET", session)
    let polled = await polling.next()
    guard posted == .http(status: 200, body: "ok"), polled.description.hasPrefix("200 40{") else {
      throw Unexpected(message: "\(posted), \(polled)")
    }
    let webSocket = try await TestClient(server)
    webSocket.request(
      "GET", "/socket.io/?EIO=4&transport=websocket&sid=\(words[3])", headers: Self.upgradeHeaders)
    let upgraded = await webSocket.next()
    webSocket.send("2probe")
    let probed = await webSocket.next()
    guard upgraded == .http(status: 101, body: ""), probed == .text("3probe") else {
      throw Unexpected(message: "\(upgraded), \(probed)")
    }
    return webSocket
  }

  /// The HTTP part, and the Engine.IO handshake.
  func upgrade(headers: String = "") async throws {
    self.request("GET", Self.handshake, headers: Self.upgradeHeaders + headers)
    let answer = await self.next()
    guard answer == .http(status: 101, body: "") else { throw Unexpected(message: "\(answer)") }
    guard case .text(let open) = await self.next(), open.hasPrefix("0{\"sid\":\"") else {
      throw Unexpected(message: "no open packet")
    }
  }

  /// RFC 6455 §1.3's.
  static let upgradeHeaders =
    "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

  func request(_ method: String, _ uri: String, headers: String = "", body: String = "") {
    self.write(ByteBuffer(string: "\(method) \(uri) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n\(body)"))
  }

  /// Sends a text message.
  func send(_ text: String) {
    self.write(WebSocketTests.frame(0x81, Array(text.utf8)))
  }

  func write(_ bytes: ByteBuffer) {
    self.channel.writeAndFlush(bytes, promise: nil)
  }

  func next() async -> ServerMessage {
    await self.messages.next() ?? .end
  }

  /// The next messages, as text.
  func next(_ count: Int) async -> [String] {
    var messages: [String] = []
    for _ in 0..<count { messages.append(await self.next().description) }
    return messages
  }

  struct Unexpected: Error {
    let message: String
  }
}

private final class MessageReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let messages: AsyncStream<ServerMessage>.Continuation
  private var received = ByteBuffer()
  private var isWebSocket = false
  private let answersPings: Bool

  init(_ messages: AsyncStream<ServerMessage>.Continuation, answersPings: Bool) {
    self.messages = messages
    self.answersPings = answersPings
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = self.unwrapInboundIn(data)
    self.received.writeBuffer(&bytes)
    while let message = self.isWebSocket ? self.frame() : self.response() {
      if self.answersPings, message == .text("2") {
        context.writeAndFlush(self.wrapOutboundOut(WebSocketTests.frame(0x81, [0x33])), promise: nil)
      } else {
        self.messages.yield(message)
      }
    }
    self.received.discardReadBytes()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.messages.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func response() -> ServerMessage? {
    let bytes = Array(self.received.readableBytesView)
    let end = Array("\r\n\r\n".utf8)
    guard let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
    let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
    let lengths = lines.filter { $0.lowercased().hasPrefix("content-length: ") }
    let length = lengths.first.flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
    guard bytes.count >= head + 4 + length else { return nil }
    self.received.moveReaderIndex(forwardBy: head + 4 + length)
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    self.isWebSocket = status == 101
    if self.isWebSocket, !lines.contains(where: { $0.hasSuffix("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") }) {
      return .http(status: 0, body: "wrong Sec-WebSocket-Accept")
    }
    return .http(
      status: status, body: String(decoding: bytes[(head + 4)..<(head + 4 + length)], as: UTF8.self))
  }

  private func frame() -> ServerMessage? {
    var bytes = self.received
    guard let first = bytes.readInteger(as: UInt8.self), let second = bytes.readInteger(as: UInt8.self) else {
      return nil
    }
    let length: Int?
    switch second {
    case 127: length = bytes.readInteger(as: UInt64.self).map(Int.init)
    case 126: length = bytes.readInteger(as: UInt16.self).map(Int.init)
    default: length = Int(second)
    }
    guard let length, var payload = bytes.readSlice(length: length) else { return nil }
    self.received = bytes
    switch first {
    case 0x81: return .text(String(buffer: payload))
    case 0x88: return .close(payload.readInteger(as: UInt16.self).map(Int.init))
    case 0x8A: return .pong(String(buffer: payload))
    default: return .text("unexpected frame \(first)")
    }
  }
}
