/// Who is in which room, among the sockets of one namespace on one event loop.
///
/// Each membership knows its place in both directions, so that leaving moves one entry on each side and searches no
/// room. There are many more memberships than connections: one costs 16 bytes, a room with two members 40 and its name.
struct LoopRooms {
  private struct Membership {
    let room: UInt32
    /// Where the room's members name the slot.
    var position: UInt32
  }

  private var names = RoomNames()
  /// By the number of the room's name.
  private var members: [RoomMembers] = []
  /// By slot.
  private var memberships: [[Membership]] = []
  /// By slot, beside its memberships: the number of the last kept packet before the socket joined (see ``PacketLog``).
  /// Only for sockets that can have their state back; for others it is 0.
  private var joinedAt: [UInt32: [UInt64]] = [:]
  /// Where it is told that a room has its first member or has lost its last; nil where nobody wants to know.
  var watch: RoomWatch?

  /// The number of rooms that have a member. An empty room is none.
  var count: Int { self.names.count }

  /// The names of the rooms that have a member.
  var all: [String] { self.members.indices.filter { !self.members[$0].isEmpty }.map { self.names.text(UInt32($0)) } }

  /// Those of the moment: they stay what they are whoever leaves meanwhile.
  func members(of room: String) -> [RoomMember] {
    self.names.number(of: room).map { self.members[Int($0)].list } ?? []
  }

  func rooms(of slot: UInt32) -> [(name: String, joinedAt: UInt64)] {
    guard Int(slot) < self.memberships.count else { return [] }
    let numbers = self.joinedAt[slot]
    return self.memberships[Int(slot)].enumerated().map { index, membership in
      (self.names.text(membership.room), numbers?[index] ?? 0)
    }
  }

  func contains(_ slot: UInt32, in name: String) -> Bool {
    guard Int(slot) < self.memberships.count, let room = self.names.number(of: name) else { return false }
    return self.membership(of: slot, in: room) != nil
  }

  /// Where the slot's list names the room. Looks for it where there are fewer, at the rooms of the slot or the members of
  /// the room: else a client would be taken into its rooms in a time that grows with their square.
  private func membership(of slot: UInt32, in room: UInt32) -> Int? {
    let members = self.members[Int(room)]
    guard members.count < self.memberships[Int(slot)].count else {
      return self.memberships[Int(slot)].firstIndex { $0.room == room }
    }
    return members.list.first { $0.slot == slot }.map { Int($0.membership) }
  }

  /// Makes place for rooms that a socket is about to join: joined one by one, they take up to twice the place.
  mutating func reserve(_ count: Int, for slot: UInt32) {
    while self.memberships.count <= Int(slot) { self.memberships.append([]) }
    self.memberships[Int(slot)].reserveCapacity(self.memberships[Int(slot)].count + count)
  }

  /// Joining twice is joining once. O(rooms of the slot), or O(members of the room) where these are fewer.
  ///
  /// - Parameter number: The number of the last kept packet, for a socket that can have its state back.
  mutating func join(_ slot: UInt32, _ name: String, at number: UInt64 = 0) {
    while self.memberships.count <= Int(slot) { self.memberships.append([]) }
    let room = self.names.number(of: name) ?? self.open(name)
    guard self.membership(of: slot, in: room) == nil else { return }
    let membership = self.memberships[Int(slot)].count
    let position = self.members[Int(room)].append(RoomMember(slot: slot, membership: UInt32(membership)))
    self.memberships[Int(slot)].append(Membership(room: room, position: position))
    if number > 0 || (!self.joinedAt.isEmpty && self.joinedAt[slot] != nil) {
      self.joinedAt[slot, default: Array(repeating: 0, count: membership)].append(number)
    }
  }

  /// O(rooms of the slot), or O(members of the room) where these are fewer.
  mutating func leave(_ slot: UInt32, _ name: String) {
    guard Int(slot) < self.memberships.count, let room = self.names.number(of: name) else { return }
    guard let membership = self.membership(of: slot, in: room) else { return }
    self.removeFromRoom(self.memberships[Int(slot)][membership])
    let last = self.memberships[Int(slot)].count - 1
    self.memberships[Int(slot)].swapAt(membership, last)
    self.memberships[Int(slot)].removeLast()
    self.joinedAt[slot]?.swapAt(membership, last)
    self.joinedAt[slot]?.removeLast()
    if membership < last {
      let moved = self.memberships[Int(slot)][membership]
      self.members[Int(moved.room)].move(at: moved.position, to: UInt32(membership))
    }
  }

  /// O(rooms of the slot).
  mutating func leaveAll(_ slot: UInt32) {
    guard Int(slot) < self.memberships.count else { return }
    let memberships = self.memberships[Int(slot)]
    self.memberships[Int(slot)] = []
    self.joinedAt[slot] = nil
    for membership in memberships { self.removeFromRoom(membership) }
  }

  private mutating func removeFromRoom(_ membership: Membership) {
    let room = Int(membership.room)
    if let moved = self.members[room].remove(at: membership.position) {
      self.memberships[Int(moved.slot)][Int(moved.membership)].position = membership.position
    }
    guard self.members[room].isEmpty else { return }
    self.watch?.closed(self.names.text(membership.room))
    self.names.remove(membership.room)
  }

  private mutating func open(_ name: String) -> UInt32 {
    let room = self.names.add(name)
    if Int(room) == self.members.count { self.members.append(.none) }
    self.watch?.opened(name)
    return room
  }
}
