/// Numbers for rooms by their names.
///
/// There may be ten times as many rooms as connections, so a name costs its bytes and 15 more; as a `String` in a
/// dictionary it would cost 200. The bytes of all names lie one behind the other, at most 4 GiB. Two names are the same
/// if their bytes are.
struct RoomNames {
  private struct Name {
    let start: UInt32
    let length: UInt32

    var range: Range<Int> { Int(self.start)..<Int(self.start) + Int(self.length) }
  }

  private var bytes: [UInt8] = []
  /// Of these, how many are of names that are not used any more.
  private var unused = 0
  /// By number; nothing for numbers that are free.
  private var names: [Name] = []
  private var free: [UInt32] = []
  /// Open addressing with linear probing: a number plus 1, or 0.
  private var table: [UInt32] = [0, 0]

  var count: Int { self.names.count - self.free.count }

  func text(_ number: UInt32) -> String {
    String(decoding: self.bytes[self.names[Int(number)].range], as: UTF8.self)
  }

  func number(of text: String) -> UInt32? {
    var text = text
    return text.withUTF8 { text in
      var place = self.hash(text)
      while self.table[place] != 0 {
        let number = self.table[place] - 1
        if self.bytes(of: number, { UnsafeRawBufferPointer($0).hasSameBytes(as: UnsafeRawBufferPointer(text)) }) {
          return number
        }
        place = self.next(place)
      }
      return nil
    }
  }

  /// Gives a number to a name that has none: a new one, behind all others, or one that was removed.
  mutating func add(_ text: String) -> UInt32 {
    var text = text
    let name = text.withUTF8 { text in
      let start = self.bytes.count
      self.bytes.append(contentsOf: text)
      return Name(start: UInt32(start), length: UInt32(text.count))
    }
    let number: UInt32
    if let freed = self.free.popLast() {
      number = freed
      self.names[Int(freed)] = name
    } else {
      number = UInt32(self.names.count)
      self.names.append(name)
    }
    // At most three quarters are taken, so that a search ends soon.
    if self.count * 4 > self.table.count * 3 { self.grow() }
    self.put(number)
    return number
  }

  mutating func remove(_ number: UInt32) {
    var gap = self.hash(number)
    while self.table[gap] != number + 1 { gap = self.next(gap) }
    // What lies behind the gap because its own place was taken moves into it.
    var place = self.next(gap)
    while self.table[place] != 0 {
      let mask = self.table.count - 1
      let distance = (place &- self.hash(self.table[place] - 1)) & mask
      if distance >= (place &- gap) & mask {
        self.table[gap] = self.table[place]
        gap = place
      }
      place = self.next(place)
    }
    self.table[gap] = 0
    self.unused += Int(self.names[Int(number)].length)
    self.names[Int(number)] = Name(start: 0, length: 0)
    self.free.append(number)
    // Moves no more bytes than have become unused since the last time.
    if self.unused > 4096, self.unused * 2 > self.bytes.count { self.moveTogether() }
  }

  private mutating func moveTogether() {
    var used: [UInt8] = []
    used.reserveCapacity(self.bytes.count - self.unused)
    for number in self.names.indices {
      let name = self.names[number]
      self.names[number] = Name(start: UInt32(used.count), length: name.length)
      used.append(contentsOf: self.bytes[name.range])
    }
    self.bytes = used
    self.unused = 0
  }

  // MARK: - The table

  private mutating func grow() {
    let old = self.table
    self.table = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { self.put(entry - 1) }
  }

  private mutating func put(_ number: UInt32) {
    var place = self.hash(number)
    while self.table[place] != 0 { place = self.next(place) }
    self.table[place] = number + 1
  }

  private func next(_ place: Int) -> Int { (place + 1) & (self.table.count - 1) }

  private func hash(_ number: UInt32) -> Int { self.bytes(of: number, self.hash) }

  private func bytes<Result>(of number: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    self.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[self.names[Int(number)].range])) }
  }

  /// Where a name belongs in the table. Seeded for this process, for clients may have a say in names.
  private func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize() & (self.table.count - 1)
  }
}
