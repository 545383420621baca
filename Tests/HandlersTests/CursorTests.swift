import Bytes
import ProtocolRuntime
import Testing

@testable import Handlers

@Suite struct CursorTests {
  @Test func `a sync cursor survives its text`() throws {
    for _ in 0..<1000 {
      let since = Bool.random() ? snapshot() : nil
      let target = Bool.random() ? snapshot() : nil
      let cursor = SyncCursor(
        owner: .v7(), issued: .random(in: 0...4_000_000_000), since: since, target: target,
        row: since == nil && target == nil ? nil : .v7(), chat: Bool.random() ? .v7() : nil,
        user: Bool.random() ? .v7() : nil)
      #expect(SyncCursor(cursor.text) == cursor)
      #expect(cursor.text.utf8.count <= 1000)
    }
  }

  private func snapshot() -> SyncSnapshot? {
    let xmin = UInt64.random(in: 3...(1 << 50))
    var running: [UInt64] = []
    var last = xmin
    for _ in 0..<Int.random(in: 0...128) {
      running.append(last)
      last += .random(in: 1...40)
    }
    return SyncSnapshot(xmin: xmin, xmax: last + 1, running: running)
  }

  @Test func `no time in a cursor is beyond what the server reckons with`() {
    // From outside, "now minus this" was reckoned with: the least 64-bit number ended the process.
    for issued in [Int64.min, -1, .max, 1 << 40] {
      #expect(SyncCursor(SyncCursor(owner: .v7(), issued: issued, since: nil, row: nil).text) == nil)
    }
    #expect(SyncCursor(SyncCursor(owner: .v7(), issued: 1 << 40 - 1, since: nil, row: nil).text) != nil)
  }

  @Test func `a forged cursor is refused or harmless`() {
    var generator = SystemRandomNumberGenerator()
    let good = SyncCursor(owner: .v7(), issued: 1, since: SyncSnapshot(text: "10:20:11,12"), row: .v7())
    for _ in 0..<5_000 {
      var bytes = Base64URL.decode(good.text) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        switch Int.random(in: 0...2, using: &generator) {
        case 0: bytes[Int.random(in: bytes.indices)] = .random(in: 0...255)
        case 1: bytes.append(.random(in: 0...255))
        default: if bytes.count > 1 { bytes.removeLast() }
        }
      }
      guard let snapshot = SyncCursor(Base64URL.encode(bytes))?.since else { continue }
      #expect(SyncSnapshot(text: snapshot.text) == snapshot)
      #expect(snapshot.xmax < UInt64(Int64.max))
    }
  }

  /// The age of a cursor that was issued at −2⁶³ has no room in 64 bits: a forged one ended the process.
  @Test func `a cursor that was issued at no time of ours is none`() {
    let now: [UInt8] = [0x80, 0x82, 0x92, 0xC9, 0x06]
    for (issued, isGood) in [
      (now, true), ([UInt8](repeating: 0x80, count: 9) + [1], false), ([0x80, 0x80, 0x80, 0x80, 0x80, 0x20], false),
    ] {
      let bytes: [UInt8] = [2] + [UInt8](repeating: 7, count: 16) + issued + [0, 0, 0, 0, 0]
      #expect((SyncCursor(Base64URL.encode(bytes)) != nil) == isGood)
    }
  }

  @Test func `a snapshot with too many running transactions becomes an older one`() throws {
    let many = (100..<400).map { UInt64($0) }
    let snapshot = try #require(SyncSnapshot(xmin: 100, xmax: 500, running: many))
    #expect(snapshot.text == "100:100:")
    for bad in ["", "1:2", "2:1:", "5:9:4", "5:9:9", "5:9:7,6", "5:9:7,7", "a:b:c", "0:1:", "-1:2:"] {
      #expect(SyncSnapshot(text: bad) == nil, "\(bad)")
    }
  }

  @Test(arguments: [MessageCursor.before(120, after: 7), .before(.max, after: 0), .after(0), .after(99)])
  func `a message cursor survives its text`(_ cursor: MessageCursor) {
    #expect(MessageCursor(cursor.text) == cursor)
    let marked = MarkedCursor(place: cursor, mark: HistoryMark(row: .v7(), xmin: 4_711, xmax: .max))
    #expect(MarkedCursor(marked.text) == marked)
    for other in [cursor.text, marked.mark.text] { #expect(MarkedCursor<MessageCursor>(other) == nil) }
  }

  @Test func `a cursor that has seen something says in which history`() {
    let seen = SyncSnapshot(text: "10:20:11,12")
    #expect(SyncCursor(SyncCursor(owner: .v7(), issued: 1, since: seen, row: nil).text) == nil)
    #expect(SyncCursor(SyncCursor(owner: .v7(), issued: 1, since: nil, row: .v7()).text) != nil)
  }

  @Test func `a mark of a history has one text`() {
    let mark = HistoryMark(row: .v7(), xmin: 4_711, xmax: 4_712)
    #expect(HistoryMark(mark.text) == mark)
    #expect(mark.text.utf8.count == HistoryMark.length)
    let others = ["", "x", String(mark.text.dropLast()), mark.text + "A", String(mark.text.dropLast()) + "B"]
    for other in others { #expect(HistoryMark(other) == nil, "\(other)") }
    // PostgreSQL has no such transaction.
    #expect(HistoryMark(Base64URL.encode(words: [1, 2, 1 << 63, 4])) == nil)
    #expect(HistoryMark(Base64URL.encode(words: [1, 2, 3, .max])) == nil)
  }

  @Test func `what no list has given is no cursor`() {
    for bad in ["", "x", "a", "b1", "a-1", "b1,2,3", "c5", "a9999999999999999999", "b1,-2"] {
      #expect(MessageCursor(Base64URL.encode(bad.utf8)) == nil, "\(bad)")
      #expect(ChatCursor(Base64URL.encode(bad.utf8)) == nil, "\(bad)")
      #expect(SyncCursor(Base64URL.encode(bad.utf8)) == nil, "\(bad)")
    }
    let cursor = ChatCursor(updatedAt: .now(), id: .v7())
    #expect(ChatCursor(cursor.text) == cursor)
    #expect(ChatCursor(Base64URL.encode("9223372036854775807,\(ID.v7())".utf8)) == nil)
  }

  @Test func `the body's parts do not run into each other`() {
    #expect(BodyHash.of(["a", "b"]) == BodyHash.of(["a", "b"]))
    let others: [[String?]] = [["ab"], ["ab", ""], ["", "ab"], ["a", "b", nil], ["a", nil, "b"], ["b", "a"], []]
    #expect(Set(others.map(BodyHash.of) + [BodyHash.of(["a", "b"])]).count == others.count + 1)
  }
}
