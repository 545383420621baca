import Foundation
import Testing

@testable import LoadGenerator

@Suite struct NumberedMessageTests {
  private let message = NumberedMessage(sender: 7, number: 123_456, due: 9_876_543_210_123)

  @Test(arguments: [NumberedMessage.shortest, 200, 5000])
  func roundTrip(length: Int) {
    let packet = message.packet(length: length)
    #expect(packet.count == length)
    #expect(packet.withUnsafeBytes { NumberedMessage($0, length: length) } == message)
  }

  /// Servers that parse it and write it again have to write the same octets.
  @Test func itIsTheJSONThatItSeemsToBe() throws {
    let packet = message.packet(length: 200)
    #expect(packet.starts(with: "42".utf8))
    let array = try JSONSerialization.jsonObject(with: Data(packet.dropFirst(2))) as? [Any]
    #expect(array?.first as? String == "message")
    let payload = try #require(array?.last as? [String: Any])
    #expect(payload["sender"] as? Int == 1007)
    #expect(payload["number"] as? Int == 100_123_456)
    #expect((payload["text"] as? String)?.isEmpty == false)
  }

  @Test func anythingElseIsNone() {
    let packet = message.packet(length: 200)
    // Each octet of the numbers and of what is around them counts.
    let text = (NumberedMessage.shortest - 3)..<197
    for place in packet.indices where !text.contains(place) {
      var broken = packet
      broken[place] = 0
      #expect(broken.withUnsafeBytes { NumberedMessage($0, length: 200) } == nil)
    }
    #expect(packet.dropLast().withUnsafeBytes { NumberedMessage($0, length: 200) } == nil)
    #expect([].withUnsafeBytes { NumberedMessage($0, length: 200) } == nil)
  }
}

@Suite struct ServerFrameTests {
  private func read(_ octets: [UInt8], at start: Int = 0) throws -> ServerFrame? {
    try octets.withUnsafeBytes { try ServerFrame.read($0, at: start) }
  }

  @Test(arguments: [(0, 2), (125, 2), (126, 4), (65535, 4), (65536, 10)])
  func lengths(length: Int, head: Int) throws {
    var octets: [UInt8] = [0x81]
    switch head {
    case 2: octets.append(UInt8(length))
    case 4: octets += [126, UInt8(length >> 8), UInt8(length & 255)]
    default: octets += [127] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
    }
    octets += [UInt8](repeating: 65, count: length)
    #expect(try read(octets) == ServerFrame(kind: .text, payload: head..<(head + length)))
    // Any octet less, and it is not there yet.
    for count in [0, 1, head - 1, octets.count - 1] where count < octets.count {
      #expect(try read(Array(octets.prefix(count))) == nil)
    }
  }

  @Test func oneAfterTheOther() throws {
    let octets: [UInt8] = [0x81, 1, 65, 0x89, 0, 0x88, 2, 3, 232]
    #expect(try read(octets)?.payload == 2..<3)
    #expect(try read(octets, at: 3) == ServerFrame(kind: .ping, payload: 5..<5))
    #expect(try read(octets, at: 5) == ServerFrame(kind: .close, payload: 7..<9))
    #expect(try read(octets, at: 9) == nil)
  }

  /// A fragment, an RSV bit, a reserved opcode, a mask, a length beyond the longest.
  @Test(
    arguments: [
      [0x01, 0], [0xC1, 0], [0x83, 0], [0x81, 0x80], [0x81, 127, 0, 0, 0, 0, 0, 16, 0, 1],
      [0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]])
  func unreadable(octets: [UInt8]) {
    #expect(throws: ServerFrame.Unreadable()) { try read(octets) }
  }

  @Test func aClientsFrameIsMasked() {
    #expect(
      ClientFrame.encode(.text, "Hi!".utf8, key: 0x0102_0304)
        == [0x81, 0x83, 1, 2, 3, 4, UInt8(ascii: "H") ^ 1, UInt8(ascii: "i") ^ 2, UInt8(ascii: "!") ^ 3])
    let long = ClientFrame.encode(.text, [UInt8](repeating: 0, count: 300), key: 0)
    #expect(Array(long.prefix(4)) == [0x81, 0xFE, 1, 44])
    #expect(long.count == 308)
  }
}
