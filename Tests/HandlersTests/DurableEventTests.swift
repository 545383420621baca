import Generated
import NIOCore
import ProtocolRuntime
import Testing

@testable import Handlers

/// What must hold for each durable event of a chat, whatever the spec calls it: a new one is tested without a line here,
/// but for what makes it happen.
@Suite struct DurableEventTests {
  static let all = ChatLogEvent.Name.allCases
  /// A stream begins with the creation, and nothing follows the deletion.
  static let inTheMiddle = all.filter { $0 != .chatCreated && $0 != .chatDeleted }

  /// A node with somebody who is in a chat, and an event of the chat that is still to come.
  private struct Scene {
    static let head = 5

    let sink = RecordingSink()
    let reader = ScriptedReader()
    let scheduler = ManualScheduler()
    let nodes = RecordingNodes()
    let streams: ChatStreams
    let chat = ID.v7()
    let event: ChatLogEvent
    var viewer: Caller
    var connection = ConnectionID(rawValue: 1)

    init(_ name: ChatLogEvent.Name) async throws {
      streams = ChatStreams(
        sink: sink, reader: reader, loops: [DeliveryLoop(scheduler: scheduler)], nodes: nodes, logger: quiet)
      event = try DurableSamples.event(name, of: chat, rev: name == .chatCreated ? 1 : Self.head + 1)
      viewer = Caller(userID: .v7(), sessionID: .v7())
      if case .chatCreated(let created) = event {
        viewer = Caller(userID: try #require(created.members?.first?.user.id), sessionID: .v7())
      } else {
        isMember(at: Self.head)
      }
      try await connect()
    }

    mutating func connect() async throws {
      connection = ConnectionID(rawValue: .random(in: .min ... .max))
      try await streams.connectionOpened(connection, caller: viewer)
    }

    /// What the database says of the viewer: a member, as the chat stands at that rev.
    func isMember(at rev: Int) {
      reader.set(viewer.userID, [Membership(key: .chat(chat), rev: rev, lastSeq: rev, joinedRev: 1)])
      reader.set(chat, rev: rev)
    }

    func later(_ rev: Int) throws -> ChatLogEvent { try DurableSamples.event(.messageUpdated, of: chat, rev: rev) }

    func publish(_ event: ChatLogEvent) {
      streams.publish(chat: chat, rev: event.position.rev, lastSeq: 0, .init(event)) { event.following($0).encoded }
    }

    /// As it comes from Redis.
    func hear(_ event: ChatLogEvent) {
      let encoded = event.encoded
      var payload = encoded.arguments
      payload.moveReaderIndex(forwardBy: encoded.name.utf8.count + 4)
      payload.moveWriterIndex(to: payload.writerIndex - 1)
      #expect(streams.received(encoded.name, payload: payload, arguments: encoded.arguments) { _ in })
    }

    /// What the viewer got, read by the schema.
    func received() throws -> [ChatLogEvent] {
      try sink.received(connection).map { encoded in
        let name = try #require(ChatLogEvent.Name(rawValue: encoded.name))
        var payload = encoded.arguments
        payload.moveReaderIndex(forwardBy: encoded.name.utf8.count + 4)
        payload.moveWriterIndex(to: payload.writerIndex - 1)
        var violations: [Violation] = []
        let event = try #require(try name.decode(payload, violations: &violations))
        #expect(violations.isEmpty)
        return event
      }
    }
  }

  @Test(arguments: all) func `its sample is in its place, and its bytes say so`(_ name: ChatLogEvent.Name) throws {
    let chat = ID.v7()
    let event = try DurableSamples.event(name, of: chat, rev: 6)
    #expect(event.name == name)
    #expect(event.position.key == chat)
    #expect(event.position.rev == 6)
    #expect(EventStream(name.rawValue) == .chatLog(name))
    var payload = event.encoded.arguments
    payload.moveReaderIndex(forwardBy: name.rawValue.utf8.count + 4)
    #expect(name.position(in: payload) == event.position)
  }

  @Test(arguments: all) func `a change is told by one event`(_ name: ChatLogEvent.Name) throws {
    let chat = ID.v7()
    let event = try DurableSamples.event(name, of: chat, rev: name == .chatCreated ? 1 : 6)
    let head = name == .chatCreated ? 0 : 5
    let replay = ChatReplay(order: EventOrder(head: head, headSeq: head, generation: 1), chatID: chat)
    let change = try DurableSamples.change(event)
    let told: [Any?] = [
      replay.newMessage(change), replay.messageUpdated(change), replay.messageDeleted(change),
      replay.chatCreated(change), replay.chatUpdated(change), replay.chatDeleted(change), replay.memberAdded(change),
      replay.memberRemoved(change), replay.memberUpdated(change),
    ]
    #expect(told.count { $0 != nil } == 1)
    #expect(replay.event(of: change) == event)
  }

  @Test(arguments: all.filter { $0 != .chatCreated })
  func `lost, it is found when heads are compared`(_ name: ChatLogEvent.Name) async throws {
    let scene = try await Scene(name)
    scene.reader.set(scene.chat, rev: scene.event.position.rev)
    scene.reader.set(
      scene.chat,
      ChatChanges(
        entries: [try DurableSamples.change(scene.event)], upToRev: scene.event.position.rev, hasMore: false))
    try await scene.streams.compareAllHeads()
    try await until("it is told") { try scene.received().count == 1 }
    #expect(try scene.received() == [scene.event])
    scene.publish(scene.event)
    #expect(try scene.received() == [scene.event])
  }

  @Test(arguments: inTheMiddle)
  func `lost before another, it is healed before that one goes out`(_ name: ChatLogEvent.Name) async throws {
    let scene = try await Scene(name)
    let later = try scene.later(scene.event.position.rev + 1)
    scene.reader.set(
      scene.chat,
      ChatChanges(
        entries: try [scene.event, later].map(DurableSamples.change), upToRev: later.position.rev, hasMore: false))
    scene.publish(later)
    #expect(try scene.received() == [])
    scene.scheduler.advance(by: ChatStreams.patience)
    try await until("the hole is filled") { try scene.received().count == 2 }
    #expect(try scene.received() == [scene.event, later])
  }

  @Test(arguments: inTheMiddle)
  func `superseded within a hole, it comes once, as it stands now`(_ name: ChatLogEvent.Name) async throws {
    let scene = try await Scene(name)
    let now = try DurableSamples.event(name, of: scene.chat, rev: scene.event.position.rev + 2)
    let later = try scene.later(scene.event.position.rev + 3)
    scene.reader.set(
      scene.chat,
      ChatChanges(
        entries: try [now, later].map(DurableSamples.change), upToRev: later.position.rev, hasMore: false))
    scene.publish(later)
    scene.scheduler.advance(by: ChatStreams.patience)
    try await until("the hole is filled") { try scene.received().count == 2 }
    scene.publish(scene.event)
    scene.hear(scene.event)
    #expect(try scene.received() == [now.following(Scene.head), later])
  }

  @Test(arguments: all)
  func `heard from another node, it goes out in its place and is not told again`(_ name: ChatLogEvent.Name)
    async throws
  {
    let scene = try await Scene(name)
    var expected = [scene.event]
    if Self.inTheMiddle.contains(name) {
      let later = try scene.later(scene.event.position.rev + 1)
      scene.hear(later)
      expected.append(later)
    }
    #expect(try scene.received() == [])
    scene.hear(scene.event)
    #expect(try scene.received() == expected)
    #expect(scene.nodes.told.withLock { $0.isEmpty })
  }

  @Test(arguments: all) func `published and heard again and again, it goes out once`(_ name: ChatLogEvent.Name)
    async throws
  {
    let scene = try await Scene(name)
    for _ in 0..<2 {
      scene.publish(scene.event)
      scene.hear(scene.event)
    }
    #expect(try scene.received() == [scene.event])
  }

  @Test(arguments: all)
  func `told between the end of a stream and its rebirth, it is part of the new one's past`(_ name: ChatLogEvent.Name)
    async throws
  {
    var scene = try await Scene(name)
    scene.streams.connectionClosed(scene.connection)
    #expect(!scene.streams.hasListeners(.chat(scene.chat)))
    scene.publish(scene.event)
    #expect(!scene.streams.hasListeners(.chat(scene.chat)))
    let rev = scene.event.position.rev
    if name == .chatDeleted { scene.reader.set(scene.viewer.userID, []) } else { scene.isMember(at: rev) }
    try await scene.connect()
    scene.hear(scene.event)
    let next = try scene.later(rev + 1)
    scene.publish(next)
    #expect(try scene.received() == (name == .chatDeleted ? [] : [next]))
  }
}

extension DatabaseTests {
  /// The same events as they happen, on a real database.
  @Suite struct DurableEventSyncTests {
    @Test(arguments: ChatLogEvent.Name.allCases)
    func `who was away gets by a sync what others were told`(_ name: ChatLogEvent.Name) async throws {
      try await withWorld { world in
        let users = try await world.users(5)
        let chat = try await world.group(users[0], Array(users[1...3])).id
        let message = try await world.say("One", in: chat, by: users[0])
        var here = Replica(caller: users[1])
        try await here.connect(world)
        var away = Replica(caller: users[2])
        try await away.catchUp(world)
        // What makes it happen. The compiler asks here for each new one.
        switch name {
        case .newMessage: try await world.say("Two", in: chat, by: users[0])
        case .messageUpdated: _ = try await world.edit(message.id, "Other", by: users[0])
        case .messageDeleted: _ = try await world.delete(message: message.id, by: users[0])
        case .chatCreated: _ = try await world.group(users[0], Array(users[1...2]))
        case .chatUpdated: _ = try await world.rename(chat, "Other", by: users[0])
        case .chatDeleted: _ = try await world.delete(chat, by: users[0])
        case .memberAdded: _ = try await world.add([users[4]], to: chat, by: users[0])
        case .memberRemoved: _ = try await world.remove(users[3], from: chat, by: users[0])
        // The last admin leaves.
        case .memberUpdated: _ = try await world.remove(users[0], from: chat, by: users[0])
        }
        let connection = try #require(here.connection)
        try await until("it is told") { world.sink.names(connection).contains(name.rawValue) }
        for (caller, isAway) in [(users[1], false), (users[2], true)] {
          let truth = try await Replica.truth(of: caller, world)
          if isAway { try await away.catchUp(world) }
          try await until("the copy is what the database has") {
            if !isAway {
              try here.drain(world)
              for id in here.unread { try await here.fetch(id, world) }
            }
            return (isAway ? away : here).differences(from: truth).isEmpty
          }
        }
      }
    }
  }
}
