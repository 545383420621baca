import LimitsProtocol
import ProtocolRuntime
import Synchronization
import Testing
import TokenBuckets

/// Limits on several nodes, without a network: what a limiter asks others, and what it hears of them.
@Suite struct SharedLimitsTests {
  /// One bucket for all, and who asked for it.
  private final class Together: RateLimiter.Nodes {
    let buckets = Mutex(TokenBuckets(capacity: 64))
    let isReachable = Mutex(true)
    let asked = Mutex<[String]>([])

    func spend(_ key: TokenBuckets.Key, of name: StaticString, rate: TokenRate) async -> TokenBuckets.Outcome? {
      guard isReachable.withLock({ $0 }) else { return nil }
      asked.withLock { $0.append(name.description) }
      return buckets.withLock { $0.spend(key, rate: rate, now: 1_000_000_000) }
    }
  }

  private let together = Together()

  private func node() -> RateLimiter { RateLimiter(rateLimits, nodes: together) { 1_000_000_000 } }

  /// As the table of the fixture has them.
  private let user = 1
  private let login = 3

  private func spend(_ node: RateLimiter, _ limit: Int, _ spender: RateLimiter.Spender) async -> Int? {
    var report = RateLimitReport()
    do {
      if limit == login {
        try await node.spendAsking(limit, spender, &report)
      } else {
        try node.spend(limit, spender, &report)
      }
      return report.nearest?.remaining
    } catch { return nil }
  }

  @Test func `what asks first is counted by all nodes together`() async {
    let (one, other) = (node(), node())
    let ada = RateLimiter.Spender.account("ada", address: "192.0.2.1")
    #expect(await spend(one, login, ada) == 2)
    #expect(await spend(other, login, ada) == 1)
    #expect(await spend(one, login, ada) == 0)
    #expect(await spend(other, login, ada) == nil)
    #expect(together.asked.withLock { $0 } == Array(repeating: "login/ip+account", count: 4))
  }

  @Test func `what the others refuse takes nothing here, and where nobody answers one's own word counts`() async {
    let (one, other) = (node(), node())
    let ada = RateLimiter.Spender.account("ada", address: "192.0.2.1")
    for left in [2, 1, 0] { #expect(await spend(one, login, ada) == left) }
    for _ in 0..<5 { #expect(await spend(other, login, ada) == nil) }
    together.isReachable.withLock { $0 = false }
    for left in [2, 1, 0] { #expect(await spend(other, login, ada) == left) }
    #expect(await spend(other, login, ada) == nil)
    // What this node refuses by itself it does not ask for.
    together.isReachable.withLock { $0 = true }
    let asked = together.asked.withLock { $0.count }
    #expect(await spend(one, login, ada) == nil)
    #expect(together.asked.withLock { $0.count } == asked)
  }

  @Test func `what is told of one node is charged on the other`() async {
    let (one, other) = (node(), node())
    let ada = RateLimiter.Spender.user(UUID(high: 1, low: 2))
    for left in [3, 2, 1] { #expect(await spend(one, user, ada) == left) }
    let told = one.takeSpendings()
    #expect(told.map(\.name.description) == ["user"])
    #expect(told.map(\.spending.count) == [3])
    for (name, spending) in told { other.charge(spending, of: name.description) }
    #expect(await spend(other, user, ada) == 0)
    #expect(await spend(other, user, ada) == nil)
    // What was charged is not told again, and a limit of another version is none of this one's.
    #expect(other.takeSpendings().map(\.spending.count) == [1])
    for (_, spending) in told { one.charge(spending, of: "another") }
    #expect(await spend(one, user, ada) == 0)
  }

  @Test func `a node by itself tells nothing, and one without limits hears nothing`() async {
    let alone = RateLimiter(rateLimits) { 1_000_000_000 }
    #expect(await spend(alone, user, .user(UUID(high: 1, low: 2))) == 3)
    #expect(alone.takeSpendings().isEmpty)
    RateLimiter.off.charge(.init(key: .init(limit: 0, high: 1, low: 2), count: 1), of: "user")
    #expect(RateLimiter.off.takeSpendings().isEmpty)
  }
}
