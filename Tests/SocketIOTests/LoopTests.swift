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
      #expect(Set(rooms.rooms(of: slot)) == model[slot] ?? [])
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
