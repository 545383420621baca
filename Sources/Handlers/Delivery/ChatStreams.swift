import Generated
import Logging
import ProtocolRuntime
import Synchronization

/// Delivers each chat's durable events to this node's connections, strictly in the order of rev, and keeps the rooms in
/// step with the memberships.
///
/// For each chat that has members connected here there is a `ChatStream`, in one of several shards; events go out under
/// the shard's lock, so that the order of the calls to the sink is the order of rev. Membership is part of the stream:
/// when a `member_added` goes out, the member's connections join the room just before; when a `member_removed` goes out,
/// it is the last thing that the member's connections get.
///
/// **How a connection comes in** (`connectionOpened`), and why nothing is lost between its steps:
/// 1. It is registered under its user. From here on, a `member_added` that goes out finds it.
/// 2. The user's memberships are read from PostgreSQL, each with the chat's rev.
/// 3. For each, under the shard's lock, the connection joins the room; if the chat has no stream, one begins at that rev.
///
/// - *An event is published between 2 and 3, and no stream is there to take it.* Its transaction was durable before it
///   was published, so a look at the chat's rev after 3 sees it: every new stream is verified in that way, and what it
///   lacks is filled like a hole.
/// - *The user is removed between 2 and 3.* If a stream took the removal, its `settledRev` is beyond the rev of step 2,
///   and the membership is read again. If none did, the verification finds the removal, and it goes out then.
/// - *A stream is there already, begun by another connection at a later rev than that of step 2.* Its `settledRev` is
///   the rev it began with, so the membership is read again here too.
/// - *The user is added between 2 and 3.* The event comes after 1 and finds the connection. If the chat's stream began
///   with a snapshot that already has that rev, the event is late: the memberships of its user are read once more.
/// - *The connection closes before 3.* Step 3 looks for it in the registry under the shard's lock, and the departure
///   removes it from there before it takes the shards' locks: either step 3 sees that it is gone, or the departure sees
///   what step 3 noted.
/// - *Another connection of the same user is open, and the user's membership became known by step 3 only.* The older one
///   is `unaware`: it joins when the event that tells of the membership is published, so that it never gets events of a
///   chat that it was not told of.
///
/// A stream ends with its last local member.
final class ChatStreams: Sendable {
  /// How long a hole waits for the events that are missing before they are read from PostgreSQL: mostly they are just
  /// about to be published.
  static let patience = Duration.milliseconds(50)

  let registry = ConnectionRegistry()
  let sink: any EventSink
  let reader: any ChatReader
  let scheduler: any Scheduler
  let executor: (any TaskExecutor)?
  let logger: Logger
  /// Nil on a node that is alone; so is `marks`.
  let nodes: (any OtherNodes)?
  let marks: ReadMarks?
  private let shards: [Shard]

  final class Shard: Sendable {
    let streams = Mutex(ChatStreamTable())
  }

  init(
    sink: any EventSink, reader: any ChatReader, scheduler: any Scheduler, executor: (any TaskExecutor)?,
    nodes: (any OtherNodes)? = nil, logger: Logger, shardCount: Int = 16
  ) {
    self.sink = sink
    self.reader = reader
    self.scheduler = scheduler
    self.executor = executor
    self.logger = logger
    self.nodes = nodes
    marks = nodes.map { _ in ReadMarks() }
    shards = (0..<max(1, shardCount)).map { _ in Shard() }
  }

  func shard(of chat: UUID) -> Shard {
    // The last bits of a UUIDv7 are random.
    shards[Int(truncatingIfNeeded: chat.low % UInt64(shards.count))]
  }

  // MARK: - What is known here

  /// The chats with local members.
  var chats: [UUID] {
    shards.flatMap { shard in shard.streams.withLock { Array($0.keys) } }
  }

  /// Whether somebody on this node gets the chat's events.
  func hasListeners(_ chat: UUID) -> Bool {
    shard(of: chat).streams.withLock { $0[chat] != nil }
  }

  /// True if the user is known to be a member; false says nothing.
  func knowsMember(_ user: UUID, of chat: UUID) -> Bool {
    shard(of: chat).streams.withLock { streams in
      // Under the lock, for the number may be another user's later.
      guard let stream = streams[chat], let number = registry.number(of: user) else { return false }
      return stream.users.contains(number)
    }
  }

  // MARK: - Publishing

  /// Publishes an event after its transaction is durable. Of several events of one transaction each is published, in any
  /// order; those of other transactions may come in between.
  ///
  /// - Parameters:
  ///   - lastSeq: the chat's last seq at that rev (0 where it is not known), for a message its own.
  ///   - encode: called only if somebody on this node, or on another, may get the event.
  func publish(chat: UUID, rev: Int, lastSeq: Int, _ kind: StreamEvent.Kind, encode: () -> EncodedEvent) {
    guard let nodes else { return accept(chat: chat, rev: rev, lastSeq: lastSeq, kind, encode: encode) }
    let encoded = encode()
    nodes.publish(encoded, toRoom: Room.chat(chat), exceptRoom: nil, isVolatile: false)
    accept(chat: chat, rev: rev, lastSeq: lastSeq, kind) { encoded }
  }

  /// Takes an event that this node or another published.
  func accept(chat: UUID, rev: Int, lastSeq: Int, _ kind: StreamEvent.Kind, encode: () -> EncodedEvent) {
    let newcomers: [UUID]
    switch kind {
    case .memberAdded(let user): newcomers = [user]
    case .chatCreated(let users): newcomers = users
    default: newcomers = []
    }
    guard hasListeners(chat) || newcomers.contains(where: { !registry.connections(of: $0).isEmpty }) else { return }
    let event = StreamEvent(rev: rev, lastSeq: lastSeq, kind: kind, encoded: encode())
    let after = shard(of: chat).streams.withLock { streams -> FollowUp in
      guard streams[chat] != nil else { return begin(chat, with: event, newcomers, in: &streams) }
      return accept(event, newcomers, of: chat, in: &streams)
    }
    perform(after, chat: chat)
  }

  /// What is to be done outside of the shard's lock.
  struct FollowUp {
    var needsVerification = false
    var needsTimer = false
    /// Members whose membership must be read before their connections join, and what they are told then.
    var newcomers: [UUID] = []
    var event: StreamEvent?
  }

  /// An event that brings members with connections to a chat that had none here.
  private func begin(
    _ chat: UUID, with event: StreamEvent, _ newcomers: [UUID], in streams: inout ChatStreamTable
  ) -> FollowUp {
    var stream = ChatStream(head: event.rev, headSeq: event.lastSeq)
    for user in newcomers { join(user, to: chat, &stream) }
    // They have all disconnected since, or the stream has ended.
    guard !stream.users.isEmpty else { return FollowUp() }
    sink.broadcast(event.encoded, toRoom: Room.chat(chat), at: .rev(event.rev))
    streams[chat] = stream
    return FollowUp(needsVerification: true)
  }

  private func accept(
    _ event: StreamEvent, _ newcomers: [UUID], of chat: UUID, in streams: inout ChatStreamTable
  ) -> FollowUp {
    guard var stream = streams.takeOut(chat) else { return FollowUp() }
    var after = FollowUp()
    switch stream.accept(event) {
    case .goOut(let events):
      for event in events { goOut(event, of: chat, &stream) }
    case .waits:
      after.needsTimer = !stream.isAttended
      stream.isAttended = true
    case .late:
      for user in newcomers {
        if let number = registry.number(of: user), stream.users.contains(number) {
          tellUnaware(user, of: chat, event, &stream)
        } else if !registry.connections(of: user).isEmpty {
          after.newcomers.append(user)
          after.event = event
        }
      }
    }
    streams[chat] = stream.users.isEmpty ? nil : stream
    return after
  }

  /// Sends an event, with what it means for the rooms.
  ///
  /// Whose membership ends is told by name, after leaving the room: a client that is away for a moment gets what it
  /// missed in the rooms that it may still be in, and this.
  func goOut(_ event: StreamEvent, of chat: UUID, _ stream: inout ChatStream) {
    var parted: [ConnectionID] = []
    switch event.kind {
    case .memberAdded(let user): join(user, to: chat, &stream)
    case .memberRemoved(let user):
      if let number = registry.number(of: user) { parted = part(number, from: chat, &stream) }
    case .chatDeleted: for user in stream.users { parted += part(user, from: chat, &stream) }
    default: break
    }
    sink.broadcast(event.encoded, toRoom: Room.chat(chat), at: .rev(event.rev))
    for connection in parted { sink.send(event.encoded, to: connection, isVolatile: false) }
  }

  private func join(_ user: UUID, to chat: UUID, _ stream: inout ChatStream) {
    guard let attached = registry.attach(user, to: chat) else { return }
    stream.users.insert(attached.user)
    for connection in attached.connections {
      stream.unaware.remove(connection)
      sink.join(connection, room: Room.chat(chat))
    }
  }

  /// - Returns: The user's connections that knew of the chat.
  private func part(_ user: UInt32, from chat: UUID, _ stream: inout ChatStream) -> [ConnectionID] {
    let wasMember = stream.users.contains(user)
    var parted: [ConnectionID] = []
    for connection in registry.detach(user, from: chat) {
      if stream.unaware.remove(connection) == nil, wasMember { parted.append(connection) }
      sink.leave(connection, room: Room.chat(chat))
      sink.leave(connection, room: Room.open(chat))
    }
    stream.users.remove(user)
    return parted
  }

  private func tellUnaware(_ user: UUID, of chat: UUID, _ event: StreamEvent, _ stream: inout ChatStream) {
    guard !stream.unaware.isEmpty else { return }
    for connection in registry.connections(of: user) where stream.unaware.remove(connection) != nil {
      sink.join(connection, room: Room.chat(chat))
      sink.send(event.encoded, to: connection, isVolatile: false)
    }
  }

  func perform(_ after: FollowUp, chat: UUID) {
    if after.needsTimer { scheduler.schedule(after: Self.patience) { self.fill(chat) } }
    if after.needsVerification { verify([chat]) }
    if let event = after.event {
      for user in after.newcomers {
        Task(executorPreference: executor) { await self.bringIn(user, to: chat, telling: event.encoded) }
      }
    }
  }

  // MARK: - Marks and sessions

  /// Tells the members of a chat, here and elsewhere, that a read mark rose. It has no place in the chat's order.
  func tell(_ mark: MessageReadEvent) {
    let isHeard = hasListeners(mark.chatID)
    guard isHeard || nodes != nil else { return }
    let event = ServerEvents.messageRead(mark)
    nodes?.publish(event, toRoom: Room.chat(mark.chatID), exceptRoom: nil, isVolatile: false)
    marks?.note(mark)
    if isHeard { sink.broadcast(event, toRoom: Room.chat(mark.chatID), at: EventPosition(mark)) }
  }

  /// Cuts the connections of a session that has ended.
  func cut(_ session: UUID) {
    for connection in registry.connections(ofSession: session) { sink.disconnect(connection) }
  }
}
