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
    /// Where a newcomer is noted.
    fileprivate let index: Int
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

  /// An element of two doubly linked lists, of all newcomers and of those of one address. -1 ends them.
  private struct Newcomer {
    /// 0: nobody is here.
    var number: UInt64 = 0
    var loop = 0
    /// Whose, in `queues`; -1 for nobody's in particular.
    var queue = -1
    var older = -1
    var newer = -1
    var olderOfAddress = -1
    var newerOfAddress = -1
  }

  fileprivate struct Queue {
    var oldest = -1
    var newest = -1
    var count = 0
    var address = ""
  }

  private(set) var count = 0
  /// All connections of an address, where their number has a limit.
  private var connections: [String: Int] = [:]
  private var newcomers: [Newcomer] = []
  private var queue = Queue()
  private var queues: [Queue] = []
  private var queueOfAddress: [String: Int] = [:]
  /// Where nobody is in `newcomers` and in `queues`.
  private var freeNewcomers: [Int] = []
  private var freeQueues: [Int] = []
  private var lastNumber: UInt64 = 0

  /// - Parameters:
  ///   - address: Whose connection it is; nil: nobody's in particular.
  ///   - loop: Where a newcomer is to be found.
  ///   - isNewcomer: false where there is nothing to come in to.
  mutating func reserve(address: String?, loop: Int, isNewcomer: Bool = true, limits: Limits) -> Reservation {
    var evicted: [Evicted] = []
    let counted = limits.connectionsOfAddress < .max ? address : nil
    let queue = address.flatMap { self.queueOfAddress[$0] }
    if let counted, self.connections[counted, default: 0] >= limits.connectionsOfAddress {
      guard let queue else { return .tooManyOfAddress }
      evicted.append(self.evict(self.queues[queue].oldest))
    } else if isNewcomer, let queue, self.queues[queue].count >= limits.newcomersOfAddress {
      evicted.append(self.evict(self.queues[queue].oldest))
    }
    if self.count >= limits.connections {
      guard self.queue.count > 0 else { return .full }
      evicted.append(self.evict(self.queue.oldest))
    }
    self.count += 1
    if let counted { self.connections[counted, default: 0] += 1 }
    self.lastNumber += 1
    let index = isNewcomer ? self.append(self.lastNumber, address: address, loop: loop) : -1
    // The address of one that is in is forgotten unless it is counted: it costs memory on every connection.
    let place = Place(isNewcomer: isNewcomer, number: self.lastNumber, index: index, address: counted)
    return .reserved(place, evicted: evicted)
  }

  /// The connection has come in: its place is its own from now on.
  ///
  /// - Returns: false if the place went to another before.
  mutating func comeIn(_ place: inout Place) -> Bool {
    guard place.isNewcomer else { return true }
    guard self.isThere(place) else { return false }
    self.remove(place.index)
    place.isNewcomer = false
    return true
  }

  /// Gives a place back. One that went to another is not.
  mutating func release(_ place: Place) {
    if place.isNewcomer {
      guard self.isThere(place) else { return }
      self.remove(place.index)
    }
    self.giveBack(place.address)
  }

  /// The newcomer is on another loop now.
  ///
  /// - Returns: false if the place went to another before.
  mutating func move(_ place: Place, to loop: Int) -> Bool {
    guard place.isNewcomer else { return true }
    guard self.isThere(place) else { return false }
    self.newcomers[place.index].loop = loop
    return true
  }

  private mutating func giveBack(_ counted: String?) {
    self.count -= 1
    guard let counted, let count = self.connections[counted] else { return }
    self.connections[counted] = count > 1 ? count - 1 : nil
  }

  // MARK: - Newcomers

  private func isThere(_ place: Place) -> Bool { self.newcomers[place.index].number == place.number }

  private mutating func evict(_ index: Int) -> Evicted {
    let newcomer = self.newcomers[index]
    let address = newcomer.queue < 0 ? nil : self.queues[newcomer.queue].address
    self.remove(index)
    self.giveBack(address)
    return Evicted(number: newcomer.number, loop: newcomer.loop)
  }

  private mutating func append(_ number: UInt64, address: String?, loop: Int) -> Int {
    var newcomer = Newcomer(number: number, loop: loop, older: self.queue.newest)
    if let address {
      newcomer.queue = self.queue(of: address)
      newcomer.olderOfAddress = self.queues[newcomer.queue].newest
    }
    let index = self.freeNewcomers.popLast() ?? self.newcomers.endIndex
    if index == self.newcomers.endIndex { self.newcomers.append(newcomer) } else { self.newcomers[index] = newcomer }
    if newcomer.older >= 0 { self.newcomers[newcomer.older].newer = index }
    self.queue.append(index)
    guard newcomer.queue >= 0 else { return index }
    if newcomer.olderOfAddress >= 0 { self.newcomers[newcomer.olderOfAddress].newerOfAddress = index }
    self.queues[newcomer.queue].append(index)
    return index
  }

  private mutating func remove(_ index: Int) {
    let gone = self.newcomers[index]
    self.newcomers[index] = Newcomer()
    self.freeNewcomers.append(index)
    if gone.older >= 0 { self.newcomers[gone.older].newer = gone.newer }
    if gone.newer >= 0 { self.newcomers[gone.newer].older = gone.older }
    self.queue.remove(index, between: gone.older, gone.newer)
    guard gone.queue >= 0 else { return }
    if gone.olderOfAddress >= 0 { self.newcomers[gone.olderOfAddress].newerOfAddress = gone.newerOfAddress }
    if gone.newerOfAddress >= 0 { self.newcomers[gone.newerOfAddress].olderOfAddress = gone.olderOfAddress }
    self.queues[gone.queue].remove(index, between: gone.olderOfAddress, gone.newerOfAddress)
    guard self.queues[gone.queue].count == 0 else { return }
    self.queueOfAddress[self.queues[gone.queue].address] = nil
    self.queues[gone.queue] = Queue()
    self.freeQueues.append(gone.queue)
  }

  private mutating func queue(of address: String) -> Int {
    if let index = self.queueOfAddress[address] { return index }
    let index = self.freeQueues.popLast() ?? self.queues.endIndex
    if index == self.queues.endIndex { self.queues.append(Queue()) }
    self.queues[index].address = address
    self.queueOfAddress[address] = index
    return index
  }
}

extension Places.Queue {
  fileprivate mutating func append(_ index: Int) {
    if self.count == 0 { self.oldest = index }
    self.newest = index
    self.count += 1
  }

  fileprivate mutating func remove(_ index: Int, between older: Int, _ newer: Int) {
    if self.oldest == index { self.oldest = newer }
    if self.newest == index { self.newest = older }
    self.count -= 1
  }
}
