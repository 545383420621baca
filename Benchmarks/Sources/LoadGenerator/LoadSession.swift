import NIOCore
import NIOPosix

/// Connections under load, from the first to the last window.
public final class LoadSession: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let loop: NIOLoopBound<ClosedLoop>

  /// The most connections of a session.
  public static let mostConnections = 20_000

  private init(group: MultiThreadedEventLoopGroup, loop: NIOLoopBound<ClosedLoop>) {
    self.group = group
    self.loop = loop
  }

  /// Keep-alive connections, each with one GET request in flight.
  /// - Parameters:
  ///   - requests: Not empty; connection i issues request i modulo their count.
  ///   - connections: 1 to ``mostConnections``.
  /// - Throws: when a connection can't be made.
  public static func requests(
    _ requests: [Request], to target: LoopbackAddress, connections: Int, check: AnswerCheck
  ) async throws -> LoadSession {
    precondition(!requests.isEmpty && (1...mostConnections).contains(connections))
    return try await make { loop in
      let participants = (0..<connections).map {
        RequestParticipant(loop: loop, target: target, request: requests[$0 % requests.count], check: check)
      }
      loop.participants = participants
      return .andAllSucceed(participants.map { $0.connect() }, on: loop.eventLoop)
    }
  }

  /// Socket.IO connections, each with one `send_message` in flight.
  /// - Parameters:
  ///   - senders: 1 to ``mostConnections``, each in a chat where nobody else sends.
  ///   - contentLength: Characters of a message.
  ///   - checkEvery: Each how-manieth acknowledgement of a connection is parsed and compared with what was sent.
  /// - Throws: when a connection can't be made.
  public static func sends(
    _ senders: [Sender], to target: LoopbackAddress, contentLength: Int, checkEvery: Int
  ) async throws -> LoadSession {
    precondition((1...mostConnections).contains(senders.count))
    return try await make { loop in
      let participants = senders.map {
        SendParticipant(
          loop: loop, target: target, sender: $0, contentLength: contentLength, checkEvery: max(1, checkEvery))
      }
      loop.participants = participants
      return .andAllSucceed(participants.map { $0.connect() }, on: loop.eventLoop)
    }
  }

  private static func make(
    _ populate: @escaping @Sendable (ClosedLoop) -> EventLoopFuture<Void>
  ) async throws -> LoadSession {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let eventLoop = group.next()
    do {
      let loop = try await eventLoop.flatSubmit {
        let loop = NIOLoopBound(ClosedLoop(eventLoop: eventLoop), eventLoop: eventLoop)
        return populate(loop.value).map { loop }
      }.get()
      return LoadSession(group: group, loop: loop)
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
  }

  /// Runs one window; the connections stay open after it.
  public func run(_ window: Window) async throws -> Tally {
    let loop = loop
    return try await group.next().flatSubmit { loop.value.run(window) }.get()
  }

  /// Closes the connections and ends the session's thread.
  public func close() async throws {
    let loop = loop
    try await group.next().submit {
      for participant in loop.value.participants { participant.end() }
    }.get()
    try await group.shutdownGracefully()
  }
}
