import Bytes
import Glibc
import NIOCore
import Testing

@testable import SocketIO

@Suite("What a loop keeps")
struct LoopTests {
  @Test("rooms agree with a plain model through random joins and leaves")
  func rooms() {
    var rooms = LoopRooms()
    var model: [UInt32: Set<String>] = [:]
    for _ in 0..<20_000 {
      let slot = UInt32.random(in: 0..<20)
      let room = "room\(Int.random(in: 0..<12))"
      switch Int.random(in: 0..<10) {
      case 0..<5:
        rooms.join(slot, room)
        model[slot, default: []].insert(room)
      case 5..<9:
        rooms.leave(slot, room)
        model[slot]?.remove(room)
      default:
        rooms.leaveAll(slot)
        model[slot] = nil
      }
    }
    for slot in UInt32(0)..<20 {
      #expect(Set(rooms.rooms(of: slot).map(\.name)) == model[slot] ?? [])
      #expect(rooms.rooms(of: slot).count == (model[slot] ?? []).count)
    }
    for room in (0..<12).map({ "room\($0)" }) {
      let members = rooms.members(of: room).map(\.slot)
      #expect(members.sorted() == model.filter { $0.value.contains(room) }.map(\.key).sorted())
    }
    #expect(rooms.count == Set(model.values.joined()).count)
    for slot in UInt32(0)..<20 { rooms.leaveAll(slot) }
    #expect(rooms.count == 0)
  }

  /// Each room was looked for among those that the socket had joined before.
  @Test("joining sixteen times as many rooms takes less than sixty-four times as long, and so does leaving them")
  func manyRooms() {
    func time(_ count: Int) -> Duration {
      let names = (0..<count).map { "room\($0)" }
      return (0..<3).map { _ in
        var rooms = LoopRooms()
        // Somebody is there, as in most rooms.
        for name in names { rooms.join(1, name) }
        let start = threadTime()
        for name in names { rooms.join(0, name) }
        for name in names { rooms.leave(0, name) }
        return threadTime() - start
      }.min() ?? .zero
    }
    // At the square it would be 256 times.
    #expect(time(32_000) < time(2_000) * 64)
  }

  @Test("rooms keep their names while thousands of others come and go")
  func names() {
    var names = RoomNames()
    var model: [String: UInt32] = [:]
    for round in 0..<20_000 {
      if round % 3 < 2 || model.isEmpty {
        // Of many lengths, the empty one too.
        let name = String(repeating: "r", count: round % 60) + (round % 60 == 0 ? "" : "\(round)")
        if model[name] == nil {
          let number = names.add(name)
          #expect(!model.values.contains(number))
          model[name] = number
        }
      } else if let (name, number) = model.randomElement() {
        names.remove(number)
        #expect(names.number(of: name) == nil)
        model[name] = nil
      }
      if round % 5_000 == 4_999 {
        for (name, number) in model {
          #expect(names.number(of: name) == number)
          #expect(names.text(number) == name)
        }
        // All but a few go: the names that are left are moved together.
        for name in model.keys.sorted().dropFirst(20) {
          if let number = model.removeValue(forKey: name) { names.remove(number) }
        }
      }
    }
    #expect(names.count == model.count)
    for (name, number) in model { #expect(names.text(number) == name) }
  }

  @Test("a room's time of joining is kept for those who have one, and goes with its membership")
  func joinedAt() {
    var rooms = LoopRooms()
    rooms.reserve(3, for: 4)
    rooms.join(4, "a")
    rooms.join(4, "b", at: 7)
    rooms.join(4, "c", at: 9)
    rooms.join(5, "a")
    rooms.leave(4, "a")
    func joined(_ slot: UInt32) -> [String: UInt64] {
      Dictionary(uniqueKeysWithValues: rooms.rooms(of: slot).map { ($0.name, $0.joinedAt) })
    }
    #expect(joined(4) == ["b": 7, "c": 9])
    #expect(joined(5) == ["a": 0])
    rooms.leaveAll(4)
    rooms.join(4, "b")
    #expect(joined(4) == ["b": 0])
  }

  @Test("deadlines expire in order, each once, unless they are cancelled")
  func deadlines() {
    var queue = DeadlineQueue(delay: .milliseconds(10))
    let start = NIODeadline.uptimeNanoseconds(1_000_000)
    for slot in UInt32(0)..<5 { queue.arm(slot, now: start + .milliseconds(Int64(slot))) }
    #expect(queue.next == start + .milliseconds(10))
    queue.cancel(0)
    queue.cancel(2)
    queue.cancel(2)
    queue.cancel(77)
    queue.arm(1, now: start + .milliseconds(20))
    #expect(queue.next == start + .milliseconds(13))
    var expired: [UInt32] = []
    while let slot = queue.popExpired(now: start + .milliseconds(14)) { expired.append(slot) }
    #expect(expired == [3, 4])
    #expect(queue.popExpired(now: start + .milliseconds(29)) == nil)
    #expect(queue.popExpired(now: start + .milliseconds(30)) == 1)
    #expect(queue.next == nil)
  }

  @Test("a deadline that was set elsewhere takes its place among the others")
  func foreignDeadline() {
    var queue = DeadlineQueue(delay: .milliseconds(10))
    let start = NIODeadline.uptimeNanoseconds(1_000_000)
    for slot in UInt32(0)..<4 { queue.arm(slot, now: start + .milliseconds(Int64(slot))) }
    queue.arm(9, at: start + .milliseconds(11))
    queue.arm(8, at: start + .milliseconds(1))
    queue.arm(7, at: start + .milliseconds(13))
    #expect(queue.deadline(of: 9) == start + .milliseconds(11))
    queue.cancel(1)
    var expired: [UInt32] = []
    while let slot = queue.popExpired(now: start + .milliseconds(20)) { expired.append(slot) }
    #expect(expired == [8, 0, 9, 2, 3, 7])
    #expect(queue.deadline(of: 9) == nil && queue.next == nil)
  }

  @Test("private ids and sids are texts of fixed length, and only the right one is read back")
  func privateIDs() throws {
    let id = PrivateID(socket: SocketID(loop: 3, slot: 70_000, count: .max))
    #expect(id.text.utf8.count == 32)
    #expect(PrivateID(id.text) == id)
    #expect(
      PrivateID(id.text + "A") == nil && PrivateID("") == nil && PrivateID(String(repeating: "=", count: 32)) == nil)
    let words: [UInt64] = [0x0123_4567_89AB_CDEF, .max]
    let text = Base64URL.encode(words: words)
    #expect(text.utf8.count == 22)
    #expect(Base64URL.decodeWords(text, count: 2) == words)
    // The last character has four bits that mean nothing: they must be 0.
    #expect(Base64URL.decodeWords(text.dropLast() + "_", count: 2) == nil)
  }

  @Test("a socket's name gives its parts back")
  func socketID() {
    let socket = SocketID(loop: 1023, slot: 4_194_303, count: .max)
    #expect((socket.loop, socket.slot) == (1023, 4_194_303))
    #expect(SocketID(loop: 1, slot: 0, count: 0).rawValue == 1 << 54)
  }

  @Test("session ids are 20 characters of base64url")
  func sessionIDs() {
    let ids = Set((0..<1000).map { _ in String.randomSessionID() })
    #expect(ids.count == 1000)
    #expect(ids.allSatisfy { $0.utf8.count == 20 && $0.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) } })
  }
}

/// How long this thread has run: what else runs on the machine does not count.
private func threadTime() -> Duration {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
