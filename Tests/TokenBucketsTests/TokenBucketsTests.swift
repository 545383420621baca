import Testing
import TokenBuckets

struct TokenBucketsTests {
  private static let second: UInt64 = 1_000_000_000
  private let start: UInt64 = 1000 * second

  private func key(_ number: UInt64, limit: UInt16 = 0) -> TokenBuckets.Key {
    TokenBuckets.Key(limit: limit, high: 0, low: number)
  }

  @Test func `a full bucket gives what it holds, then one token each interval`() {
    let rate = TokenRate(50, per: .seconds(1), burst: 100)
    var buckets = TokenBuckets(capacity: 8)
    for left in (0..<100).reversed() {
      let outcome = buckets.spend(key(1), rate: rate, now: start)
      #expect(outcome.isAllowed && outcome.remaining == UInt64(left))
    }
    #expect(
      buckets.spend(key(1), rate: rate, now: start)
        == .init(isAllowed: false, remaining: 0, nextToken: Self.second / 50))
    #expect(!buckets.spend(key(1), rate: rate, now: start + Self.second / 50 - 1).isAllowed)
    #expect(buckets.spend(key(1), rate: rate, now: start + Self.second / 50).isAllowed)
    #expect(!buckets.spend(key(1), rate: rate, now: start + Self.second / 50).isAllowed)
  }

  @Test func `who waits as long as was told gets its token, and not before`() {
    let rate = TokenRate(7, per: .seconds(3), burst: 7)
    var buckets = TokenBuckets(capacity: 8)
    var now = start
    var random = SystemRandomNumberGenerator()
    for _ in 0..<1000 {
      let outcome = buckets.spend(key(1), rate: rate, now: now)
      if !outcome.isAllowed {
        #expect(outcome.nextToken > 0)
        #expect(!buckets.spend(key(1), rate: rate, now: now + outcome.nextToken - 1).isAllowed)
        now += outcome.nextToken
        #expect(buckets.spend(key(1), rate: rate, now: now).isAllowed)
      }
      now += UInt64.random(in: 0...Self.second, using: &random)
    }
  }

  @Test func `a bucket is never fuller than full`() {
    let rate = TokenRate(1, per: .seconds(1), burst: 3)
    var buckets = TokenBuckets(capacity: 8)
    #expect(buckets.spend(key(1), rate: rate, now: start).isAllowed)
    let later = start + 3600 * Self.second
    #expect(buckets.spend(key(1), rate: rate, now: later).remaining == 2)
  }

  @Test func `keys and limits have buckets of their own`() {
    let rate = TokenRate(1, per: .seconds(1), burst: 1)
    var buckets = TokenBuckets(capacity: 8)
    #expect(buckets.spend(key(1), rate: rate, now: start).isAllowed)
    #expect(buckets.spend(key(2), rate: rate, now: start).isAllowed)
    #expect(buckets.spend(key(1, limit: 1), rate: rate, now: start).isAllowed)
    #expect(!buckets.spend(key(1), rate: rate, now: start).isAllowed)
  }

  @Test func `what is refused costs nothing, and what is given back neither`() {
    let rate = TokenRate(1, per: .seconds(1), burst: 2)
    var buckets = TokenBuckets(capacity: 8)
    for _ in 0..<2 { #expect(buckets.spend(key(1), rate: rate, now: start).isAllowed) }
    for _ in 0..<10 { #expect(!buckets.spend(key(1), rate: rate, now: start).isAllowed) }
    #expect(buckets.spend(key(1), rate: rate, now: start + Self.second).isAllowed)
    buckets.giveBack(key(1), rate: rate, now: start + Self.second)
    #expect(buckets.spend(key(1), rate: rate, now: start + Self.second).isAllowed)
    buckets.giveBack(key(9), rate: rate, now: start)
    #expect(buckets.spend(key(9), rate: rate, now: start).remaining == 1)
  }

  /// The memory that a flood of addresses takes is that of the beginning, and it does not free who spent much.
  @Test func `a flood of keys makes no more buckets, and leaves the emptiest`() {
    let rate = TokenRate(5, per: .seconds(3600), burst: 5)
    var buckets = TokenBuckets(capacity: 1024)
    for _ in 0..<5 { #expect(buckets.spend(key(.max), rate: rate, now: start).isAllowed) }
    for number in 0..<100_000 { #expect(buckets.spend(key(UInt64(number)), rate: rate, now: start).isAllowed) }
    #expect(buckets.count(now: start) <= 1024)
    #expect(!buckets.spend(key(.max), rate: rate, now: start).isAllowed)
    #expect(buckets.count(now: start + 3600 * Self.second) == 0)
  }

  @Test func `what was spent is told once, and charged elsewhere`() {
    let rate = TokenRate(10, per: .seconds(1), burst: 10)
    var here = TokenBuckets(capacity: 64, tellLimit: 512)
    var there = TokenBuckets(capacity: 64, tellLimit: 512)
    for _ in 0..<7 { _ = here.spend(key(1), rate: rate, now: start) }
    let spendings = here.takeSpendings()
    #expect(spendings == [.init(key: key(1), count: 7)])
    #expect(here.takeSpendings().isEmpty)
    _ = here.spend(key(1), rate: rate, now: start)
    #expect(here.takeSpendings() == [.init(key: key(1), count: 1)])
    for spending in spendings { there.charge(spending, rate: rate, now: start) }
    #expect(there.takeSpendings().isEmpty)
    #expect(there.spend(key(1), rate: rate, now: start).remaining == 2)
  }

  @Test func `what was spent elsewhere takes no more than there is`() {
    let rate = TokenRate(1, per: .seconds(86_400), burst: 1_000_000)
    var buckets = TokenBuckets(capacity: 8)
    for _ in 0..<3 { buckets.charge(.init(key: key(1), count: .max), rate: rate, now: start) }
    #expect(
      buckets.spend(key(1), rate: rate, now: start)
        == .init(isAllowed: false, remaining: 0, nextToken: rate.interval))
  }

  @Test func `no more keys are told of than there may be, and the others later`() {
    let rate = TokenRate(1, per: .seconds(1), burst: 9)
    var buckets = TokenBuckets(capacity: 1 << 13, tellLimit: 512)
    for _ in 0..<2 { for number in 0..<513 { _ = buckets.spend(key(UInt64(number)), rate: rate, now: start) } }
    #expect(buckets.takeSpendings().map(\.count) == Array(repeating: 2, count: 512))
    #expect(buckets.takeSpendings().isEmpty)
    _ = buckets.spend(key(512), rate: rate, now: start)
    #expect(buckets.takeSpendings() == [.init(key: key(512), count: 3)])
  }

  @Test(arguments: [0.001, 0.5, 1, 3, 1000])
  func `a scale multiplies both what comes in and what is held`(scale: Double) {
    let rate = TokenRate(600, per: .seconds(60), burst: 600, scale: scale)
    #expect(rate.interval == UInt64((100_000_000 / scale).rounded()))
    #expect(rate.capacity == max(1, UInt64(600 * scale)))
  }

  @Test func `the largest numbers fit`() {
    let rate = TokenRate(1, per: .seconds(1_000_000_000_000), burst: .max, scale: 0.001)
    var buckets = TokenBuckets(capacity: 8)
    #expect(buckets.spend(key(1), rate: rate, now: 1 << 61).isAllowed)
    #expect(TokenRate(.max, per: .nanoseconds(1), burst: .max, scale: 1e300).interval == 1)
  }
}
