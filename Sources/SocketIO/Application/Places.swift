/// The places for connections, and who holds them: pure counting, in the order of arrival.
///
/// A connection is a newcomer until its first CONNECT is accepted. A newcomer's place is lent: where a new connection
/// finds none, the oldest newcomer makes place for it, so that whoever opens connections and never comes in locks nobody
/// out. What is counted is bounded by the limits, whatever clients do.
struct Places {
  /// See the configuration of the same names.
  struct Limits {
    var connections = Int.max
    var connectionsOfAddress = Int.max
    var newcomersOfAddress = Int.max
  }

  /// A place for a connection. It must be given back.
  struct Place: Sendable, Equatable {
    fileprivate(set) var isNewcomer: Bool
    /// Among newcomers; they count from 1.
    let number: UInt64
    /// nil: not counted by address.
    let address: String?
  }

  /// A newcomer whose place went to another.
  struct Evicted: Equatable {
    let number: UInt64
    let loop: Int
  }

  enum Reservation: Equatable {
    case reserved(Place, evicted: [Evicted])
    case full
    case tooManyOfAddress
  }

  /// Two doubly linked lists, of all newcomers and of those of one address, by number; 0 ends them.
  private struct Newcomer {
    let address: String?
    var loop: Int
    var older: UInt64
    var newer: UInt64 = 0
    var olderOfAddress: UInt64
    var newerOfAddress: UInt64 = 0
  }

  fileprivate struct Queue {
    var oldest: UInt64 = 0
    var newest: UInt64 = 0
    var count = 0
  }

  private(set) var count = 0
  /// All connections of an address, where their number has a limit.
  private var connections: [String: Int] = [:]
  private var newcomers: [UInt64: Newcomer] = [:]
  private var queue = Queue()
  private var queues: [String: Queue] = [:]
  private var lastNumber: UInt64 = 0

  /// - Parameters:
  ///   - address: Whose connection it is; nil: nobody's in particular.
  ///   - loop: Where a newcomer is to be found.
  ///   - isNewcomer: false where there is nothing to come in to.
  mutating func reserve(address: String?, loop: Int, isNewcomer: Bool = true, limits: Limits) -> Reservation {
    var evicted: [Evicted] = []
    let counted = limits.connectionsOfAddress < .max ? address : nil
    if let address {
      if let counted, self.connections[counted, default: 0] >= limits.connectionsOfAddress {
        guard let oldest = self.evict(self.queues[address]?.oldest) else { return .tooManyOfAddress }
        evicted.append(oldest)
      } else if isNewcomer, let queue = self.queues[address], queue.count >= limits.newcomersOfAddress,
        let oldest = self.evict(queue.oldest)
      {
        evicted.append(oldest)
      }
    }
    if self.count >= limits.connections {
      guard let oldest = self.evict(self.queue.oldest) else { return .full }
      evicted.append(oldest)
    }
    self.count += 1
    if let counted { self.connections[counted, default: 0] += 1 }
    self.lastNumber += 1
    // The address of one that is in is forgotten unless it is counted: it costs memory on every connection.
    let place = Place(isNewcomer: isNewcomer, number: self.lastNumber, address: counted)
    if isNewcomer { self.append(self.lastNumber, address: address, loop: loop) }
    return .reserved(place, evicted: evicted)
  }

  /// The connection has come in: its place is its own from now on.
  ///
  /// - Returns: false if the place went to another before.
  mutating func comeIn(_ place: inout Place) -> Bool {
    guard place.isNewcomer else { return true }
    guard self.remove(place.number) != nil else { return false }
    place.isNewcomer = false
    return true
  }

  /// Gives a place back. One that went to another is not.
  mutating func release(_ place: Place) {
    guard !place.isNewcomer || self.remove(place.number) != nil else { return }
    self.giveBack(place.address)
  }

  /// The newcomer is on another loop now.
  ///
  /// - Returns: false if the place went to another before.
  mutating func move(_ place: Place, to loop: Int) -> Bool {
    guard place.isNewcomer else { return true }
    guard self.newcomers[place.number] != nil else { return false }
    self.newcomers[place.number]?.loop = loop
    return true
  }

  private mutating func giveBack(_ counted: String?) {
    self.count -= 1
    guard let counted, let count = self.connections[counted] else { return }
    self.connections[counted] = count > 1 ? count - 1 : nil
  }

  // MARK: - Newcomers

  private mutating func evict(_ number: UInt64?) -> Evicted? {
    guard let number, let newcomer = self.remove(number) else { return nil }
    self.giveBack(newcomer.address)
    return Evicted(number: number, loop: newcomer.loop)
  }

  private mutating func append(_ number: UInt64, address: String?, loop: Int) {
    var ofAddress: UInt64 = 0
    if let address {
      ofAddress = self.queues[address]?.newest ?? 0
      self.queues[address, default: Queue()].append(number)
    }
    self.newcomers[number] = Newcomer(
      address: address, loop: loop, older: self.queue.newest, olderOfAddress: ofAddress)
    self.newcomers[self.queue.newest]?.newer = number
    self.newcomers[ofAddress]?.newerOfAddress = number
    self.queue.append(number)
  }

  private mutating func remove(_ number: UInt64) -> Newcomer? {
    guard let gone = self.newcomers.removeValue(forKey: number) else { return nil }
    self.newcomers[gone.older]?.newer = gone.newer
    self.newcomers[gone.newer]?.older = gone.older
    self.queue.remove(number, between: gone.older, gone.newer)
    guard let address = gone.address else { return gone }
    self.newcomers[gone.olderOfAddress]?.newerOfAddress = gone.newerOfAddress
    self.newcomers[gone.newerOfAddress]?.olderOfAddress = gone.olderOfAddress
    self.queues[address]?.remove(number, between: gone.olderOfAddress, gone.newerOfAddress)
    if self.queues[address]?.count == 0 { self.queues[address] = nil }
    return gone
  }
}

extension Places.Queue {
  fileprivate mutating func append(_ number: UInt64) {
    if self.count == 0 { self.oldest = number }
    self.newest = number
    self.count += 1
  }

  fileprivate mutating func remove(_ number: UInt64, between older: UInt64, _ newer: UInt64) {
    if self.oldest == number { self.oldest = newer }
    if self.newest == number { self.newest = older }
    self.count -= 1
  }
}
