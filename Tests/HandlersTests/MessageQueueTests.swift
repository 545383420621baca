import ProtocolRuntime
import Testing

@testable import Handlers

/// Which messages fly together, and which chats are left alone.
@Suite struct MessageQueueTests {
  /// A reference, since what an expectation looks at must not change by the look.
  private final class Holder {
    private var queue: MessageQueue<QueuedMessage>

    init(_ limits: MessageQueue<QueuedMessage>.Limits) { queue = MessageQueue(limits: limits) { $0 } }

    var count: Int { queue.count }
    var flights: Int { queue.flights }
    func append(_ draft: QueuedMessage) -> Bool { queue.append(draft) }
    func take() -> [QueuedMessage]? { queue.take() }
    func tryAgain(_ chat: ID) { queue.tryAgain(chat) }

    @discardableResult
    func land(
      _ batch: [QueuedMessage], locked: [QueuedMessage] = [], now: Duration = .zero
    ) -> (pauses: [(chat: ID, pause: Duration)], givenUp: [QueuedMessage]) {
      queue.land(batch, locked: locked, now: now)
    }
  }

  private func queue(_ change: (inout MessageQueue<QueuedMessage>.Limits) -> Void = { _ in }) -> Holder {
    var limits = MessageQueue<QueuedMessage>.Limits()
    change(&limits)
    return Holder(limits)
  }

  private func draft(_ content: String, _ chat: ID, clientID: ID? = nil, sender: ID = MessageQueueTests.ada)
    -> QueuedMessage
  {
    QueuedMessage(id: .v7(), chatID: chat, senderID: sender, content: content, clientID: clientID, bodyHash: nil)
  }

  private static let ada = ID.v7()
  private let a = ID.v7()
  private let b = ID.v7()

  private func add(_ contents: some Sequence<String>, _ chat: ID, to queue: Holder) {
    for content in contents { #expect(queue.append(draft(content, chat))) }
  }

  private func contents(_ batch: [QueuedMessage]?, _ chat: ID? = nil) -> [String]? {
    batch?.filter { chat == nil || $0.chatID == chat }.map(\.content)
  }

  @Test func `while a flight is under way the next batch gathers`() {
    let queue = self.queue()
    add(["1"], a, to: queue)
    let first = queue.take()
    #expect(contents(first) == ["1"])
    add(["2", "3"], a, to: queue)
    add(["4"], b, to: queue)
    #expect(queue.take() == nil, "neither the chat that flies nor another: batches grow")
    queue.land(first ?? [])
    let second = queue.take()
    #expect(contents(second, a) == ["2", "3"] && contents(second, b) == ["4"])
    queue.land(second ?? [])
    #expect(queue.take() == nil && queue.count == 0)
  }

  @Test func `another flight takes off when there is a full batch for it, and leaves out the chats that fly`() {
    let queue = self.queue {
      $0.batch = 4
      $0.flights = 2
    }
    add(["1"], a, to: queue)
    let first = queue.take()
    add((2..<20).map(String.init), a, to: queue)
    #expect(queue.take() == nil)
    add(["b1", "b2", "b3"], b, to: queue)
    #expect(queue.take() == nil)
    add(["b4", "b5"], b, to: queue)
    let second = queue.take()
    #expect(contents(second) == ["b1", "b2", "b3", "b4"])
    #expect(queue.flights == 2)
    add((0..<9).map(String.init), .v7(), to: queue)
    #expect(queue.take() == nil, "two is the limit")
    queue.land(first ?? [])
    #expect(queue.take() != nil)
  }

  @Test func `chats take turns`() {
    let queue = self.queue { $0.batch = 8 }
    add((0..<100).map(String.init), a, to: queue)
    add(["b"], b, to: queue)
    let others = (0..<4).map { _ in ID.v7() }
    for chat in others { add(["other"], chat, to: queue) }
    let batch = queue.take()
    #expect(contents(batch, a) == ["0", "1"], "a quarter, since others wait")
    #expect(contents(batch, b) == ["b"] && batch?.count == 7)
    queue.land(batch ?? [])
    #expect(contents(queue.take()) == (2..<10).map(String.init), "alone it takes all")
  }

  @Test func `a locked chat keeps its order, and comes again after a pause that grows`() {
    let queue = self.queue()
    add(["1", "2"], a, to: queue)
    add(["b1"], b, to: queue)
    var pauses: [Duration] = []
    for round in 0..<10 {
      let batch = queue.take() ?? []
      #expect(contents(batch, a) == (1...round + 2).map(String.init))
      add(["\(round + 3)"], a, to: queue)
      if round > 0 { add(["b"], b, to: queue) }
      let landed = queue.land(
        batch, locked: batch.filter { $0.chatID == a }, now: .milliseconds(round))
      #expect(landed.givenUp.isEmpty && landed.pauses.map(\.chat) == [a])
      pauses += landed.pauses.map(\.pause)
      let others = queue.take()
      #expect(contents(others, a) == (others == nil ? nil : []), "it is left alone")
      if let others { queue.land(others) }
      queue.tryAgain(a)
    }
    #expect(pauses == pauses.sorted() && pauses[0] <= .milliseconds(2) && pauses[9] == .milliseconds(100))
    let batch = queue.take() ?? []
    queue.land(batch)
    #expect(queue.count == 0)
  }

  @Test func `a chat that stays locked is given up, with all that waits for it`() {
    let queue = self.queue()
    add(["1"], a, to: queue)
    var batch = queue.take() ?? []
    add(["2"], a, to: queue)
    queue.land(batch, locked: batch, now: .seconds(100))
    queue.tryAgain(a)
    batch = queue.take() ?? []
    add(["3"], a, to: queue)
    let landed = queue.land(batch, locked: batch, now: .seconds(108))
    #expect(contents(landed.givenUp) == ["1", "2", "3"] && landed.pauses.isEmpty)
    #expect(queue.count == 0)
    add(["4"], a, to: queue)
    #expect(contents(queue.take()) == ["4"], "and begins anew")
  }

  @Test func `what waits is bounded, in all and for a chat`() {
    let queue = self.queue {
      $0.queue = 5
      $0.chat = 3
    }
    add(["1", "2", "3"], a, to: queue)
    #expect(!queue.append(draft("4", a)))
    add(["1", "2"], b, to: queue)
    #expect(!queue.append(draft("3", b)))
    #expect(queue.count == 5)
    #expect(queue.take()?.count == 5)
    add(["4"], a, to: queue)
  }

  @Test func `a client id flies once at a time, and what it repeats keeps its place`() {
    let queue = self.queue()
    let key = ID.v7()
    for (content, clientID) in [("1", key), ("2", key), ("3", nil), ("4", key)] {
      #expect(queue.append(draft(content, a, clientID: clientID)))
    }
    // Of another sender, or in another chat, it is another.
    #expect(queue.append(draft("5", a, clientID: key, sender: .v7())))
    #expect(queue.append(draft("6", b, clientID: key)))
    var flown: [[String]] = []
    while let batch = queue.take() {
      flown.append(contents(batch, a) ?? [])
      queue.land(batch)
    }
    #expect(flown == [["1", "3", "5"], ["2"], ["4"]])
  }

  @Test func `nothing is lost, doubled or out of order, whatever is locked`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      let queue = self.queue {
        $0.batch = 8
        $0.flights = 3
      }
      let chats = (0..<6).map { _ in ID.v7() }
      var sent: [ID: [String]] = [:]
      var stored: [ID: [String]] = [:]
      var flying: [[QueuedMessage]] = []
      var resting: Set<ID> = []
      var number = 0
      while number < 300 || !flying.isEmpty || !resting.isEmpty || queue.count > 0 {
        if number < 300, Bool.random(using: &generator) {
          let chat = chats[Int.random(in: 0..<6, using: &generator)]
          number += 1
          #expect(queue.append(draft("\(number)", chat)))
          sent[chat, default: []].append("\(number)")
        }
        if let batch = queue.take() {
          #expect(batch.count <= 8)
          #expect(Set(flying.joined().map(\.chatID)).isDisjoint(with: batch.map(\.chatID)))
          flying.append(batch)
        }
        if let chat = resting.randomElement(using: &generator), Bool.random(using: &generator) {
          resting.remove(chat)
          queue.tryAgain(chat)
        }
        guard !flying.isEmpty, Bool.random(using: &generator) else { continue }
        let batch = flying.remove(at: Int.random(in: 0..<flying.count, using: &generator))
        let locked = Set(batch.map(\.chatID).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
        for draft in batch where !locked.contains(draft.chatID) {
          stored[draft.chatID, default: []].append(draft.content)
        }
        let landed = queue.land(
          batch, locked: batch.filter { locked.contains($0.chatID) })
        resting.formUnion(landed.pauses.map(\.chat))
      }
      #expect(stored == sent)
      #expect(queue.flights == 0)
    }
  }
}
