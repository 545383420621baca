import Dispatch
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import SocketIO

@Suite("Calls to the loops", .timeLimit(.minutes(1)))
struct SwitchboardTests {
  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)

  /// What each loop carried out.
  private final class Record: Sendable {
    private let texts = Mutex<[Int: [String]]>([:])

    func add(_ text: String, _ loop: ConnectionLoop) { texts.withLock { $0[loop.index, default: []].append(text) } }
    subscript(_ loop: Int) -> [String] { texts.withLock { $0[loop] ?? [] } }
  }

  private func makeSwitchboard() -> Switchboard {
    Switchboard(eventLoops: Array(Self.group.makeIterator()), logTag: nil) { index, eventLoop in
      ConnectionLoop(
        index: index, eventLoop: eventLoop, configuration: .init(), registry: ServerRegistry(node: nil),
        logger: Logger(label: "test"))
    }
  }

  /// Until all that has come to the loops is done, or waits.
  private func settle(_ switchboard: Switchboard) async throws {
    for eventLoop in switchboard.eventLoops { try await eventLoop.submit {}.get() }
  }

  /// A lock for the whole node let everybody wait for whoever held it.
  @Test("who calls waits for nobody, also while another is stopped in the middle; the loops keep the order")
  func nobodyWaits() async throws {
    let switchboard = self.makeSwitchboard()
    let record = Record()
    let call = { @Sendable (text: String) -> Switchboard.Call in { loop in record.add(text, loop) } }
    let stopped = DispatchSemaphore(value: 0)
    let goOn = DispatchSemaphore(value: 0)
    let first = NIOThreadPool(numberOfThreads: 1)
    first.start()
    switchboard.everywhere { _ in call("before") }
    let slow = first.runIfActive(eventLoop: Self.group.next()) {
      switchboard.everywhere { _ in
        stopped.signal()
        goOn.wait()
        return call("slow")
      }
    }
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        stopped.wait()
        continuation.resume()
      }
    }
    switchboard.everywhere { _ in call("late") }
    switchboard.everywhere(taking: 3) { numbers in call("three \(numbers.count)") }
    switchboard.at(1, call("one"))
    switchboard.at(1, call("two"))
    switchboard.everywhere { _ in call("last") }
    try await self.settle(switchboard)
    for loop in 0..<3 { #expect(record[loop] == ["before"]) }
    goOn.signal()
    try await slow.get()
    try await self.settle(switchboard)
    for loop in 0..<3 {
      let alone = loop == 1 ? ["one", "two"] : []
      #expect(record[loop] == ["before", "slow", "late", "three 3"] + alone + ["last"])
    }
    try await first.shutdownGracefully()
  }

  @Test("what many threads call is carried out once, in one order on all loops, and each thread's in its own")
  func order() async throws {
    let switchboard = self.makeSwitchboard()
    let record = Record()
    let count = 3_000
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          for number in 0..<count {
            let text = "\(thread) \(number)"
            switch number % 5 {
            case 0: switchboard.at(number % 3) { record.add("at \(text)", $0) }
            case 1: switchboard.at(SocketID(loop: number % 3, slot: 0, count: 0)) { record.add("at \(text)", $0) }
            case 2: switchboard.everywhere(taking: 1 + number % 4) { _ in { record.add(text, $0) } }
            default: switchboard.everywhere { _ in { record.add(text, $0) } }
            }
          }
        }
      }
    }
    try await self.settle(switchboard)
    let all = (0..<3).map { record[$0].filter { !$0.hasPrefix("at") } }
    #expect(all[0].count == 4 * count * 3 / 5)
    #expect(all[0] == all[1] && all[0] == all[2])
    var alone = 0
    for loop in 0..<3 {
      var next = Array(repeating: 0, count: 4)
      for text in record[loop] {
        let words = text.split(separator: " ")
        let (thread, number) = (Int(words[words.count - 2]) ?? 0, Int(words[words.count - 1]) ?? 0)
        try #require(number >= next[thread])
        next[thread] = number + 1
        if words.count == 3 { alone += 1 }
      }
    }
    #expect(alone == 4 * count * 2 / 5)
  }
}
