import Generated
import Logging
import ProtocolRuntime
import Synchronization

/// Delivers each stream's durable events to this node's connections, strictly in the order of rev, and keeps the rooms in
/// step with the memberships. A stream is a chat's, or a user's own, whose only member that user always is.
///
/// For each stream that has members connected here there is a `ChatStream`, in one of several shards; events go out under
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
/// - *The user is removed between 2 and 3.* If a stream took the removal, its `settledRev` is beyond the rev of step 2
///   (if it ended by that, the rev of its end is), and the membership is read again. If none did, the verification finds
///   the removal, and it goes out then.
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
/// **Who is told late** that it is a member, when the room is already beyond that rev, is a latecomer: it gets what lies
/// between by itself, in an order of its own, and joins the room when it is as far.
///
/// A stream ends with its last local member; additions that still wait in it are then told as if they came late. Whoever reads for it names the generation of the order that it reads for,
/// so that nothing reaches a successor.
final class ChatStreams: Sendable {
  /// How long a hole waits for the events that are missing before they are read from PostgreSQL: mostly they are just
  /// about to be published.
  static let patience = Duration.milliseconds(50)

  let registry = ConnectionRegistry()
  let sink: any EventSink
  let reader: any ChatReader
  let logger: Logger
  /// Nil on a node that is alone; so is `marks`.
  let nodes: (any OtherNodes)?
  let marks: ReadMarks?
  private let departures = Mutex<Departures?>(nil)
  private let loops: [DeliveryLoop]
  private let shards: [Shard]

  /// Called, under a shard's lock, for each member that goes, before the event that tells of it.
  typealias Departures = @Sendable (_ user: UUID, _ chat: UUID) -> Void

  final class Shard: Sendable {
    let streams = Mutex(StreamTable())
    let loop: DeliveryLoop

    init(loop: DeliveryLoop) {
      self.loop = loop
    }
  }

  init(
    sink: any EventSink, reader: any ChatReader, loops: [DeliveryLoop], nodes: (any OtherNodes)? = nil,
    logger: Logger, shardCount: Int = 16
  ) {
    precondition(!loops.isEmpty, "streams need a loop")
    self.sink = sink
    self.reader = reader
    self.logger = logger
    self.nodes = nodes
    self.loops = loops
    marks = nodes.map { _ in ReadMarks() }
    shards = (0..<max(1, shardCount)).map { Shard(loop: loops[$0 % loops.count]) }
  }

  /// All, each with its streams.
  var allShards: [Shard] { shards }

  func shard(of key: StreamKey) -> Shard {
    // The last bits of a UUIDv7 are random.
    shards[Int(truncatingIfNeeded: key.id.low % UInt64(shards.count))]
  }

  /// For what is about no stream in particular.
  var loop: DeliveryLoop { loops[0] }

  /// Lets somebody know of each member that goes: under a lock, before the event that tells of it goes out.
  func onDeparture(_ body: @escaping Departures) {
    departures.withLock { $0 = body }
  }

  // MARK: - What is known here

  /// The streams with local members.
  var keys: [StreamKey] {
    shards.flatMap { shard in shard.streams.withLock { $0.keys } }
  }

  /// Whether somebody on this node gets the stream's events.
  func hasListeners(_ key: StreamKey) -> Bool {
    shard(of: key).streams.withLock { $0.contains(key) }
  }

  /// True if the user is known to be a member; false says nothing.
  func knowsMember(_ user: UUID, of chat: UUID) -> Bool {
    shard(of: .chat(chat)).streams.withLock { streams in
      // Under the lock, for the number may be another user's later.
      streams.look(.chat(chat)) { stream in
        registry.number(of: user).map { stream.users.contains($0) }
      } ?? false
    }
  }

  // MARK: - Publishing

  /// Publishes an event of a chat after its transaction is durable. Of several events of one transaction each is
  /// published, in any order; those of other transactions may come in between.
  ///
  /// - Parameters:
  ///   - lastSeq: the chat's last seq at that rev (0 where it is not known), for a message its own.
  ///   - encode: called only if somebody on this node, or on another, may get the event; with the event's `prev_rev`.
  func publish(chat: UUID, rev: Int, lastSeq: Int, _ kind: StreamEvent.Kind, encode: (Int) -> EncodedEvent) {
    let place = StreamEvent.Place(key: .chat(chat), rev: rev, lastSeq: lastSeq, kind: kind)
    // It goes out when the one before it has, or was filled in.
    guard let nodes else { return accept(place) { encode(rev - 1) } }
    let encoded = encode(rev - 1)
    nodes.publish(encoded, toRoom: place.key.room, exceptRoom: nil)
    accept(place) { encoded }
  }

  /// Takes an event that this node or another published.
  func accept(_ place: StreamEvent.Place, encode: () -> EncodedEvent) {
    let key = place.key
    let newcomers = place.kind.newcomers
    guard hasListeners(key) || newcomers.contains(where: { !registry.connections(of: $0).isEmpty }) else { return }
    let event = StreamEvent(place: place, encoded: encode())
    let after = shard(of: key).streams.withLock { streams -> FollowUp in
      if let after = streams.change(key, { accept(event, &$0, in: &$1) }) { return after }
      // What was told before the stream's end is known by now; if it was not, the membership says so.
      guard streams.end(of: key) < event.rev else { return FollowUp(newcomers: newcomers, event: event) }
      return begin(with: event, in: &streams)
    }
    perform(after, key)
  }

  /// What is to be done outside of the shard's lock.
  struct FollowUp {
    var needsVerification = false
    /// Whether somebody was told of a new chat.
    var needsMarks = false
    /// Orders whose holes are to be looked after in a moment.
    var toFill: [UInt32] = []
    /// Members whose membership must be read before their connections join, and what they are told then.
    var newcomers: [UUID] = []
    var event: StreamEvent?
    /// Additions that nobody in the stream waits for any more.
    var orphans: [StreamEvent] = []
  }

  /// An event that brings members with connections to a stream that had none here.
  private func begin(with event: StreamEvent, in streams: inout StreamTable) -> FollowUp {
    let key = event.place.key
    var after = FollowUp()
    streams.begin(key, head: event.rev, headSeq: event.place.lastSeq) { stream, _ in
      for user in event.kind.newcomers { join(user, to: key, &stream) }
      // Empty: they have all disconnected since, or the stream has ended.
      guard !stream.users.isEmpty else { return }
      sink.broadcast(event.encoded, at: event.position)
      after.needsVerification = true
      if case .chatCreated = event.kind { after.needsMarks = true }
    }
    return after
  }

  private func accept(
    _ event: StreamEvent, _ stream: inout ChatStream, in streams: inout StreamTable
  ) -> FollowUp {
    var after = FollowUp()
    switch stream.order.accept(event) {
    case .goOut(let events): for event in events { goOut(event, &stream) }
    case .waits:
      if !stream.order.isAttended { after.toFill.append(stream.order.generation) }
      stream.order.isAttended = true
    case .late:
      for user in event.kind.newcomers {
        if let number = registry.number(of: user), stream.users.contains(number) {
          beginLatecomer(user, unawareOf: event, &stream, in: &streams)
          if case .chatCreated = event.kind { after.needsMarks = true }
        } else if !registry.connections(of: user).isEmpty {
          after.newcomers.append(user)
          after.event = event
        }
      }
    }
    tellLatecomers(event, &stream)
    settleLatecomers(event.place.key, &stream)
    noteEnd(of: event.place.key, stream, in: &streams)
    after.orphans = stream.orphans
    return after
  }

  /// Sends an event to the room, with what it means for the rooms.
  ///
  /// Whose membership ends is told by name, after leaving the room: a client that is away for a moment gets what it
  /// missed in the rooms that it may still be in, and this.
  func goOut(_ event: StreamEvent, _ stream: inout ChatStream) {
    let key = event.place.key
    var parted: [ConnectionID] = []
    switch event.kind {
    case .memberAdded(let user): join(user, to: key, &stream)
    case .memberRemoved(let user):
      stream.settle(at: event.rev)
      departures.withLock { $0 }?(user, key.id)
      if let number = registry.number(of: user) { parted = part(number, from: key, &stream) }
    case .chatDeleted: for user in stream.users { parted += part(user, from: key, &stream) }
    case .message, .change, .chatCreated: break
    }
    sink.broadcast(event.encoded, at: event.position)
    for connection in parted { sink.send(event.encoded, to: connection) }
  }

  private func join(_ user: UUID, to key: StreamKey, _ stream: inout ChatStream) {
    guard let attached = registry.attach(user, to: key, unlessIn: stream.users) else { return }
    stream.users.insert(attached.user)
    for connection in attached.connections where stream.order(ofLatecomer: connection) == nil {
      stream.markAware(connection)
      sink.join(connection, room: key.room)
    }
  }

  /// - Returns: The user's connections that knew of the chat. A latecomer's are told when they are as far.
  @discardableResult
  func part(_ user: UInt32, from key: StreamKey, _ stream: inout ChatStream) -> [ConnectionID] {
    let wasMember = stream.users.contains(user)
    var parted: [ConnectionID] = []
    for connection in registry.detach(user, from: key) {
      let wasUnaware = stream.markAware(connection)
      if wasMember, !wasUnaware, stream.order(ofLatecomer: connection) == nil { parted.append(connection) }
      sink.leave(connection, room: key.room)
      sink.leave(connection, room: Room.open(key.id))
    }
    stream.users.remove(user)
    return parted
  }

  /// Notes where a stream ends whose last member has left. With its last connection it ends without a trace, unless a
  /// membership has ended in it.
  func noteEnd(of key: StreamKey, _ stream: ChatStream, in streams: inout StreamTable) {
    if stream.isOver { streams.noteEnd(of: key, at: stream.order.head) }
  }

  func perform(_ after: FollowUp, _ key: StreamKey) {
    for generation in after.toFill { attend(key, generation) }
    if after.needsVerification { verify([key]) }
    if after.needsMarks { tellEarlyMarks(of: key.id) }
    if let event = after.event {
      for user in after.newcomers { bringIn(user, telling: event) }
    }
    bringIn(after.orphans)
  }

  /// Looks after a hole in a moment.
  ///
  /// - Parameter isBehind: whether something is known to be missing though nothing waits behind it.
  func attend(_ key: StreamKey, _ generation: UInt32, isBehind: Bool = false, after delay: Duration = patience) {
    shard(of: key).loop.scheduler.schedule(after: delay) { self.fill(key, generation, isBehind: isBehind) }
  }

  // MARK: - Marks and sessions

  /// Tells the members of a chat, here and elsewhere, that a read mark rose. It has no place in the chat's order.
  func tell(_ mark: MessageReadEvent) {
    guard nodes != nil || hasListeners(.chat(mark.chatID)) else { return }
    let event = ServerEvents.messageRead(mark)
    nodes?.publish(event, toRoom: Room.chat(mark.chatID), exceptRoom: nil)
    goOut(mark, event)
  }

  /// Sends a mark to the room, and to latecomers, who have been told of the chat and have read it without this mark. Who
  /// is told later reads it with the mark.
  func goOut(_ mark: MessageReadEvent, _ event: EncodedEvent) {
    let key = StreamKey.chat(mark.chatID)
    shard(of: key).streams.withLock { streams in
      _ = streams.look(key) { stream in
        sink.broadcast(event, at: EventPosition(mark))
        for latecomer in stream.latecomers where latecomer.isIn {
          for connection in latecomer.connections { sink.send(event, to: connection) }
        }
        // One that comes before the chat is told here is read then.
        marks?.note(mark)
      }
    }
  }

  /// Cuts the connections of a session that has ended, on all nodes.
  func sessionEnded(_ session: UUID) {
    nodes?.sessionEnded(session)
    cut(session)
  }

  /// Cuts those of this node.
  func cut(_ session: UUID) {
    for connection in registry.connections(ofSession: session) { sink.disconnect(connection) }
  }
}
