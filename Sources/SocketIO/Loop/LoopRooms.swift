/// Who is in which room, among the sockets of one namespace on one event loop.
///
/// A room is a dense array of the sockets' slots, for broadcasts walk it; each membership knows its place in both directions, so that
/// leaving moves one entry in each array and searches none.
struct LoopRooms {
  /// A socket in a room.
  struct Member {
    let slot: UInt32
    /// Where the slot's list of memberships names the room.
    fileprivate var membership: UInt32
  }

  private struct Membership {
    let room: UInt32
    /// Where the room's list of members names the slot.
    var position: UInt32
    /// The number of the last kept packet before the socket joined: see ``PacketLog``.
    let joinedAt: UInt64
  }

  private struct Room {
    var name: String
    var members: [Member]
  }

  private var rooms: [Room] = []
  private var free: [UInt32] = []
  private var index: [String: UInt32] = [:]
  private var memberships: [[Membership]] = []

  /// The number of rooms that have a member. An empty room is none.
  var count: Int { self.index.count }

  func members(of room: String) -> [Member] {
    guard let index = self.index[room] else { return [] }
    return self.rooms[Int(index)].members
  }

  func rooms(of slot: UInt32) -> [(name: String, joinedAt: UInt64)] {
    guard Int(slot) < self.memberships.count else { return [] }
    return self.memberships[Int(slot)].map { (self.rooms[Int($0.room)].name, $0.joinedAt) }
  }

  func contains(_ slot: UInt32, in name: String) -> Bool {
    guard Int(slot) < self.memberships.count, let room = self.index[name] else { return false }
    return self.memberships[Int(slot)].contains { $0.room == room }
  }

  /// Joining twice is joining once. O(rooms of the slot).
  mutating func join(_ slot: UInt32, _ name: String, at number: UInt64 = 0) {
    while self.memberships.count <= Int(slot) { self.memberships.append([]) }
    let room = self.index[name] ?? self.open(name)
    guard !self.memberships[Int(slot)].contains(where: { $0.room == room }) else { return }
    let membership = UInt32(self.memberships[Int(slot)].count)
    let position = UInt32(self.rooms[Int(room)].members.count)
    self.memberships[Int(slot)].append(Membership(room: room, position: position, joinedAt: number))
    self.rooms[Int(room)].members.append(Member(slot: slot, membership: membership))
  }

  /// O(rooms of the slot).
  mutating func leave(_ slot: UInt32, _ name: String) {
    guard Int(slot) < self.memberships.count, let room = self.index[name] else { return }
    guard let membership = self.memberships[Int(slot)].firstIndex(where: { $0.room == room }) else { return }
    self.removeFromRoom(self.memberships[Int(slot)][membership])
    self.memberships[Int(slot)].swapAt(membership, self.memberships[Int(slot)].count - 1)
    self.memberships[Int(slot)].removeLast()
    if membership < self.memberships[Int(slot)].count {
      let moved = self.memberships[Int(slot)][membership]
      self.rooms[Int(moved.room)].members[Int(moved.position)].membership = UInt32(membership)
    }
  }

  /// O(rooms of the slot).
  mutating func leaveAll(_ slot: UInt32) {
    guard Int(slot) < self.memberships.count else { return }
    let memberships = self.memberships[Int(slot)]
    self.memberships[Int(slot)] = []
    for membership in memberships { self.removeFromRoom(membership) }
  }

  private mutating func removeFromRoom(_ membership: Membership) {
    let room = Int(membership.room)
    let position = Int(membership.position)
    self.rooms[room].members.swapAt(position, self.rooms[room].members.count - 1)
    self.rooms[room].members.removeLast()
    if position < self.rooms[room].members.count {
      let moved = self.rooms[room].members[position]
      self.memberships[Int(moved.slot)][Int(moved.membership)].position = membership.position
    } else if self.rooms[room].members.isEmpty {
      self.close(membership.room)
    }
  }

  private mutating func open(_ name: String) -> UInt32 {
    let room: UInt32
    if let reused = self.free.popLast() {
      room = reused
      self.rooms[Int(room)].name = name
    } else {
      room = UInt32(self.rooms.count)
      self.rooms.append(Room(name: name, members: []))
    }
    self.index[name] = room
    return room
  }

  private mutating func close(_ room: UInt32) {
    self.index[self.rooms[Int(room)].name] = nil
    self.rooms[Int(room)] = Room(name: "", members: [])
    self.free.append(room)
  }
}
