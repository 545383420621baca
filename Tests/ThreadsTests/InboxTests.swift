import Dispatch
import Synchronization
import Testing

@testable import Threads

@Suite struct InboxTests {
  private struct Item: Sendable, Hashable {
    let thread: Int
    let number: Int
  }

  private static let threads = 6

  /// Runs `body` on some threads at once, and returns their ends to wait for.
  private func onThreads(_ body: @escaping @Sendable (_ thread: Int) -> Void) throws -> DispatchGroup {
    let group = DispatchGroup()
    let start = DispatchSemaphore(value: 0)
    for thread in 0..<Self.threads {
      group.enter()
      try BackgroundThread.start("test-push") {
        start.wait()
        body(thread)
        group.leave()
      }
    }
    for _ in 0..<Self.threads { start.signal() }
    return group
  }

  /// Each thread's items are its first ones, each once and in its order.
  private func check(_ taken: [Item], accepted: [Int]) {
    for thread in 0..<Self.threads {
      let mine = taken.filter { $0.thread == thread }.map(\.number)
      #expect(mine == Array(0..<accepted[thread]))
    }
  }

  @Test func `what many push while one takes comes once, and each thread's in its order`() throws {
    let inbox = Inbox<Item>()
    let each = 20_000
    let pushing = try onThreads { thread in
      for number in 0..<each { _ = inbox.push(Item(thread: thread, number: number)) }
    }
    var taken: [Item] = []
    while pushing.wait(timeout: .now()) == .timedOut { inbox.take { taken.append($0) } }
    inbox.take { taken.append($0) }
    check(taken, accepted: Array(repeating: each, count: Self.threads))
  }

  @Test func `what is pushed while it closes is either taken or refused, and all that follows is refused`() throws {
    let most = 5_000
    for _ in 0..<100 {
      let inbox = Inbox<Item>()
      let accepted = Mutex(Array(repeating: 0, count: Self.threads))
      let pushing = try onThreads { thread in
        var number = 0
        while number < most, inbox.push(Item(thread: thread, number: number)) != .refused { number += 1 }
        accepted.withLock { $0[thread] = number }
      }
      var taken: [Item] = []
      while taken.count < 100 { inbox.take { taken.append($0) } }
      inbox.close { taken.append($0) }
      pushing.wait()
      check(taken, accepted: accepted.withLock { $0 })
      #expect(inbox.push(Item(thread: 0, number: most)) == .refused)
      inbox.take { _ in Issue.record("nothing is in it") }
      inbox.close { _ in Issue.record("nothing is in it") }
    }
  }

  /// Who waits for the first only would sleep for ever if it came as another.
  @Test func `the first one behind each taking says so`() {
    let inbox = Inbox<Int>()
    for _ in 0..<2 {
      #expect(inbox.push(1) == .first)
      #expect(inbox.push(2) == .behindOthers)
      var taken: [Int] = []
      inbox.take { taken.append($0) }
      #expect(taken == [1, 2])
      inbox.take { _ in Issue.record("it is empty") }
    }
  }

  /// Counts the elements that are there.
  private final class Count: Sendable {
    let there = Atomic<Int>(0)

    final class One: Sendable {
      let count: Count

      init(_ count: Count) {
        self.count = count
        count.there.add(1, ordering: .relaxed)
      }

      deinit { count.there.subtract(1, ordering: .relaxed) }
    }
  }

  @Test func `what was taken, refused or left is freed`() {
    let count = Count()
    do {
      let inbox = Inbox<Count.One>()
      for _ in 0..<3 { _ = inbox.push(Count.One(count)) }
      inbox.take { _ in }
      #expect(count.there.load(ordering: .relaxed) == 0)
      for _ in 0..<2 { _ = inbox.push(Count.One(count)) }
      inbox.close { _ in }
      #expect(inbox.push(Count.One(count)) == .refused)
      #expect(count.there.load(ordering: .relaxed) == 0)
      let left = Inbox<Count.One>()
      for _ in 0..<4 { _ = left.push(Count.One(count)) }
      #expect(count.there.load(ordering: .relaxed) == 4)
    }
    #expect(count.there.load(ordering: .relaxed) == 0)
  }
}
