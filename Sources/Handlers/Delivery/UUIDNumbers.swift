import ProtocolRuntime

/// Small numbers for UUIDs that this node made, so that what belongs to them can lie in an array.
///
/// A UUID costs 23 bytes or so. In a dictionary, which keeps its values in a table that is only partly full, what belongs
/// to each would cost twice its size.
struct UUIDNumbers {
  /// By number.
  private var keys: [UUID] = []
  private var free: [UInt32] = []
  /// Open addressing with linear probing: a number plus 1, or 0.
  private var table: [UInt32] = [0, 0]
  private var count = 0

  /// Those that have a number.
  var all: [UUID] { table.compactMap { $0 == 0 ? nil : keys[Int($0 - 1)] } }

  /// The UUID that has the number.
  func key(of number: UInt32) -> UUID { keys[Int(number)] }

  func number(of key: UUID) -> UInt32? {
    var place = home(of: key)
    while table[place] != 0 {
      if keys[Int(table[place] - 1)] == key { return table[place] - 1 }
      place = next(place)
    }
    return nil
  }

  /// Gives a number to a UUID that has none: a new one, behind all others, or one that was released.
  mutating func add(_ key: UUID) -> UInt32 {
    let number: UInt32
    if let released = free.popLast() {
      number = released
      keys[Int(number)] = key
    } else {
      number = UInt32(keys.count)
      keys.append(key)
    }
    count += 1
    // At most three quarters are taken, so that a search ends soon.
    if count * 4 > table.count * 3 {
      let old = table
      table = Array(repeating: 0, count: old.count * 2)
      for entry in old where entry != 0 { put(entry - 1) }
    }
    put(number)
    return number
  }

  /// The UUID has no number any more; nobody gets it before it is released.
  mutating func remove(_ number: UInt32) {
    var gap = home(of: keys[Int(number)])
    while table[gap] != number + 1 { gap = next(gap) }
    // What lies behind the gap because its own place was taken moves into it.
    var place = next(gap)
    while table[place] != 0 {
      let mask = table.count - 1
      let distance = (place &- home(of: keys[Int(table[place] - 1)])) & mask
      if distance >= (place &- gap) & mask {
        table[gap] = table[place]
        gap = place
      }
      place = next(place)
    }
    table[gap] = 0
    count -= 1
  }

  mutating func release(_ number: UInt32) {
    free.append(number)
  }

  private mutating func put(_ number: UInt32) {
    var place = home(of: keys[Int(number)])
    while table[place] != 0 { place = next(place) }
    table[place] = number + 1
  }

  private func next(_ place: Int) -> Int { (place + 1) & (table.count - 1) }

  /// Clients have no say in the UUIDs: their last bits, but for those that chose the shard, are as good as a hash.
  private func home(of key: UUID) -> Int {
    Int(truncatingIfNeeded: key.low >> 8) & (table.count - 1)
  }
}
