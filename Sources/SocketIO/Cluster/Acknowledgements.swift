import NIOCore
import Synchronization

/// What sockets said to a broadcast that they were to acknowledge.
public struct Acknowledgements: Sendable {
  /// One for each socket that acknowledged in time, in the order in which they came: the first value alone, `["fine"]`, or
  /// `[]` if there was none. Nodes tell each other no more.
  public var answers: [Arguments]
  /// How many sockets got the event, or were to get it, and have not acknowledged it in time.
  public var missing: Int
  /// How many nodes have not even said in time how many sockets they have sent it to.
  public var silentNodes: Int

  public init(answers: [Arguments] = [], missing: Int = 0, silentNodes: Int = 0) {
    self.answers = answers
    self.missing = missing
    self.silentNodes = silentNodes
  }

  /// Whether every socket has acknowledged.
  public var isComplete: Bool { self.missing == 0 && self.silentNodes == 0 }
}

extension SocketIOServer {
  /// Sends an event that each of the sockets that the target names is to acknowledge, on all nodes. What a client misses
  /// that is away for a moment it does not get later.
  ///
  /// - Parameters:
  ///   - arguments: The event, the name first. Not checked.
  ///   - timeout: For how long to wait.
  /// - Returns: When all have acknowledged, or the time is over. One that is disconnected is missing at once if it was
  ///   this node's; of others, nothing is heard.
  /// - Throws: What the adapter throws if the other nodes could not be counted. Then sockets may still have got the event.
  public func request(
    _ arguments: Arguments, of target: BroadcastTarget, timeout: TimeAmount
  ) async throws -> Acknowledgements {
    guard let adapter = self.registry.clusterAdapter else {
      return await self.local.request(arguments, of: target, timeout: timeout)
    }
    async let there = adapter.request(arguments, of: target.elsewhere, timeout: timeout)
    let here = await self.local.request(arguments, of: target, timeout: timeout)
    let others = try await there
    return Acknowledgements(
      answers: here.answers + others.answers, missing: here.missing + others.missing,
      silentNodes: here.silentNodes + others.silentNodes)
  }
}

extension LocalSockets {
  /// Sends an event that each of the sockets of this node that the target names is to acknowledge, as
  /// ``SocketIOServer/request(_:of:timeout:)-(_,BroadcastTarget,_)``.
  ///
  /// - Returns: With this node among the silent ones if a socket was changing its transport all the time.
  public func request(
    _ arguments: Arguments, of target: BroadcastTarget, timeout: TimeAmount
  ) async -> Acknowledgements {
    await withCheckedContinuation { continuation in
      let collector = AcknowledgementCollector(continuation)
      collector.finish(in: timeout, on: self.server.switchboard.eventLoops.first)
      self.request(
        arguments, of: target, timeout: timeout, counted: { collector.counted($0) },
        answered: { collector.answered($0) })
    }
  }

  /// The same for who passes on what comes. The functions are called on event loops, and must not block.
  ///
  /// - Parameters:
  ///   - counted: Called once, with the number of sockets that were sent the event: when those that are changing their
  ///     transport have done so.
  ///   - answered: Called once for each of these, also before `counted`; with nil if it did not acknowledge in time.
  public func request(
    _ arguments: Arguments, of target: BroadcastTarget, timeout: TimeAmount,
    counted: @escaping @Sendable (Int) -> Void, answered: @escaping @Sendable (Arguments?) -> Void
  ) {
    let deadline = NIODeadline.now() + timeout
    let count = RequestCount(whenFinal: counted)
    self.perform(on: target) { socket, loop in
      guard socket.isConnected, socket.connection != nil else { return }
      count.add()
      socket.request(arguments, deadline: deadline, loop) { result in answered(try? result.get()) }
    }
  }
}

/// How many sockets were sent a request. All that may still send one hold it, on the loops and for sockets that move
/// between them: when the last of these lets it go, the number is final.
private final class RequestCount: Sendable {
  private let count = Atomic(0)
  private let whenFinal: @Sendable (Int) -> Void

  init(whenFinal: @escaping @Sendable (Int) -> Void) { self.whenFinal = whenFinal }

  func add() { self.count.add(1, ordering: .relaxed) }

  deinit { self.whenFinal(self.count.load(ordering: .relaxed)) }
}

/// Waits for the sockets of this node.
private final class AcknowledgementCollector: Sendable {
  private struct State {
    var continuation: CheckedContinuation<Acknowledgements, Never>?
    var clock: Scheduled<Void>?
    /// nil: not known yet.
    var count: Int?
    var acknowledgements = Acknowledgements()

    var isComplete: Bool { self.count == self.acknowledgements.answers.count + self.acknowledgements.missing }
  }

  private let state: Mutex<State>

  init(_ continuation: CheckedContinuation<Acknowledgements, Never>) {
    self.state = Mutex(State(continuation: continuation))
  }

  func counted(_ count: Int) {
    self.update { $0.count = count }
  }

  func answered(_ answer: Arguments?) {
    self.update { state in
      if let answer {
        state.acknowledgements.answers.append(answer.firstAlone)
      } else {
        state.acknowledgements.missing += 1
      }
    }
  }

  /// The requests end by themselves, on their loops; but one may wait for its socket to come.
  func finish(in timeout: TimeAmount, on eventLoop: (any EventLoop)?) {
    let clock = eventLoop?.scheduleTask(in: timeout) {
      self.update { state in
        guard !state.isComplete else { return }
        if let count = state.count {
          state.acknowledgements.missing = count - state.acknowledgements.answers.count
        } else {
          state.acknowledgements.silentNodes = 1
          state.count = state.acknowledgements.answers.count + state.acknowledgements.missing
        }
      }
    }
    self.state.withLock { $0.clock = clock }
  }

  private func update(_ body: (inout State) -> Void) {
    let done = self.state.withLock { state -> State? in
      guard state.continuation != nil else { return nil }
      body(&state)
      guard state.isComplete else { return nil }
      defer { state.continuation = nil }
      return state
    }
    guard let done else { return }
    done.clock?.cancel()
    done.continuation?.resume(returning: done.acknowledgements)
  }
}

extension Arguments {
  /// The first value and no others.
  var firstAlone: Arguments {
    guard let first = self.first else { return Arguments(ByteBuffer(string: "[]")) }
    var json = ByteBuffer()
    json.writeInteger(UInt8(ascii: "["))
    json.writeImmutableBuffer(first)
    json.writeInteger(UInt8(ascii: "]"))
    return Arguments(json, attachments: self.attachments)
  }
}
