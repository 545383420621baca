import Generated
import Logging
import Postgres
import ProtocolRuntime

/// The domain: everything that people write by hand for the protocol. Its handlers are in extensions, by capability.
public final class ChatService: Sendable {
  public struct Configuration: Sendable {
    /// How long a message can be edited, in hours; at least 1.
    public var editWindowHours: Int

    public init(editWindowHours: Int = 24) {
      self.editWindowHours = editWindowHours
    }
  }

  let configuration: Configuration
  let logger: Logger
  let database: Database
  public let accounts: Accounts
  let writer: MessageWriter
  let streams: ChatStreams
  let typing: Typing
  let grants: RecentGrants

  /// - Parameters:
  ///   - sink: this node's connections.
  ///   - scheduler: timers of delivery.
  ///   - executor: where work runs that no request waits for on its own loop: flights of the writer, filling of holes.
  public init(
    database: PostgresClient, accounts: Accounts, sink: any EventSink, scheduler: any Scheduler,
    executor: (any TaskExecutor)? = nil, configuration: Configuration = Configuration(), logger: Logger
  ) {
    let database = Database(client: database)
    let streams = ChatStreams(
      sink: sink, reader: DatabaseChatReader(database: database), scheduler: scheduler, executor: executor,
      logger: logger)
    self.configuration = configuration
    self.logger = logger
    self.database = database
    self.accounts = accounts
    self.streams = streams
    typing = Typing(streams: streams)
    grants = RecentGrants(scheduler: scheduler)
    writer = MessageWriter(database: database, executor: executor, logger: logger) { draft, seq, rev, at in
      streams.publish(chat: draft.chatID, rev: rev, lastSeq: seq, .message) {
        ServerEvents.newMessage(draft.event(seq: seq, rev: rev, at: at))
      }
    }
  }

  // MARK: - Connections

  /// Takes in a connection that has authenticated. From the return on, it gets the durable events of all its user's
  /// chats; it may get some before. To be called while the connection is being accepted.
  ///
  /// - Returns: the rooms that are not chats'; the chats' have been joined through the sink.
  /// - Throws: `UnavailableError`; then the connection is forgotten.
  public func connectionOpened(_ connection: ConnectionID, caller: Caller) async throws -> [String] {
    try await streams.connectionOpened(connection, caller: caller)
    return [Room.user(caller.userID)]
  }

  /// Forgets a connection; to be called once for each that was opened, also if that failed.
  public func connectionClosed(_ connection: ConnectionID) {
    typing.connectionClosed(connection)
    streams.connectionClosed(connection)
  }

  /// Cuts the connections of a session that has ended.
  public func sessionEnded(_ session: UUID) {
    for connection in streams.registry.connections(ofSession: session) { streams.sink.disconnect(connection) }
  }
}

extension MessageDraft {
  /// The message as it is when it has just been stored.
  func event(seq: Int, rev: Int, at time: Timestamp) -> MessageEvent {
    MessageEvent(
      id: id, chatID: chatID, seq: seq, rev: rev, senderID: senderID, type: .text, content: content,
      clientID: clientID, createdAt: time)
  }
}
