/// A socket in a room.
struct RoomMember {
  let slot: UInt32
  /// Where the slot's list of memberships names the room.
  var membership: UInt32
}

/// The members of a room, in no order. Many rooms have one or two: these have no array.
enum RoomMembers {
  case none
  case one(RoomMember)
  case two(RoomMember, RoomMember)
  case many([RoomMember])

  var isEmpty: Bool {
    if case .none = self { true } else { false }
  }

  var count: Int {
    switch self {
    case .none: 0
    case .one: 1
    case .two: 2
    case .many(let members): members.count
    }
  }

  /// Those of the moment: for many, no copy is made.
  var list: [RoomMember] {
    switch self {
    case .none: []
    case .one(let first): [first]
    case .two(let first, let second): [first, second]
    case .many(let members): members
    }
  }

  /// - Returns: The member's position.
  mutating func append(_ member: RoomMember) -> UInt32 {
    switch self {
    case .none:
      self = .one(member)
      return 0
    case .one(let first):
      self = .two(first, member)
      return 1
    case .two(let first, let second):
      self = .many([first, second, member])
      return 2
    case .many(var members):
      // Without this, the array would be copied.
      self = .none
      members.append(member)
      self = .many(members)
      return UInt32(members.count - 1)
    }
  }

  /// - Returns: The member that takes the position of the one that goes, if another one does.
  mutating func remove(at position: UInt32) -> RoomMember? {
    switch self {
    case .none: return nil
    case .one:
      self = .none
      return nil
    case .two(let first, let second):
      self = .one(position == 0 ? second : first)
      return position == 0 ? second : nil
    case .many(var members):
      self = .none
      let last = members.removeLast()
      let isLast = Int(position) == members.count
      if !isLast { members[Int(position)] = last }
      // Not at two, so that one who comes and goes makes no array each time.
      self = members.count == 1 ? .one(members[0]) : .many(members)
      return isLast ? nil : last
    }
  }

  /// Notes where the member at a position has its membership now.
  mutating func move(at position: UInt32, to membership: UInt32) {
    switch self {
    case .none: break
    case .one(var first):
      first.membership = membership
      self = .one(first)
    case .two(var first, var second):
      if position == 0 { first.membership = membership } else { second.membership = membership }
      self = .two(first, second)
    case .many(var members):
      self = .none
      members[Int(position)].membership = membership
      self = .many(members)
    }
  }
}
