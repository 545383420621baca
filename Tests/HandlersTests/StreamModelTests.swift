import Foundation
import Generated
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

/// A model of guarantee 3: whoever comes and goes while events are published in any order, lost or told twice, and reads
/// look and come back late or fail, gets each stream from its own start, each rev once (or what superseded it), in order,
/// and nothing after its removal.
@Suite struct StreamModelTests {
  /// Where events are lost, looks find them; where none is, nobody needs a look.
  @Test(arguments: 1...40, [true, false])
  func `each subscriber gets each rev once and in order`(_ seed: Int, losesEvents: Bool) async throws {
    let run = ModelRun(seed: seed, losesEvents: losesEvents)
    for step in 1...5_000 {
      run.step()
      // Where nobody looks, all must be well in between, too: the next event would heal what the last one left behind.
      if !losesEvents, step % 250 == 0 {
        run.settle()
        guard run.faults().isEmpty else { break }
      }
      // The other tests need the threads, too.
      if step % 50 == 0 { await Task.yield() }
    }
    run.settle()
    let faults = run.faults()
    #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(20).joined(separator: "\n"))")
    #expect(run.checked > 100, "seed \(seed): only \(run.checked) events were looked at")
  }
}

/// Where connections began, each by its stream's rev.
private final class Starts: Sendable {
  private let heads = Mutex<[ConnectionID: [StreamKey: Int]]>([:])

  subscript(connection: ConnectionID) -> [StreamKey: Int]? {
    get { heads.withLock { $0[connection] } }
    set { heads.withLock { $0[connection] = newValue } }
  }
}

/// Connections that go at the worst moment: between two of the rooms that they are being let into, while another of their
/// user's comes in.
private final class Leavers: Sendable {
  private struct State {
    var generator: SeededGenerator
    var gone: Set<ConnectionID> = []
  }

  private let state: Mutex<State>

  init(seed: Int) {
    state = Mutex(State(generator: SeededGenerator(seed: seed)))
  }

  func has(_ connection: ConnectionID) -> Bool { state.withLock { $0.gone.contains(connection) } }

  /// What the departure of a connection does that is not its user's last, here within a step that another thread is at.
  func mayLeave(_ connection: ConnectionID, _ streams: ChatStreams, _ sink: RecordingSink) {
    guard state.withLock({ Int.random(in: 0..<6, using: &$0.generator) == 0 }),
      let owner = streams.registry.owner(of: connection), streams.registry.connections(of: owner.userID).count > 1,
      streams.registry.remove(connection) != nil
    else { return }
    state.withLock { _ = $0.gone.insert(connection) }
    sink.drop(connection)
  }
}

private final class ModelRun {
  private struct Subscriber {
    let connection: ConnectionID
    let user: ID
    var isOpen = true
  }

  private var generator: SeededGenerator
  private let sink = RecordingSink()
  private let model = StreamModel()
  private let scheduler = ManualScheduler()
  private let executor = ManualExecutor()
  private let streams: ChatStreams
  private let users = (1...4).map { ID(high: 1, low: $0) }
  private var subscribers: [Subscriber] = []
  /// Where those began that came in.
  private let starts = Starts()
  private var unpublished: [(place: StreamEvent.Place, encoded: EncodedEvent)] = []
  private(set) var checked = 0

  private let losesEvents: Bool
  private let leavers: Leavers

  init(seed: Int, losesEvents: Bool) {
    self.losesEvents = losesEvents
    generator = SeededGenerator(seed: seed)
    leavers = Leavers(seed: -seed)
    streams = ChatStreams(
      sink: sink, reader: model, loops: [DeliveryLoop(scheduler: scheduler, executor: executor)], logger: quiet,
      shardCount: 1)
    for number in 1...3 {
      model.change(.chat(ID(high: 2, low: UInt64(number)))) { stream in
        for user in users.prefix(2) { stream.members[user] = StreamModel.Member(joinedRev: 1, rev: 1, seqBefore: 0) }
      }
    }
    for user in users.prefix(3) { model.change(.user(user)) { _ in } }
    sink.onJoin { [streams, leavers, sink] in leavers.mayLeave($0, streams, sink) }
  }

  private func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

  func step() {
    switch random(100) {
    case ..<34: if executor.count > 0 { executor.run(random(executor.count)) }
    case ..<46: if model.begun > 0 { model.look(random(model.begun)) }
    case ..<58: if model.seen > 0 { model.answer(random(model.seen), fails: random(8) == 0) }
    case ..<70: act()
    case ..<84: publish()
    case ..<88: open()
    case ..<91: close()
    case ..<98: scheduler.advance(by: .milliseconds(random(120)))
    default: look()
    }
  }

  private func act() {
    guard let key = model.keys.randomElement(using: &generator) else { return }
    unpublished.append(model.act(on: key, users: users, using: &generator))
  }

  private func publish() {
    guard !unpublished.isEmpty else { return }
    let event = unpublished.remove(at: random(min(4, unpublished.count)))
    switch random(12) {
    // Lost.
    case 0 where losesEvents: return
    // And once more, later.
    case 1: unpublished.append(event)
    default: break
    }
    streams.accept(event.place) { event.encoded }
  }

  private func open() {
    guard subscribers.count(where: isOpen) < 7 else { return }
    let user = users[random(users.count)]
    let connection = ConnectionID(rawValue: UInt64(subscribers.count + 1))
    subscribers.append(Subscriber(connection: connection, user: user))
    Task(executorPreference: executor) { [streams, starts] in
      let heads = try? await streams.connectionOpened(
        connection, caller: Caller(userID: user, sessionID: user))
      // Refused, it is closed by whoever asked.
      guard let heads else { return }
      starts[connection] = heads
    }
  }

  private func isOpen(_ subscriber: Subscriber) -> Bool { subscriber.isOpen && !leavers.has(subscriber.connection) }

  private func close() {
    guard let index = subscribers.indices.filter({ isOpen(subscribers[$0]) }).randomElement(using: &generator) else {
      return
    }
    subscribers[index].isOpen = false
    streams.connectionClosed(subscribers[index].connection)
    sink.drop(subscribers[index].connection)
  }

  private func look() {
    guard losesEvents else { return }
    Task(executorPreference: executor) { [streams] in
      try? await streams.compareAllHeads()
      try? await streams.tellMissedMemberships(since: "")
    }
  }

  /// Lets everything come to rest: what is under way first, then two looks.
  func settle() {
    for _ in 0..<(losesEvents ? 3 : 1) {
      while !unpublished.isEmpty { publish() }
      rest()
      look()
      rest()
    }
  }

  private func rest() {
    for _ in 0..<100_000 {
      if executor.count > 0 {
        executor.run(random(executor.count))
      } else if model.begun > 0 {
        model.look(random(model.begun))
      } else if model.seen > 0 {
        model.answer(random(model.seen), fails: false)
      } else if scheduler.pending > 0 {
        scheduler.advance(by: .seconds(2))
      } else {
        return
      }
    }
    Issue.record("it never comes to rest")
  }

  // MARK: Checking

  func faults() -> [String] {
    checked = 0
    return subscribers.flatMap { subscriber -> [String] in
      var views: [StreamKey: View] = [:]
      // A connection that was not let in is told nothing.
      guard let began = starts[subscriber.connection] else { return [] }
      for (key, rev) in began { views[key] = View(start: rev, rev: rev, isIn: true) }
      var found: [String] = []
      for event in sink.received(subscriber.connection) {
        checked += 1
        let seen = Seen(event)
        guard let key = model.keys.first(where: { $0.id == seen.stream }) else { return ["an unknown stream"] }
        found += views[key, default: View()].take(seen, of: subscriber.user, model[key]).map {
          "connection \(subscriber.connection.rawValue), \(key.room): \($0)"
        }
      }
      // An open one is up to date.
      guard isOpen(subscriber) else { return found }
      for key in model.keys {
        found += (views[key] ?? View()).differences(from: model[key], key, of: subscriber.user).map {
          "connection \(subscriber.connection.rawValue), \(key.room): \($0)"
        }
      }
      return found
    }
  }

  /// What a connection has of a stream.
  private struct View {
    /// What it has not been told of before this is known from elsewhere: a client syncs when it has connected.
    var start = 0
    var rev = 0
    var isIn = false
    var messages: [Int: Int] = [:]

    mutating func take(_ event: Seen, of user: ID, _ stream: StreamModel.Stream) -> [String] {
      var found: [String] = []
      let isOwnAddition = event.name == "member_added" && event.user == user
      if isIn, event.rev <= start, messages.isEmpty, rev == start {
        // Before its own start, while it came in: told by its addition.
        return []
      }
      // A removal is told by name to whoever of that user is connected, also while it comes in and is not in yet.
      if !isIn, event.name == "member_removed", event.user == user {
        defer { rev = max(rev, event.rev) }
        return event.rev > rev ? [] : ["\(event) comes once more"]
      }
      if !isIn {
        if !isOwnAddition { found.append("\(event) without being a member") }
        start = event.rev
        isIn = true
      } else if event.prev != rev {
        found.append("\(event) follows \(rev)")
      }
      if event.rev <= rev { found.append("\(event) comes after \(rev)") }
      rev = event.rev
      if let seq = event.seq {
        let wasMade = stream.messages[seq - 1].created
        if event.name == "message_updated", messages[seq] == nil, wasMade > start {
          found.append("\(event) of a message that it never saw")
        }
        messages[seq] = event.rev
      }
      if event.name == "member_removed", event.user == user {
        isIn = false
        messages = [:]
      }
      return found
    }

    func differences(from stream: StreamModel.Stream, _ key: StreamKey, of user: ID) -> [String] {
      let isMember = if case .user(let owner) = key { owner == user } else { stream.members[user]?.isIn == true }
      guard isMember else { return isIn ? ["it was never told that it is no member"] : [] }
      guard isIn else { return ["it was never told that it is a member since \(stream.members[user]?.joinedRev ?? 0)"] }
      var found = rev == stream.rev ? [] : ["it knows \(rev), and not \(stream.rev)"]
      for (index, message) in stream.messages.enumerated()
      where message.rev > start && messages[index + 1] != message.rev {
        found.append("message \(index + 1) is at \(message.rev), and not at \(messages[index + 1] ?? 0)")
      }
      return found
    }
  }

  /// What matters of an event.
  private struct Seen: CustomStringConvertible {
    let name: String
    let stream: ID
    let rev: Int
    let prev: Int
    var seq: Int?
    var user: ID?

    init(_ event: EncodedEvent) {
      name = event.name
      let text = String(buffer: event.arguments)
      func value(_ key: String) -> Substring? {
        guard let range = text.range(of: "\"\(key)\":") else { return nil }
        return text[range.upperBound...].drop { $0 == "\"" }.prefix { $0 != "," && $0 != "}" && $0 != "\"" }
      }
      stream = value("chat_id").flatMap { ID(String($0)) } ?? .v7()
      rev = value("rev").flatMap { Int($0) } ?? 0
      prev = value("prev_rev").flatMap { Int($0) } ?? -1
      seq = name.contains("message") ? value("seq").flatMap { Int($0) } : nil
      user = value(name == "member_added" ? "id" : "user_id").flatMap { ID(String($0)) }
    }

    var description: String { "\(name) \(rev) behind \(prev)" }
  }
}
