import Logging
import NIOCore
import NIOHTTP1

/// A Socket.IO server: Engine.IO 4 over WebSocket, Socket.IO 5, the namespace `/`.
///
/// It has no socket of its own: the application's HTTP server gives it the requests under
/// ``Configuration/path`` by adding its handler to each child channel:
/// ```swift
/// // in childChannelInitializer
/// channel.eventLoop.makeCompletedFuture {
///   let pipeline = channel.pipeline.syncOperations
///   try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
///   let http = MyHTTPHandler()
///   try socketIO.addHandler(to: pipeline, application: application, removingOnUpgrade: [http])
///   try pipeline.addHandler(http)
/// }
/// ```
///
/// An idle connected socket costs about 4 KB in all, channel included, when the bootstrap gives it a small receive buffer
/// (`FixedSizeRecvByteBufferAllocator(capacity: 1024)`; measured with 15,000 connections), and a room with one member
/// about 250 bytes more. There is no timer and no task for it.
///
/// All methods may be called from any thread and never block. On each event loop they take effect in the order in which
/// they were called, also beside the application's own answers: what `connect` or `receive` called before it returned
/// has taken effect before what it returned does. Calls for a socket that has ended do nothing.
public final class SocketIOServer: Sendable {
  public let configuration: Configuration
  let logger: Logger
  let occupancy = Occupancy()
  private let loops: [NIOLoopBoundBox<ConnectionLoop>]
  private let eventLoops: [any EventLoop]
  private let indices: [ObjectIdentifier: Int]

  /// Makes a server for channels of the group, which has at most 1,024 loops.
  public init(
    configuration: Configuration = Configuration(), eventLoopGroup: any EventLoopGroup, logger: Logger
  ) {
    let eventLoops = Array(eventLoopGroup.makeIterator())
    precondition(eventLoops.count <= SocketID.maxLoops, "a socket's name has 10 bits for its loop")
    self.configuration = configuration
    self.logger = logger
    self.eventLoops = eventLoops
    self.indices = Dictionary(uniqueKeysWithValues: zip(eventLoops.map { ObjectIdentifier($0) }, eventLoops.indices))
    let occupancy = self.occupancy
    self.loops = eventLoops.enumerated().map { index, eventLoop in
      .makeBoxSendingValue(
        ConnectionLoop(
          index: index, eventLoop: eventLoop, configuration: configuration, occupancy: occupancy, logger: logger),
        eventLoop: eventLoop)
    }
  }

  /// Adds the handler that takes the requests under ``Configuration/path``, answers the bad ones and upgrades the good
  /// ones to WebSocket; all other requests pass on untouched.
  ///
  /// Call it on the channel's loop, after NIO's HTTP server handlers were added and before those of the application.
  /// Pipelining assistance (`HTTPServerPipelineHandler`) is needed if the application answers asynchronously, lest the
  /// answer to an upgrade overtakes another.
  ///
  /// - Parameters:
  ///   - pipeline: That of a channel on one of the server's loops.
  ///   - application: Serves the sockets of this channel.
  ///   - removingOnUpgrade: The application's handlers that have no place on a WebSocket: the one that answers HTTP, any
  ///     timeouts. NIO's own HTTP handlers are found by their types.
  /// - Throws: ``SocketIOError`` if the channel's loop is not the server's; what NIO throws if the pipeline is closed.
  public func addHandler(
    to pipeline: ChannelPipeline.SynchronousOperations, application: any SocketIOApplication,
    removingOnUpgrade: [any RemovableChannelHandler]
  ) throws {
    guard let index = self.indices[ObjectIdentifier(pipeline.eventLoop)] else {
      throw SocketIOError(code: .foreignEventLoop, message: "the channel's event loop is not of the server's group")
    }
    try pipeline.addHandler(
      HandshakeHandler(
        loop: self.loops[index].value, occupancy: self.occupancy, application: application,
        removingOnUpgrade: removingOnUpgrade))
  }

  // MARK: - Rooms

  /// Puts the socket into the room. Being in it twice is being in it once.
  public func join(_ socket: SocketID, room: String) {
    self.withConnection(of: socket) { $0.change(.join(room)) }
  }

  /// Takes the socket out of the room.
  public func leave(_ socket: SocketID, room: String) {
    self.withConnection(of: socket) { $0.change(.leave(room)) }
  }

  /// Takes the socket out of all its rooms.
  public func leaveAll(_ socket: SocketID) {
    self.withConnection(of: socket) { $0.change(.leaveAll) }
  }

  // MARK: - Sending

  /// Sends an event to all sockets in the room, on all loops. It is encoded once, and the bytes are shared.
  ///
  /// - Parameters:
  ///   - arguments: The event as a JSON array, the name first: `["new_message",{…}]`. Not checked.
  ///   - room: The room's name.
  ///   - except: A socket that doesn't get it.
  ///   - volatile: Whether clients that can't take it at once may miss it.
  public func broadcast(
    _ arguments: ByteBuffer, to room: String, except: SocketID? = nil, volatile: Bool = false
  ) {
    let frame = ServerFrame.event(arguments)
    for (eventLoop, loop) in zip(self.eventLoops, self.loops) {
      eventLoop.execute {
        loop.value.broadcast(frame, to: room, except: except, volatile: volatile)
      }
    }
  }

  /// Sends an event to one socket.
  ///
  /// - Parameters:
  ///   - arguments: The event as a JSON array, the name first. Not checked.
  ///   - socket: Gets the event if it is connected.
  ///   - volatile: Whether the client may miss it if it can't take it at once.
  public func emit(_ arguments: ByteBuffer, to socket: SocketID, volatile: Bool = false) {
    let frame = ServerFrame.event(arguments)
    self.withConnection(of: socket) { connection in
      if connection.isConnected { connection.send(frame, volatile: volatile) }
    }
  }

  // MARK: - Ending

  /// Ends a socket: the client gets a DISCONNECT packet, after which the official clients don't reconnect by themselves.
  /// Events of it that still wait are dropped. A socket that is not accepted yet won't be: its connection is closed.
  /// Unless `close` is true, the connection stays, and the client may connect again on it.
  public func disconnect(_ socket: SocketID, close: Bool = true) {
    self.withConnection(of: socket) { $0.disconnect(close: close) }
  }

  /// Ends all sockets in the room, as ``disconnect(_:close:)`` does.
  public func disconnect(room: String, close: Bool = true) {
    for (eventLoop, loop) in zip(self.eventLoops, self.loops) {
      eventLoop.execute {
        for connection in loop.value.members(of: room) { connection.disconnect(close: close) }
      }
    }
  }

  /// The number of WebSocket connections, with or without a connected socket.
  public var connectionCount: Int { self.occupancy.count }

  /// Refuses new connections with 503 and closes those that there are with status 1001, after the events that were read
  /// have been answered. No DISCONNECT packet is sent, so that clients reconnect, to the next process or another node.
  /// What is left after `grace` is cut.
  public func shutdown(grace: TimeAmount = .seconds(5)) async {
    self.occupancy.close()
    let futures = zip(self.eventLoops, self.loops).map { eventLoop, loop in
      eventLoop.flatSubmit { loop.value.shutdown(grace: grace) }
    }
    for future in futures {
      do {
        try await future.get()
      } catch {
        // Only a loop that is shut down already fails it, and such a one has no connections.
        self.logger.warning("an event loop was gone before its sockets were closed", metadata: ["error": "\(error)"])
      }
    }
  }

  private func withConnection(of socket: SocketID, _ body: @escaping @Sendable (Connection) -> Void) {
    guard socket.loop < self.loops.count else { return }
    let loop = self.loops[socket.loop]
    // Also when this is the loop: a shortcut would overtake calls that came before from other threads.
    self.eventLoops[socket.loop].execute {
      if let connection = loop.value.connection(of: socket) { body(connection) }
    }
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
