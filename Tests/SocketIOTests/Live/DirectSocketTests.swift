import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import SocketIO

@Suite("Writing past the channel", .serialized, .timeLimit(.minutes(1)))
struct DirectSocketTests {
  @Test("what the kernel takes in parts arrives whole and in order, one frame a tick or many")
  func partialWrites() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.sendQueueBytes = 100_000_000
    let application = TestApplication(onConnect: { _ in .accept(rooms: ["room"]) })
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      let client = try await TestClient.connected(server)
      let filler = String(repeating: "x", count: 30_000)
      func event(_ number: Int) -> String { #"["e",\#(number),"\#(number.isMultiple(of: 3) ? filler : "")"]"# }
      func broadcast(_ number: Int) {
        server.socketIO.broadcast(Arguments(ByteBuffer(string: event(number))), to: .room("room"))
      }
      for round in 0..<5 {
        let first = round * 400
        try await client.channel.setOption(.autoRead, value: false).get()
        // Each in a tick of its own, for the loop has carried out the one before; far more than the kernel takes.
        for number in first..<(first + 200) {
          broadcast(number)
          _ = await server.socketIO.local.rooms()
        }
        for number in (first + 200)..<(first + 390) { broadcast(number) }
        try await client.channel.setOption(.autoRead, value: true).get()
        client.channel.read()
        for number in first..<(first + 390) { #expect(await client.next() == .text("42" + event(number))) }
        // The queue is empty again: these go directly.
        for number in (first + 390)..<(first + 400) {
          broadcast(number)
          #expect(await client.next() == .text("42" + event(number)))
        }
      }
    }
  }

  @Test("once its channel is closed it writes no more, though the descriptor may be another's")
  func closed() async throws {
    try await Self.withChannel { context in
      var socket = DirectSocket(isAllowed: true)
      #expect([Self.write("one", socket: &socket, context), Self.write("two", socket: &socket, context)] == [0, 3])
      let descriptor = try context.pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: CInt) in socket }
      context.close(promise: nil)
      let other = Self.takeOver(try #require(descriptor))
      defer { for descriptor in other.descriptors { Glibc.close(descriptor) } }
      #expect(Self.write("three", socket: &socket, context) == 0)
      var byte: UInt8 = 0
      #expect(recv(other.peer, &byte, 1, CInt(MSG_DONTWAIT)) == -1)
    }
  }

  @Test("what the channel has goes first")
  func queued() async throws {
    try await Self.withChannel { context in
      var socket = DirectSocket(isAllowed: true)
      #expect([Self.write("one", socket: &socket, context), Self.write("two", socket: &socket, context)] == [0, 3])
      socket.queued()
      context.write(NIOAny(ByteBuffer(string: "three")), promise: nil)
      #expect(Self.write("four", socket: &socket, context) == 0)
      context.flush()
      #expect(Self.write("five", socket: &socket, context) == 4)
    }
  }

  /// Runs the body on the loop of a connected channel.
  private static func withChannel(_ body: @escaping @Sendable (ChannelHandlerContext) throws -> Void) async throws {
    let server = try await ServerBootstrap(group: TestServer.group).bind(host: "127.0.0.1", port: 0).get()
    let channel = try await ClientBootstrap(group: TestServer.group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Idle()) }
      }
      .connect(to: try #require(server.localAddress)).get()
    try await channel.eventLoop.submit {
      try body(try channel.pipeline.syncOperations.context(handlerType: Idle.self))
    }.get()
    try? await channel.close()
    try await server.close()
  }

  private static func write(_ text: String, socket: inout DirectSocket, _ context: ChannelHandlerContext) -> Int {
    var bytes = ByteBuffer(string: text)
    socket.write(&bytes, context)
    return text.utf8.count - bytes.readableBytes
  }

  @Test("behind a handler of the application's, every byte goes through it")
  func behindAnother() async throws {
    let application = TestApplication(onConnect: { _ in .accept(rooms: ["room"]) })
    try await TestServer.run(
      .init(), { _ in application },
      addHandlers: { server, channel, http in
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(Cipher())
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
        try server.addHandler(to: pipeline, removingOnUpgrade: http)
      }
    ) { server, _ in
      let client = try await TestClient(server, cipher: { Cipher() })
      try await client.connect()
      for number in 0..<20 {
        server.socketIO.broadcast(Arguments(ByteBuffer(string: #"["e",\#(number)]"#)), to: .room("room"))
        #expect(await client.next() == .text(#"42["e",\#(number)]"#))
      }
    }
  }

  @Test("what an event leads to goes out at once with its acknowledgement")
  func oneWrite() async throws {
    let server = NIOLockedValueBox<SocketIOServer?>(nil)
    let application = TestApplication(
      onConnect: { _ in .accept(rooms: ["one", "two"]) },
      onEvent: { event, _ in
        // As a message is stored: who tells the others lets the handler go on. Both are on the connection's loop.
        let waiting = NIOLockedValueBox<CheckedContinuation<Void, Never>?>(nil)
        async let told: Void = { () async in
          for room in ["one", "two"] {
            server.withLockedValue { $0 }?.broadcast(event.arguments, to: .room(room))
          }
          waiting.withLockedValue { $0 }?.resume()
        }()
        await withCheckedContinuation { continuation in waiting.withLockedValue { $0 = continuation } }
        await told
        return event.arguments
      })
    let flushes = NIOLockedValueBox(0)
    try await TestServer.run(
      .init(),
      { socketIO in
        server.withLockedValue { $0 = socketIO }
        return application
      },
      addHandlers: { server, channel, http in
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(FlushCounter(flushes))
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
        try server.addHandler(to: pipeline, removingOnUpgrade: http)
      }
    ) { server, _ in
      let client = try await TestClient.connected(server)
      flushes.withLockedValue { $0 = 0 }
      for number in 1...50 {
        client.send(#"421["e",\#(number)]"#)
        let event = #"42["e",\#(number)]"#
        #expect(await client.next(3) == [event, event, #"431["e",\#(number)]"#])
        #expect(flushes.withLockedValue { $0 } == number)
      }
    }
    server.withLockedValue { $0 = nil }
  }

  /// Opens sockets until one has this descriptor, which was free just now.
  ///
  /// - Returns: What it is connected with, -1 if somebody else has the descriptor, and all that was opened.
  private static func takeOver(_ descriptor: CInt) -> (peer: CInt, descriptors: [CInt]) {
    var opened: [CInt] = []
    while fcntl(descriptor, F_GETFD) == -1 {
      var pair: [CInt] = [-1, -1]
      guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else { break }
      opened += pair
      if pair[0] == descriptor { return (pair[1], opened) }
      if pair[1] == descriptor { return (pair[0], opened) }
    }
    return (-1, opened)
  }

  private final class Idle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
  }
}

/// Stands in for TLS: what is on the wire is not what is written.
private final class Cipher: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.fireChannelRead(self.wrapInboundOut(Self.turned(self.unwrapInboundIn(data))))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .byteBuffer(let bytes) = self.unwrapOutboundIn(data) else { return }
    context.write(self.wrapOutboundOut(Self.turned(bytes)), promise: promise)
  }

  private static func turned(_ bytes: ByteBuffer) -> ByteBuffer {
    ByteBuffer(bytes: bytes.readableBytesView.map { $0 ^ 0xA5 })
  }
}

private final class FlushCounter: ChannelOutboundHandler {
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private let count: NIOLockedValueBox<Int>

  init(_ count: NIOLockedValueBox<Int>) { self.count = count }

  func flush(context: ChannelHandlerContext) {
    self.count.withLockedValue { $0 += 1 }
    context.flush()
  }
}
