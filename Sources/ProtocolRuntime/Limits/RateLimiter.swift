import Synchronization
import TokenBuckets

/// The limits of a spec at work: counts what users, addresses and accounts ask for, and refuses what is too much.
///
/// It counts on this node. What was spent elsewhere comes by ``charge(_:)``, and what was spent here is taken by
/// ``takeSpendings()``; a limit that says so asks the other nodes first.
public final class RateLimiter: Sendable {
  /// What nodes know together.
  public protocol Nodes: Sendable {
    /// Takes a token from the bucket that all nodes share.
    ///
    /// - Parameter name: of the limit.
    /// - Returns: nil where nobody can be asked, or not in time: then this node's word counts.
    func spend(_ key: TokenBuckets.Key, of name: StaticString, rate: TokenRate) async -> TokenBuckets.Outcome?
  }

  private struct Entry: Sendable {
    let limit: RateLimit
    let rate: TokenRate
    let policy: RateLimitPolicy

    init(_ limit: RateLimit, scale: Double) {
      self.limit = limit
      rate = TokenRate(limit.limit, per: .seconds(limit.seconds), burst: limit.burst, scale: scale)
      policy = RateLimitPolicy(
        limit.name, quota: rate.capacity, window: max(1, (rate.filling + 999_999_999) / 1_000_000_000))
    }
  }

  /// One lock for a part of the keys each: requests of different users seldom meet.
  private final class Shard: Sendable {
    let buckets: Mutex<TokenBuckets>

    init(capacity: Int, tellLimit: Int) { buckets = Mutex(TokenBuckets(capacity: capacity, tellLimit: tellLimit)) }
  }

  private static let shardCount = 8
  /// Buckets that are not full, at most: 1 MiB of them. A user's is full again a moment after its last request, so this
  /// is for many times the users that two cores can serve; of the addresses of a flood those that asked for least are
  /// forgotten.
  private static let bucketLimit = 32_768
  /// Of how many buckets other nodes are told at once.
  private static let tellLimit = 4096

  private let entries: [Entry]
  /// Where each is, by its name.
  private let places: [String: Int]
  private let shards: [Shard]
  private let nodes: (any Nodes)?
  private let clock: @Sendable () -> UInt64

  /// - Parameters:
  ///   - limits: the generated table.
  ///   - scale: multiplies all limits; 0 turns them off.
  ///   - nodes: the other nodes; nil where there are none.
  ///   - clock: nanoseconds, never going back.
  public init(
    _ limits: [RateLimit], scale: Double = 1, nodes: (any Nodes)? = nil, clock: @escaping @Sendable () -> UInt64
  ) {
    self.nodes = nodes
    self.clock = clock
    entries = scale > 0 ? limits.map { Entry($0, scale: scale) } : []
    shards =
      entries.isEmpty
      ? []
      : (0..<Self.shardCount).map { _ in
        Shard(
          capacity: Self.bucketLimit / Self.shardCount, tellLimit: nodes == nil ? 0 : Self.tellLimit / Self.shardCount)
      }
    places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.limit.name.description, $0) })
  }

  /// One that refuses nothing.
  public static let off = RateLimiter([], clock: { 0 })

  // MARK: - Spending

  /// Whom a limit counts.
  public enum Spender: Sendable {
    case user(UUID)
    case address(String)
    case account(String, address: String)
  }

  /// Takes a token of this node's.
  ///
  /// - Parameters:
  ///   - limit: its place in the table.
  ///   - report: is told how the limit stands.
  /// - Throws: `ProblemDetails` `too_many_requests`.
  public func spend(_ limit: Int, _ spender: Spender, _ report: inout RateLimitReport) throws {
    guard !entries.isEmpty else { return }
    try require(spend(limit, key(limit, spender)), limit, &report)
  }

  /// Takes a token of all nodes'. See ``spend(_:_:_:)``.
  public func spendAsking(_ limit: Int, _ spender: Spender, _ report: inout RateLimitReport) async throws {
    guard !entries.isEmpty else { return }
    try await require(spendAsking(limit, key(limit, spender)), limit, &report)
  }

  /// A request without a valid token counts against its address.
  ///
  /// - Returns: the problem, or `too_many_requests` in its place.
  public func counting(
    _ problem: ProblemDetails, against limit: Int, address: String, _ report: inout RateLimitReport
  ) -> ProblemDetails {
    guard problem.code == "unauthorized" else { return problem }
    do {
      try spend(limit, .address(address), &report)
      return problem
    } catch {
      return ProblemDetails(error)
    }
  }

  // MARK: - Other nodes

  /// What was spent here since this was called last: see `TokenBuckets.takeSpendings`.
  public func takeSpendings() -> [(name: StaticString, spending: TokenBuckets.Spending)] {
    shards.flatMap { shard in
      shard.buckets.withLock { $0.takeSpendings() }.map { (entries[Int($0.key.limit)].limit.name, $0) }
    }
  }

  /// What was spent on other nodes. A limit that this node does not have is left out.
  ///
  /// - Parameter spending: with any limit in its key; `name` says which it is.
  public func charge(_ spending: TokenBuckets.Spending, of name: String) {
    guard let limit = places[name] else { return }
    var spending = spending
    spending.key.limit = UInt16(limit)
    shard(of: spending.key).buckets.withLock { $0.charge(spending, rate: entries[limit].rate, now: clock()) }
  }

  // MARK: - Keys

  private func key(_ limit: Int, _ spender: Spender) -> TokenBuckets.Key {
    switch spender {
    case .user(let user): TokenBuckets.Key(limit: UInt16(limit), high: user.high, low: user.low)
    case .address(let address): TokenBuckets.Key(limit: UInt16(limit), high: ClientNetwork(address).bits, low: 0)
    case .account(let account, let address):
      TokenBuckets.Key(limit: UInt16(limit), high: ClientNetwork(address).bits, low: Self.hash(account))
    }
  }

  /// Accounts are told apart by a hash, and by the network as it is: who finds two accounts with one hash makes its own
  /// limit narrower. It is the same hash on all nodes (FNV-1a), of the name without regard to case.
  private static func hash(_ account: String) -> UInt64 {
    account.lowercased().utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private func shard(of key: TokenBuckets.Key) -> Shard {
    // Other bits than those by which a bucket is found.
    shards[Int(truncatingIfNeeded: ((key.high ^ key.low) &* 0x9e37_79b9_7f4a_7c15) >> 61)]
  }

  // MARK: - Buckets

  private func spend(_ limit: Int, _ key: TokenBuckets.Key) -> TokenBuckets.Outcome {
    let now = clock()
    return shard(of: key).buckets.withLock { $0.spend(key, rate: entries[limit].rate, now: now) }
  }

  private func spendAsking(_ limit: Int, _ key: TokenBuckets.Key) async -> TokenBuckets.Outcome {
    let own = spend(limit, key)
    let entry = entries[limit]
    guard own.isAllowed, let shared = await nodes?.spend(key, of: entry.limit.name, rate: entry.rate) else {
      return own
    }
    if !shared.isAllowed {
      shard(of: key).buckets.withLock { $0.giveBack(key, rate: entry.rate, now: clock()) }
      return shared
    }
    return own.remaining < shared.remaining ? own : shared
  }

  private func require(_ outcome: TokenBuckets.Outcome, _ limit: Int, _ report: inout RateLimitReport) throws {
    let entry = entries[limit]
    let seconds = Int((outcome.nextToken + 999_999_999) / 1_000_000_000)
    report.note(RateLimitState(policy: entry.policy, remaining: Int(outcome.remaining), reset: seconds))
    if outcome.isAllowed { return }
    let wait = max(1, seconds)
    throw ProblemDetails(
      "too_many_requests", "Too many requests. Try again in \(wait == 1 ? "1 second" : "\(wait) seconds").",
      retryAfter: wait)
  }
}
