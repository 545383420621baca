import Generated
import Logging
import NIOCore
import Postgres
import ProtocolRuntime

/// The domain on one node: puts the handlers of each capability together with what they share, and takes in connections.
public final class ChatService: Sendable {
  public struct Configuration: Sendable {
    /// How long a message can be edited, in hours; at least 1.
    public var editWindowHours: Int
    /// How many flights of the writer may be under way, each on a connection to the database.
    public var flights = 1
    /// How often heads are compared with PostgreSQL. What nobody told is to be seen within 15 s, and reading it takes
    /// its time.
    public var lookInterval = Duration.seconds(12)
    /// Up to so many changes on the whole server are where a sync begins.
    var fewChanges = RecentChanges.few
    /// For how long the writer waits for a chat that is locked.
    var patience = MessageWriter.Limits().patience

    public init(editWindowHours: Int = 24) {
      self.editWindowHours = editWindowHours
    }
  }

  /// Handlers, by capability.
  public let auth: AuthHandler
  public let users: UsersHandler
  public let chats: ChatsHandler
  public let messages: MessagesHandler
  public let sync: SyncHandler
  public let system: SystemHandler
  public let policies: ChatPolicies
  public let accounts: Accounts

  let streams: ChatStreams
  let typing: Typing
  private let tokens: ConnectionTokens
  private let watch: HeadWatch
  let history: DatabaseHistory

  /// - Parameters:
  ///   - accounts: with the database that all is in.
  ///   - documents: the specs, as they are served.
  ///   - sink: this node's connections.
  ///   - loops: where delivery's timers and reads run, and flights of the writer, in turn; at least one.
  ///   - nodes: nil on a node that is alone.
  public init(
    accounts: Accounts, documents: SpecDocuments, sink: any EventSink, loops: [DeliveryLoop],
    nodes: (any OtherNodes)? = nil, configuration: Configuration = Configuration(), logger: Logger
  ) {
    let database = accounts.database
    let streams = ChatStreams(
      sink: sink, reader: DatabaseChatReader(database: database), loops: loops, nodes: nodes, logger: logger)
    let typing = Typing(streams: streams)
    let grants = RecentGrants(scheduler: streams.loop.scheduler)
    let tokens = ConnectionTokens(sink: sink, scheduler: streams.loop.scheduler)
    let policies = ChatPolicies(database: database, streams: streams, grants: grants)
    self.accounts = accounts
    self.streams = streams
    self.typing = typing
    self.tokens = tokens
    self.policies = policies
    let watch = HeadWatch(streams: streams, accounts: accounts, interval: configuration.lookInterval)
    let history = DatabaseHistory(
      database: database, loop: streams.loop, hearsOthers: nodes != nil, logger: logger
    ) { mark in
      grants.forget()
      for session in try await accounts.beginAnew(streams.registry.connectedSessions) { streams.sessionEnded(session) }
      try await watch.beginAnew { try await streams.beginAnew() }
      sink.beginAnew(ServerEvents.resync(ResyncEvent(history: mark.text)))
    }
    self.watch = watch
    self.history = history
    auth = AuthHandler(accounts: accounts, streams: streams, tokens: tokens, logger: logger)
    users = UsersHandler(database: database)
    chats = ChatsHandler(database: database, streams: streams, typing: typing, grants: grants)
    var limits = MessageWriter.Limits()
    limits.flights = configuration.flights
    limits.patience = configuration.patience
    messages = MessagesHandler(
      database: database, streams: streams, typing: typing, policies: policies, limits: limits,
      executors: loops.compactMap(\.executor), editWindowHours: configuration.editWindowHours, logger: logger,
      landed: history.note)
    sync = SyncHandler(database: database, fewChanges: configuration.fewChanges)
    system = SystemHandler(database: database, documents: documents, nodes: nodes)
    streams.onDeparture { user, chat in
      grants.remove(user, of: chat)
      typing.departed(user, from: chat)
    }
  }

  // MARK: - Connections

  /// Takes in a connection that has authenticated. From the return on, it gets the durable events of all its user's
  /// chats; it may get some before. To be called while the connection is being accepted.
  ///
  /// - Returns: with the rooms that are not chats'; the chats' have been joined through the sink.
  /// - Throws: `UnavailableError`; then the connection is forgotten.
  public func connectionOpened(_ connection: ConnectionID, caller: Caller) async throws -> OpenedConnection {
    let heads = try await streams.connectionOpened(connection, caller: caller)
    return OpenedConnection(id: connection, caller: caller, heads: heads)
  }

  /// A connection has shown this token, and lives by it: from here on it is told and cut. To be called before
  /// ``connectionOpened(_:caller:)``, and ended by ``connectionClosed(_:)``.
  public func connectionAuthenticated(_ connection: ConnectionID, by token: TokenClaims) {
    tokens.begin(connection, by: token)
  }

  /// A connection that was lost is back, and has shown this token.
  ///
  /// - Returns: false if it is gone, or about to be cut.
  public func connectionReauthenticated(_ connection: ConnectionID, by token: TokenClaims) -> Bool {
    tokens.renew(connection, by: token) != nil
  }

  /// What another node needs for ``takeOver(_:rooms:on:)``.
  public func handOver(_ connection: ConnectionID) -> ByteBuffer {
    guard let owner = streams.registry.owner(of: connection), let mark = history.mark else { return ByteBuffer() }
    return ConnectionState(
      userID: owner.userID, sessionID: owner.sessionID, history: mark, heads: streams.heads(of: connection)
    ).bytes
  }

  /// Lets a connection go on where that of another node was left, if nothing lies between the two: what that node had
  /// not sent yet when it was asked, goes out here.
  ///
  /// - Parameters:
  ///   - state: from the other node's ``handOver(_:)``, called after the connection was opened here.
  ///   - rooms: those that it was in there.
  /// - Returns: the rooms that it goes on in, and how far it is in those of chats; nil if it must begin anew.
  public func takeOver(
    _ state: ByteBuffer, rooms: [String], on connection: OpenedConnection
  ) async throws -> (rooms: Set<String>, known: [(room: String, rev: Int)])? {
    guard let state = ConnectionState(state), state.userID == connection.caller.userID,
      state.sessionID == connection.caller.sessionID, state.heads.count == connection.heads.count,
      // A chat that only one side knows it to be in: a change of membership is on its way. An event that went out here
      // before it came, and not there before the answer: it would get it from neither.
      connection.heads.allSatisfy({ key, head in state.heads[key].map { $0 >= head } ?? false }),
      // The other node may not have noticed yet that the database is another.
      try await history.has(state.history)
    else { return nil }
    var goesOn = Set(connection.rooms)
    for (key, head) in connection.heads {
      goesOn.insert(key.room)
      guard case .chat(let chat) = key else { continue }
      if rooms.contains(Room.open(chat)), streams.open(chat, on: connection.id, readAt: head) {
        goesOn.insert(Room.open(chat))
      }
    }
    return (goesOn, state.heads.map { ($0.room, $1) })
  }

  /// Forgets a connection; to be called once for each that was opened, also if that failed.
  public func connectionClosed(_ connection: ConnectionID) {
    tokens.forget(connection)
    typing.connectionClosed(connection)
    streams.connectionClosed(connection)
  }

  // MARK: - Other nodes

  /// To be called before anything else is read or told.
  ///
  /// - Throws: if the database can't be read.
  public func beginHistory() async throws { try await history.begin() }

  /// Begins to compare heads with PostgreSQL, and to look whether it is the database that it was; to be called when
  /// connections may come.
  public func startWatching() {
    watch.start()
    history.start()
  }

  /// No more of that; to be called before the database is closed.
  public func stopWatching() {
    watch.stop()
    history.stop()
  }

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

/// A connection that is being accepted.
public struct OpenedConnection: Sendable {
  let id: ConnectionID
  let caller: Caller
  let heads: [StreamKey: Int]

  /// The rooms that it is to be in, beside the chats'.
  public var rooms: [String] { [Room.user(caller.userID)] }
}
