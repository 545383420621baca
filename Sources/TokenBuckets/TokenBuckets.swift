/// Buckets of tokens, one for each key that spends: pure counting, with the clock passed in.
///
/// A bucket is kept as the moment at which it will be full again (the virtual scheduling algorithm, ITU-T I.371 annex A):
/// a full one need not be kept, for a key without a bucket has a full one. So a key is remembered for no longer than it
/// matters, nothing has to be swept, and a token costs one addition.
///
/// Memory is fixed from the beginning, whatever keys come: buckets lie in sets of eight, a key's set is found by a hash
/// with the process's secret seed, and where all eight of a set are in use a new key takes the place of the one that is
/// the nearest to full. So who floods it with keys loses those that spent little, not those that spent much.
public struct TokenBuckets: Sendable {
  /// Whose bucket it is.
  public struct Key: Sendable, Hashable {
    /// Which limit of several.
    public var limit: UInt16
    public var high: UInt64
    public var low: UInt64

    public init(limit: UInt16, high: UInt64, low: UInt64) {
      self.limit = limit
      self.high = high
      self.low = low
    }
  }

  /// What became of a wish to spend.
  public struct Outcome: Sendable, Equatable {
    public var isAllowed: Bool
    /// Tokens that are left.
    public var remaining: UInt64
    /// Nanoseconds until there is one more; 0 for a full bucket.
    public var nextToken: UInt64

    public init(isAllowed: Bool, remaining: UInt64, nextToken: UInt64) {
      self.isAllowed = isAllowed
      self.remaining = remaining
      self.nextToken = nextToken
    }

    /// - Parameter debt: nanoseconds until the bucket is full.
    public init(isAllowed: Bool, debt: UInt64, rate: TokenRate) {
      // A rate may have become slower than it was when the debt was made.
      remaining = debt < rate.filling ? (rate.filling - debt) / rate.interval : 0
      nextToken = debt == 0 ? 0 : debt + rate.interval - (rate.filling - remaining * rate.interval)
      self.isAllowed = isAllowed
    }
  }

  /// What a key spent since it was last asked for.
  public struct Spending: Sendable, Hashable {
    public var key: Key
    /// Tokens, at least 1.
    public var count: UInt32

    public init(key: Key, count: UInt32) {
      self.key = key
      self.count = count
    }
  }

  private struct Bucket {
    var high: UInt64 = 0
    var low: UInt64 = 0
    /// 0: nobody's yet.
    var fullAt: UInt64 = 0
    var limit: UInt16 = 0
    /// Whether its place is among those with something to tell of.
    var isListed = false
    /// Tokens of which nobody has been told.
    var untold: UInt32 = 0

    func isOf(_ key: Key) -> Bool { high == key.high && low == key.low && limit == key.limit && fullAt > 0 }
  }

  private static let ways = 8

  private var buckets: [Bucket]
  private let mask: Int
  private let tellLimit: Int
  /// Where buckets are with something to tell of.
  private var unsettled: [UInt32] = []

  /// - Parameters:
  ///   - capacity: how many buckets there are, 32 bytes each: a power of two from 8 to 2^24.
  ///   - tellLimit: of how many keys ``takeSpendings()`` tells at once; 0 where it is never called.
  public init(capacity: Int, tellLimit: Int = 0) {
    precondition(
      capacity >= Self.ways && capacity <= 1 << 24 && capacity & (capacity - 1) == 0, "a capacity is a power of two")
    buckets = Array(repeating: Bucket(), count: capacity)
    mask = capacity / Self.ways - 1
    self.tellLimit = tellLimit
  }

  // MARK: - Spending

  /// Takes a token, or nothing where there is none.
  ///
  /// - Parameter now: nanoseconds of a clock that never goes back, above 0 and below 2^62.
  public mutating func spend(_ key: Key, rate: TokenRate, now: UInt64) -> Outcome {
    let place = place(of: key, now: now)
    let debt = debt(place, of: key, now: now)
    guard debt + rate.interval <= rate.filling else { return Outcome(isAllowed: false, debt: debt, rate: rate) }
    set(place, key, fullAt: now + debt + rate.interval)
    if tellLimit > 0 { noteSpending(place) }
    return Outcome(isAllowed: true, debt: debt + rate.interval, rate: rate)
  }

  /// Gives the token back that was spent last: what it was for has not been done.
  public mutating func giveBack(_ key: Key, rate: TokenRate, now: UInt64) {
    let place = place(of: key, now: now)
    guard buckets[place].isOf(key) else { return }
    buckets[place].fullAt -= min(rate.interval, buckets[place].fullAt - 1)
    if buckets[place].untold > 0 { buckets[place].untold -= 1 }
  }

  /// Takes what was spent elsewhere, and no more than there is.
  public mutating func charge(_ spending: Spending, rate: TokenRate, now: UInt64) {
    let place = place(of: spending.key, now: now)
    let cost = min(UInt64(spending.count), rate.capacity) * rate.interval
    let debt = min(debt(place, of: spending.key, now: now) + cost, rate.filling)
    set(place, spending.key, fullAt: now + debt)
  }

  /// What was spent and has not been told. Of keys that are more than it may tell of, it tells when they spend again.
  public mutating func takeSpendings() -> [Spending] {
    var spendings: [Spending] = []
    for place in unsettled.map(Int.init) {
      let bucket = buckets[place]
      buckets[place].isListed = false
      guard bucket.untold > 0 else { continue }
      spendings.append(
        Spending(key: Key(limit: bucket.limit, high: bucket.high, low: bucket.low), count: bucket.untold))
      buckets[place].untold = 0
    }
    unsettled.removeAll(keepingCapacity: true)
    return spendings
  }

  /// Buckets that are not full.
  public func count(now: UInt64) -> Int { buckets.count { $0.fullAt > now } }

  // MARK: - Places

  /// Where the key's bucket is, or is to be.
  private func place(of key: Key, now: UInt64) -> Int {
    // Swift seeds its hashes anew in each process.
    let first = (key.hashValue & mask) * Self.ways
    return buckets.withUnsafeBufferPointer { buckets in
      var nearest = first
      for place in first..<first + Self.ways {
        if buckets[place].isOf(key) { return place }
        if buckets[place].fullAt < buckets[nearest].fullAt { nearest = place }
      }
      return nearest
    }
  }

  /// Nanoseconds until the bucket is full.
  private func debt(_ place: Int, of key: Key, now: UInt64) -> UInt64 {
    guard buckets[place].isOf(key), buckets[place].fullAt > now else { return 0 }
    return buckets[place].fullAt - now
  }

  private mutating func set(_ place: Int, _ key: Key, fullAt: UInt64) {
    if buckets[place].isOf(key) {
      buckets[place].fullAt = fullAt
    } else {
      buckets[place] = Bucket(
        high: key.high, low: key.low, fullAt: fullAt, limit: key.limit, isListed: buckets[place].isListed)
    }
  }

  private mutating func noteSpending(_ place: Int) {
    if buckets[place].untold < .max { buckets[place].untold += 1 }
    guard !buckets[place].isListed, unsettled.count < tellLimit else { return }
    buckets[place].isListed = true
    unsettled.append(UInt32(place))
  }

}
