import Dispatch
import Foundation
import ProtocolRuntime
import Testing

@testable import Handlers

@Suite struct DeliveryTablesTests {
  @Test func `numbers of UUIDs agree with a dictionary`() {
    var numbers = UUIDNumbers()
    var model: [ID: UInt32] = [:]
    // Alike in their last bits, so that they get into each other's way.
    let keys = (0..<300).map { ID(high: UInt64($0), low: UInt64($0 % 7) << 8) }
    for _ in 0..<20_000 {
      let key = keys[Int.random(in: keys.indices)]
      if let number = model[key] {
        #expect(numbers.number(of: key) == number)
        numbers.remove(number)
        numbers.release(number)
        model[key] = nil
      } else {
        let number = numbers.add(key)
        #expect(!model.values.contains(number) && number < keys.count)
        model[key] = number
      }
    }
    for key in keys { #expect(numbers.number(of: key) == model[key]) }
    #expect(Set(numbers.all) == Set(model.keys) && numbers.all.count == model.count)
  }

  @Test func `a number is nobody's until it is released`() {
    let registry = ConnectionRegistry()
    // In one shard, for their last bits are the same.
    let ada = Caller(userID: ID(high: 1, low: 7), sessionID: .v7())
    let grace = Caller(userID: ID(high: 2, low: 7), sessionID: .v7())
    registry.register(ConnectionID(rawValue: 1), caller: ada)
    let first = registry.number(of: ada.userID)
    let departure = registry.remove(ConnectionID(rawValue: 1))
    #expect(departure?.isLast == true && departure?.user == first && first != nil)
    registry.register(ConnectionID(rawValue: 2), caller: ada)
    registry.register(ConnectionID(rawValue: 3), caller: grace)
    #expect(registry.number(of: ada.userID) != first && registry.number(of: grace.userID) != first)
    if let first { registry.release(first) }
    let hedy = Caller(userID: ID(high: 3, low: 7), sessionID: .v7())
    registry.register(ConnectionID(rawValue: 4), caller: hedy)
    #expect(registry.number(of: hedy.userID) == first)
  }

  @Test func `local users agree with a set`() {
    var users = LocalUsers()
    var model: Set<UInt32> = []
    for round in 0..<20_000 {
      // Few at times, many at others.
      let user = UInt32.random(in: 0..<(round % 2_000 < 1_000 ? 3 : 40))
      if Bool.random() {
        let isNew = users.insert(user)
        let isNewInModel = model.insert(user).inserted
        #expect(isNew == isNewInModel)
      } else {
        users.remove(user)
        model.remove(user)
      }
      #expect(users.contains(user) == model.contains(user))
      #expect(users.isEmpty == model.isEmpty)
    }
    #expect(Array(users).sorted() == model.sorted())
  }

  @Test func `a table has the streams that somebody gets, of each kind by itself`() {
    var table = StreamTable()
    let ids = (0..<50).map { _ in ID.v7() }
    var generations: Set<UInt32> = []
    for (rev, id) in ids.enumerated() {
      for key in [StreamKey.chat(id), .user(id)] {
        table.begin(key, head: rev, headSeq: 0) { stream, _ in
          stream.users.insert(1)
          generations.insert(stream.order.generation)
        }
      }
    }
    #expect(generations.count == 100)
    for (rev, id) in ids.enumerated() where rev % 2 == 0 {
      #expect(table.change(.chat(id)) { stream, _ in stream.users.remove(1) } != nil)
    }
    for (rev, id) in ids.enumerated() {
      #expect(table.look(.chat(id)) { $0.order.head } == (rev % 2 == 0 ? nil : rev))
      #expect(table.look(.user(id)) { $0.order.head } == rev)
    }
    #expect(table.keys.count == 75)
  }

  @Test func `what waits behind a hole is not copied for each event that joins it`() {
    var order = EventOrder(head: 0, headSeq: 0, generation: 1)
    let encoded = EncodedEvent(name: "weather", arguments: .init())
    // Copied each time, it would be 30 GB.
    let start = threadTime()
    for rev in (1...25_000).reversed() {
      _ = order.accept(
        StreamEvent(place: .init(key: .user(.v7()), rev: rev, kind: .change), encoded: encoded))
    }
    #expect(order.head == 25_000)
    #expect(threadTime() - start < .seconds(5))
  }

  /// A table or a stream that still held the order while it is changed would make each change a copy.
  @Test func `sixteen times the events behind a hole of a stream take less than sixty-four times as long`()
    async throws
  {
    func time(_ count: Int) async throws -> Duration {
      let sink = RecordingSink()
      let reader = ScriptedReader()
      let chat = ID.v7()
      let ada = Caller(userID: .v7(), sessionID: .v7())
      let connection = ConnectionID(rawValue: 1)
      reader.set(ada.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
      let streams = ChatStreams(
        sink: sink, reader: reader, loops: [DeliveryLoop(scheduler: ManualScheduler())], logger: quiet)
      try await streams.connectionOpened(connection, caller: ada)
      let encoded = EncodedEvent(name: "weather", arguments: .init())
      let start = threadTime()
      for rev in (2...count + 1).reversed() {
        streams.accept(StreamEvent.Place(key: .chat(chat), rev: rev, kind: .change)) { encoded }
      }
      let end = threadTime()
      #expect(sink.received(connection).count == count)
      return end - start
    }
    // At the square it would be 256 times.
    let (few, many) = try await (time(1_600), time(25_600))
    #expect(many < few * 64)
  }

  private func hold<Value>(
    _ sharded: Sharded<Value>, from index: Int = 0, but other: Int? = nil, _ body: () -> Void
  ) {
    guard index < sharded.count else { return body() }
    guard index != other else { return hold(sharded, from: index + 1, but: other, body) }
    sharded.withLock(index) { _ in hold(sharded, from: index + 1, but: other, body) }
  }

  /// It looked at every connection of the node, under the lock that all events of clients waited for.
  @Test func `ending a session looks at no connections but its own`() {
    let sink = RecordingSink()
    let streams = ChatStreams(
      sink: sink, reader: ScriptedReader(), loops: [DeliveryLoop(scheduler: ManualScheduler())], logger: quiet)
    let registry = streams.registry
    let ada = Caller(userID: .v7(), sessionID: .v7())
    for number in 0..<200 {
      let caller = number % 100 == 7 ? ada : Caller(userID: .v7(), sessionID: .v7())
      registry.register(ConnectionID(rawValue: UInt64(number)), caller: caller)
    }
    let isDone = DispatchSemaphore(value: 0)
    let own = registry.sessions.index(of: ada.sessionID.low)
    // Whoever looks at anything else waits.
    hold(registry.connections) {
      hold(registry.users) {
        hold(registry.viewers) {
          hold(registry.sessions, but: own) {
            Thread.detachNewThread {
              streams.cut(ada.sessionID)
              isDone.signal()
            }
            #expect(isDone.wait(timeout: .now() + 10) == .success)
          }
        }
      }
    }
    #expect(sink.cut == [7, 107].map { ConnectionID(rawValue: $0) })
  }

  /// Each chat was looked for among those that the user had before.
  @Test func `taking in a connection with sixteen times the chats takes less than sixty-four times as long`()
    async throws
  {
    func time(_ count: Int) async throws -> Duration {
      let reader = ScriptedReader()
      let ada = Caller(userID: .v7(), sessionID: .v7())
      reader.set(
        ada.userID, (0..<count).map { _ in Membership(key: .chat(.v7()), rev: 1, lastSeq: 0, joinedRev: 1) })
      let streams = ChatStreams(
        sink: RecordingSink(), reader: reader, loops: [DeliveryLoop(scheduler: ManualScheduler())], logger: quiet)
      // The reader never waits: all of it runs on one thread.
      let thread = pthread_self()
      let start = threadTime()
      #expect(try await streams.connectionOpened(ConnectionID(rawValue: 1), caller: ada).count == count)
      let end = threadTime()
      #expect(pthread_equal(thread, pthread_self()) != 0)
      return end - start
    }
    // At the square it would be 256 times.
    let (few, many) = try await (time(2_000), time(32_000))
    #expect(many < few * 64)
  }
}

/// How long this thread has run: what else runs on the machine does not count.
private func threadTime() -> Duration {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
