import NIOCore
import ProtocolRuntime
import Synchronization

@testable import Handlers

/// Connections that only remember: rooms as the server keeps them, and what each connection received.
final class RecordingSink: EventSink {
  private struct State {
    var rooms: [String: Set<ConnectionID>] = [:]
    var received: [ConnectionID: [EncodedEvent]] = [:]
    var cut: [ConnectionID] = []
    var dropped: Set<ConnectionID> = []
    var onJoin: (@Sendable (ConnectionID) -> Void)?
  }

  private let state = Mutex(State())

  func broadcast(_ event: EncodedEvent, at position: EventPosition) {
    deliver(event, toRoom: position.room, except: nil)
  }

  func broadcast(_ event: EncodedEvent, toRoom room: String, except connection: ConnectionID?) {
    deliver(event, toRoom: room, except: connection)
  }

  private func deliver(_ event: EncodedEvent, toRoom room: String, except: ConnectionID?) {
    state.withLock { state in
      for connection in state.rooms[room] ?? [] where connection != except {
        state.received[connection, default: []].append(event)
      }
    }
  }

  func send(_ event: EncodedEvent, to connection: ConnectionID) {
    state.withLock { state in
      if !state.dropped.contains(connection) { state.received[connection, default: []].append(event) }
    }
  }

  func join(_ connection: ConnectionID, room: String) {
    let hook = state.withLock { state in
      if !state.dropped.contains(connection) { state.rooms[room, default: []].insert(connection) }
      return state.onJoin
    }
    hook?(connection)
  }

  /// Called with each connection that has joined a room.
  func onJoin(_ body: @escaping @Sendable (ConnectionID) -> Void) { state.withLock { $0.onJoin = body } }

  func leave(_ connection: ConnectionID, room: String) {
    state.withLock { _ = $0.rooms[room]?.remove(connection) }
  }

  /// To everybody in a room.
  func beginAnew(_ event: EncodedEvent) {
    state.withLock { state in
      for connection in Set(state.rooms.values.joined()) { state.received[connection, default: []].append(event) }
    }
  }

  func disconnect(_ connection: ConnectionID) {
    state.withLock { $0.cut.append(connection) }
  }

  func received(_ connection: ConnectionID) -> [EncodedEvent] {
    state.withLock { $0.received[connection] ?? [] }
  }

  func names(_ connection: ConnectionID) -> [String] { received(connection).map(\.name) }

  func members(of room: String) -> Set<ConnectionID> { state.withLock { $0.rooms[room] ?? [] } }

  var cut: [ConnectionID] { state.withLock { $0.cut } }

  func forget() { state.withLock { $0.received = [:] } }

  /// What the server does when a socket is gone.
  func drop(_ connection: ConnectionID) {
    state.withLock { state in
      state.dropped.insert(connection)
      for room in state.rooms.keys { state.rooms[room]?.remove(connection) }
    }
  }
}

extension EncodedEvent {
  /// The payload, read by the generated decoder, which checks it against its schema.
  func payload<Payload: JSONDecodable>(_ type: Payload.Type = Payload.self) throws -> Payload? {
    var json = arguments
    json.moveReaderIndex(forwardBy: name.utf8.count + 4)
    guard let payload = json.readSlice(length: json.readableBytes - 1) else { return nil }
    var violations: [Violation] = []
    let value = try Payload.decode(json: payload, violations: &violations)
    return violations.isEmpty ? value : nil
  }
}

/// A clock that stands still until it is advanced.
final class ManualScheduler: Scheduler {
  private struct State {
    var now = Duration.zero
    var work: [(due: Duration, run: @Sendable () -> Void)] = []
  }

  private let state = Mutex(State())

  var now: Duration { state.withLock { $0.now } }

  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    state.withLock { $0.work.append(($0.now + delay, work)) }
  }

  var pending: Int { state.withLock { $0.work.count } }

  /// Runs what is due by then, in order, also what is scheduled meanwhile.
  func advance(by time: Duration) {
    let end = now + time
    while true {
      let next = state.withLock { state -> (@Sendable () -> Void)? in
        let due = state.work.indices.filter { state.work[$0].due <= end }.min {
          state.work[$0].due < state.work[$1].due
        }
        guard let due else {
          state.now = end
          return nil
        }
        let work = state.work.remove(at: due)
        state.now = max(state.now, work.due)
        return work.run
      }
      guard let next else { return }
      next()
    }
  }
}
