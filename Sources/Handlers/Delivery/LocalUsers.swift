/// A set of users by the numbers that the registry gave them.
///
/// There is one for each chat, and most chats have one or two: these need no array. The array is sorted.
struct LocalUsers: Sequence {
  private enum Storage {
    case none
    case one(UInt32)
    case two(UInt32, UInt32)
    case many([UInt32])
  }

  private var storage = Storage.none

  var isEmpty: Bool {
    if case .none = storage { true } else { false }
  }

  func contains(_ user: UInt32) -> Bool {
    switch storage {
    case .none: false
    case .one(let only): only == user
    case .two(let first, let second): first == user || second == user
    case .many(let users): Self.position(of: user, in: users).isThere
    }
  }

  /// - Returns: false if the user was there.
  @discardableResult
  mutating func insert(_ user: UInt32) -> Bool {
    switch storage {
    case .none: storage = .one(user)
    case .one(let only):
      guard only != user else { return false }
      storage = .two(only, user)
    case .two(let first, let second):
      guard first != user, second != user else { return false }
      storage = .many([first, second, user].sorted())
    case .many(var users):
      let (index, isThere) = Self.position(of: user, in: users)
      guard !isThere else { return false }
      // Without this, the array would be copied.
      storage = .none
      users.insert(user, at: index)
      storage = .many(users)
    }
    return true
  }

  mutating func remove(_ user: UInt32) {
    switch storage {
    case .none: break
    case .one(let only): if only == user { storage = .none }
    case .two(let first, let second):
      if first == user { storage = .one(second) }
      if second == user { storage = .one(first) }
    case .many(var users):
      let (index, isThere) = Self.position(of: user, in: users)
      guard isThere else { return }
      storage = .none
      users.remove(at: index)
      // Not at two, so that one who comes and goes makes no array each time.
      storage = users.count == 1 ? .one(users[0]) : .many(users)
    }
  }

  func makeIterator() -> IndexingIterator<[UInt32]> {
    switch storage {
    case .none: [].makeIterator()
    case .one(let only): [only].makeIterator()
    case .two(let first, let second): [first, second].makeIterator()
    case .many(let users): users.makeIterator()
    }
  }

  private static func position(of user: UInt32, in users: [UInt32]) -> (index: Int, isThere: Bool) {
    var low = 0
    var high = users.count
    while low < high {
      let middle = (low + high) / 2
      if users[middle] < user { low = middle + 1 } else { high = middle }
    }
    return (low, low < users.count && users[low] == user)
  }
}
