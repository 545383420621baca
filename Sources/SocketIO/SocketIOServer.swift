import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// A Socket.IO server: Engine.IO 4 over WebSocket and HTTP long-polling, Socket.IO 5.
///
/// It has no socket of its own: the application's HTTP server gives it the requests under
/// ``Configuration/path`` by adding its handler to each child channel:
/// ```swift
/// socketIO.serve(application)
/// // in childChannelInitializer
/// channel.eventLoop.makeCompletedFuture {
///   let http = MyHTTPHandler()
///   try socketIO.addHTTPHandlers(to: channel, removingOnUpgrade: [http])
///   try channel.pipeline.syncOperations.addHandler(http)
/// }
/// ```
///
/// All methods may be called from any thread and never block. On all event loops they take effect in the order in which
/// they were called, also beside the application's own answers: what `connect` or `receive` called before it returned
/// has taken effect before what it returned does. Calls for a socket that has ended do nothing.
public final class SocketIOServer: Sendable {
  public let configuration: Configuration
  let logger: Logger
  let registry: ServerRegistry
  let switchboard: Switchboard
  /// See ``LocalSockets/recoveryName``.
  let recoveryName: String?

  /// A check before the application's own, say of an address: nil lets the client on, to the next one or to
  /// ``SocketIOApplication/connect(_:)``.
  public typealias ConnectMiddleware = @Sendable (ConnectRequest) async -> ConnectRefusal?

  /// What a client that is refused gets as `connect_error`.
  public struct ConnectRefusal: Sendable {
    public var message: String
    /// JSON.
    public var data: ByteBuffer?

    public init(message: String, data: ByteBuffer? = nil) {
      self.message = message
      self.data = data
    }
  }

  /// Makes a server for channels of the group, which has at most 1,024 loops.
  public init(
    configuration: Configuration = Configuration(), eventLoopGroup: any EventLoopGroup, logger: Logger
  ) {
    let eventLoops = Array(eventLoopGroup.makeIterator())
    precondition(eventLoops.count <= SocketID.maxLoops, "a socket's name has 10 bits for its loop")
    self.configuration = configuration
    self.logger = logger
    let tag = configuration.recovery.map { _ in PacketLog.makeTag() }
    let registry = ServerRegistry(node: tag)
    self.registry = registry
    self.recoveryName = tag
    self.switchboard = Switchboard(eventLoops: eventLoops, logTag: tag) { index, eventLoop in
      let loop = ConnectionLoop(
        index: index, eventLoop: eventLoop, configuration: configuration, registry: registry, logger: logger)
      if let recovery = configuration.recovery, let tag {
        loop.log = PacketLog(recovery: recovery, tag: tag, loops: eventLoops.count)
      }
      return loop
    }
  }

  /// Serves a namespace. Others are refused with "Invalid namespace".
  ///
  /// - Parameters:
  ///   - namespace: Begins with a slash; `/` is the one that clients use who name none.
  ///   - middleware: Asked in order, before the application.
  public func serve(
    _ application: any SocketIOApplication, on namespace: String = "/", middleware: [ConnectMiddleware] = []
  ) {
    self.registry.serve(namespace, ServerRegistry.Service(application: application, middleware: middleware))
  }

  /// Serves the namespaces for whose names the closure has an application, unless they are served by name. A client may
  /// be connected to 32 at once.
  public func serve(matching pattern: @escaping @Sendable (String) -> (any SocketIOApplication)?) {
    self.registry.serve(matching: pattern)
  }

  /// Makes a new channel one of an HTTP server: adds the codec of HTTP and ``addHandler(to:removingOnUpgrade:)``'s
  /// handler, and lets the channel receive without keeping a buffer (its options `recvAllocator` and
  /// `maxMessagesPerRead`). The application's handlers go behind.
  ///
  /// Frames to a WebSocket may then go straight to the channel's socket, past its pipeline. So the channel must have no
  /// handler yet, and never get one before these: for TLS, use ``addHandler(to:removingOnUpgrade:)``.
  ///
  /// Call it on the channel's loop.
  ///
  /// - Parameters:
  ///   - channel: On one of the server's loops.
  ///   - codec: NIO's encoder and decoder (one that forwards left-over bytes), and what lets one request in at a time.
  ///     Without it, NIO's own, with pipelining, error handling and validation of headers.
  ///   - removingOnUpgrade: The application's handlers that have no place on a WebSocket.
  /// - Throws: ``SocketIOError`` if the channel's loop is not the server's; what NIO throws if the channel is closed.
  public func addHTTPHandlers(
    to channel: any Channel, codec: [any RemovableChannelHandler]? = nil,
    removingOnUpgrade: [any RemovableChannelHandler] = []
  ) throws {
    try channel.syncOptions?.setOption(.recvAllocator, value: TransientReceiveBuffer())
    try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
    let pipeline = channel.pipeline.syncOperations
    let codec = codec ?? Self.makeHTTPCodec()
    let handler = EngineIOHandler(
      loop: try self.loop(of: pipeline), codec: codec, removingOnUpgrade: removingOnUpgrade)
    for handler in codec { try pipeline.addHandler(handler) }
    try pipeline.addHandler(handler)
  }

  private static func makeHTTPCodec() -> [any RemovableChannelHandler] {
    [
      HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)),
      HTTPServerPipelineHandler(), NIOHTTPResponseHeadersValidator(), HTTPServerProtocolErrorHandler(),
    ]
  }

  private func loop(of pipeline: ChannelPipeline.SynchronousOperations) throws -> ConnectionLoop {
    guard let loop = self.switchboard.loop(of: pipeline.eventLoop) else {
      throw SocketIOError(code: .foreignEventLoop, message: "the channel's event loop is not of the server's group")
    }
    return loop
  }

  /// Adds the handler that takes the requests under ``Configuration/path``, answers those of polling and the bad ones, and
  /// upgrades the others to WebSocket; all other requests pass on untouched.
  ///
  /// For any pipeline, also behind TLS; where it can be used, ``addHTTPHandlers(to:codec:removingOnUpgrade:)`` makes a
  /// faster server.
  ///
  /// Call it on the channel's loop, after NIO's HTTP server handlers were added and before those of the application.
  /// Pipelining assistance (`HTTPServerPipelineHandler`, or a handler of the application's that lets one request in at a
  /// time) is needed, for polls are answered later.
  ///
  /// - Parameters:
  ///   - pipeline: That of a channel on one of the server's loops.
  ///   - removingOnUpgrade: The application's handlers that have no place on a WebSocket: the one that answers HTTP, any
  ///     timeouts. NIO's own HTTP handlers are found by their types.
  /// - Throws: ``SocketIOError`` if the channel's loop is not the server's; what NIO throws if the pipeline is closed.
  public func addHandler(
    to pipeline: ChannelPipeline.SynchronousOperations, removingOnUpgrade: [any RemovableChannelHandler] = []
  ) throws {
    try pipeline.addHandler(EngineIOHandler(loop: try self.loop(of: pipeline), removingOnUpgrade: removingOnUpgrade))
  }

  // MARK: - Rooms

  /// Puts the socket into the room. Being in it twice is being in it once.
  public func join(_ socket: SocketID, room: String) {
    self.change(socket, .join(room))
  }

  /// Takes the socket out of the room.
  public func leave(_ socket: SocketID, room: String) {
    self.change(socket, .leave(room))
  }

  /// Takes the socket out of all its rooms.
  public func leaveAll(_ socket: SocketID) {
    self.change(socket, .leaveAll)
  }

  /// Puts all sockets that the target names into the room, on all nodes.
  public func join(_ target: BroadcastTarget, room: String) {
    self.local.join(target, room: room)
    self.elsewhere { $0.join(target.elsewhere, room: room) }
  }

  /// Takes all sockets that the target names out of the room, on all nodes.
  public func leave(_ target: BroadcastTarget, room: String) {
    self.local.leave(target, room: room)
    self.elsewhere { $0.leave(target.elsewhere, room: room) }
  }

  private func change(_ socket: SocketID, _ change: RoomChange) {
    self.perform(on: socket) { socket, loop in socket.change(change, loop: loop) }
  }

  // MARK: - Ending

  /// Ends a socket: the client gets a DISCONNECT packet, after which the official clients don't reconnect by themselves.
  /// Events of it that still wait are dropped. A socket that is not accepted yet won't be: its connection is closed.
  /// Unless `close` is true, the connection stays, with its other namespaces, and the client may connect again on it.
  public func disconnect(_ socket: SocketID, close: Bool = true) {
    self.perform(on: socket) { socket, loop in loop.disconnect(socket, close: close) }
  }

  /// Ends all sockets that the target names, on all nodes, as ``disconnect(_:close:)`` does.
  public func disconnect(_ target: BroadcastTarget, close: Bool = true) {
    self.local.disconnect(target, close: close)
    self.elsewhere { $0.disconnect(target.elsewhere, close: close) }
  }

  /// The number of connections, with or without a connected socket. A polling session is one.
  public var connectionCount: Int { self.registry.connectionCount }

  /// Refuses new connections and polls with 503, and ends those that there are after the events that were read have been
  /// answered, and what was queued has been sent. To clients it looks like a loss, from which all of them come back, to
  /// the next process or another node: no DISCONNECT packet, no close frame, and no CLOSE is sent. What is left after
  /// `grace` is cut. Then the server lets its applications go.
  public func shutdown(grace: TimeAmount = .seconds(5)) async {
    self.registry.close()
    let futures = self.switchboard.eventLoops.map { eventLoop in
      eventLoop.flatSubmit { [switchboard] in
        switchboard.loop(of: eventLoop)?.shutdown(grace: grace) ?? eventLoop.makeSucceededVoidFuture()
      }
    }
    for future in futures {
      do {
        try await future.get()
      } catch {
        // Only a loop that is shut down already fails it, and such a one has no connections.
        self.logger.warning("an event loop was gone before its sockets were closed", metadata: ["error": "\(error)"])
      }
    }
    // The last answers are on their way to the loops of the requests that they belong to.
    for eventLoop in self.switchboard.eventLoops { try? await eventLoop.submit {}.get() }
    self.use(nil)
    self.registry.forgetServices()
  }

  func perform(on socket: SocketID, _ body: @escaping @Sendable (Socket, ConnectionLoop) -> Void) {
    // Also when this is the loop: a shortcut would overtake calls that came before from other threads.
    self.switchboard.at(socket) { loop in loop.perform(on: socket) { body($0, loop) } }
  }
}

/// A mistake in the use of the library.
public struct SocketIOError: Error, CustomStringConvertible {
  /// Grows: don't switch over it without a default.
  public struct Code: Hashable, Sendable {
    fileprivate enum Wrapped { case foreignEventLoop }
    fileprivate let wrapped: Wrapped

    /// A channel's event loop is not of the group that the server was made with.
    public static let foreignEventLoop = Code(wrapped: .foreignEventLoop)
  }

  public let code: Code
  public let message: String

  public var description: String { "\(self.code.wrapped): \(self.message)" }
}
