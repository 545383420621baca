import Generated
import Logging
import NIOCore
import Postgres
import ProtocolRuntime

/// The domain: everything that people write by hand for the protocol. Its handlers are in extensions, by capability.
public final class ChatService: Sendable {
  public struct Configuration: Sendable {
    /// How long a message can be edited, in hours; at least 1.
    public var editWindowHours: Int
    /// How often heads are compared with PostgreSQL. What nobody told is to be seen within 15 s, and reading it takes
    /// its time.
    public var lookInterval = Duration.seconds(12)

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
  let watch: HeadWatch

  /// - Parameters:
  ///   - sink: this node's connections.
  ///   - scheduler: timers of delivery.
  ///   - nodes: nil on a node that is alone.
  ///   - executor: where work runs that no request waits for on its own loop: flights of the writer, filling of holes.
  public init(
    database: PostgresClient, accounts: Accounts, sink: any EventSink, scheduler: any Scheduler,
    nodes: (any OtherNodes)? = nil, executor: (any TaskExecutor)? = nil,
    configuration: Configuration = Configuration(), logger: Logger
  ) {
    let database = Database(client: database)
    let streams = ChatStreams(
      sink: sink, reader: DatabaseChatReader(database: database), scheduler: scheduler, executor: executor,
      nodes: nodes, logger: logger)
    self.configuration = configuration
    self.logger = logger
    self.database = database
    self.accounts = accounts
    self.streams = streams
    typing = Typing(streams: streams)
    grants = RecentGrants(scheduler: scheduler)
    watch = HeadWatch(streams: streams, accounts: accounts, interval: configuration.lookInterval)
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

  /// Cuts the connections of a session that has ended, on all nodes.
  public func sessionEnded(_ session: UUID) {
    streams.nodes?.sessionEnded(session)
    streams.cut(session)
  }

  // MARK: - Other nodes

  /// Begins to compare heads with PostgreSQL; to be called when connections may come.
  public func startWatching() { watch.start() }

  /// No more of that; to be called before the database is closed.
  public func stopWatching() { watch.stop() }

  /// Compares heads now: something may have been lost between the nodes.
  public func look() { watch.look() }

  /// Takes an event that another node published.
  ///
  /// - Parameters:
  ///   - payload: the JSON of the event's argument.
  ///   - arguments: the whole event, as clients get it.
  /// - Returns: false if it may go to the rooms as it is.
  public func received(_ name: String, payload: ByteBuffer, arguments: ByteBuffer) -> Bool {
    streams.received(name, payload: payload, arguments: arguments) { typing.received($0) }
  }

  /// Another node has ended a session: its tokens are refused, and its connections cut.
  public func sessionEndedElsewhere(_ session: UUID) {
    accounts.learnRevoked(session)
    streams.cut(session)
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
