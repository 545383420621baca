import NIOCore
import Synchronization
import Testing

@testable import SocketIO

@Suite("What a node tells the others of its broadcasts")
struct OwnBroadcastsTests {
  private struct Alone: LonelyAdapter {}

  private final class Counts: Sendable {
    let begun = Atomic(0)
    private let ended = Atomic(0)
    private let isDone = Atomic(false)

    var isOver: Bool { isDone.load(ordering: .relaxed) }

    func end() { isDone.store(true, ordering: .relaxed) }

    func broadcast() {
      begun.add(1, ordering: .sequentiallyConsistent)
      // Long enough to be caught in the middle.
      for _ in 0..<100 { _ = isOver }
      ended.add(1, ordering: .sequentiallyConsistent)
    }

    var areEqual: Bool {
      begun.load(ordering: .sequentiallyConsistent) == ended.load(ordering: .sequentiallyConsistent)
    }
  }

  @Test("whatever the room, it is told, and the positions of a room's count up without a hole in their stream")
  func positions() {
    let broadcasts = OwnBroadcasts(node: "node0000")
    let targets = [BroadcastTarget.everyone()] + (0..<200).map { .room("room \($0)") }
    func position(_ target: BroadcastTarget, needsPosition: Bool = true) -> (told: Bool, position: StreamPosition?) {
      var result: (Bool, StreamPosition?) = (false, nil)
      broadcasts.next(to: target, needsPosition: needsPosition) { result = ($0 != nil, $1) }
      return result
    }
    #expect(targets.allSatisfy { position($0) == (false, nil) })
    broadcasts.use(Alone())
    var numbers: [String: UInt64] = [:]
    var streams: [String?] = []
    for target in targets + targets {
      let (told, position) = position(target)
      #expect(told)
      guard let position else {
        Issue.record("no position")
        continue
      }
      numbers[position.stream, default: 0] += 1
      #expect(position.number == numbers[position.stream])
      streams.append(position.stream)
    }
    #expect(streams.prefix(targets.count).elementsEqual(streams.suffix(targets.count)), "a room keeps its stream")
    #expect(numbers.count > 1 && numbers.count <= 16)
    #expect(position(.everyone(), needsPosition: false) == (true, nil))
    broadcasts.use(nil)
    #expect(targets.allSatisfy { position($0) == (false, nil) })
  }

  @Test("while a client changes its node no broadcast is in the middle")
  func none() async {
    let broadcasts = OwnBroadcasts(node: "node0000")
    let counts = Counts()
    await withDiscardingTaskGroup { group in
      for thread in 0..<3 {
        group.addTask {
          var number = 0
          while !counts.isOver {
            broadcasts.next(to: .room("\(thread) \(number)"), needsPosition: true) { _, _ in counts.broadcast() }
            number += 1
            await Task.yield()
          }
        }
      }
      group.addTask {
        // At least so many of each.
        var checks = 0
        var isBetween = false
        while !isBetween, checks < 2_000 || counts.begun.load(ordering: .relaxed) < 20_000 {
          broadcasts.whileNone { isBetween = !counts.areEqual }
          checks += 1
        }
        #expect(!isBetween)
        counts.end()
      }
    }
  }
}
