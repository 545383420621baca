import NIOCore
import Testing

@testable import Cluster

@Suite("What nodes say when a client goes from one to another")
struct HandoverFormatTests {
  private let format = HandoverFormat()

  private var contents: HandoverMessage.Contents {
    var contents = HandoverMessage.Contents(sid: "s", rooms: ["a", "ü"], state: ByteBuffer(bytes: [0, 255]))
    contents.missed = [
      HandoverMessage.Missed(
        rooms: ["a"],
        event: ClusterValue(
          json: #"["e",1.50,{"_placeholder":true,"num":0}]"#, attachments: [ByteBuffer(bytes: [7])])),
      HandoverMessage.Missed(rooms: [], event: ClusterValue(json: #"["f"]"#), subject: "m"),
    ]
    contents.known = [BroadcastPosition(stream: "n", number: .max)]
    return contents
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    let claim = HandoverMessage.Claim(asker: "b", id: "1", namespace: "/", privateID: "p", offset: "a.1")
    guard case .claim(let read) = try format.message(try format.payload(of: .claim(claim))) else {
      return #expect(Bool(false), "no claim")
    }
    #expect([read.asker, read.id, read.namespace, read.privateID, read.offset] == ["b", "1", "/", "p", "a.1"])

    guard case .answer("1", let answer?) = try format.message(try format.payload(of: .answer(id: "1", contents)))
    else { return #expect(Bool(false), "no answer") }
    #expect(answer.sid == "s")
    #expect(answer.rooms == contents.rooms)
    #expect(answer.state == contents.state)
    #expect(answer.known == contents.known)
    #expect(answer.missed.map(\.rooms) == contents.missed.map(\.rooms))
    // Byte by byte: a number keeps the form that the application gave it.
    #expect(answer.missed.map(\.event) == contents.missed.map(\.event))
    #expect(answer.missed.map(\.subject) == [nil, "m"])

    guard case .answer("2", nil) = try format.message(try format.payload(of: .answer(id: "2", nil))) else {
      return #expect(Bool(false), "no empty answer")
    }
  }

  @Test("bytes that are none are an error")
  func nonsense() async throws {
    let whole = try format.payload(of: .answer(id: "1", contents))
    for length in 0..<whole.readableBytes {
      #expect(throws: ClusterError.self) { try format.message(try #require(whole.getSlice(at: 0, length: length))) }
    }
    var random = SplitMix(state: 1)
    for _ in 0..<2_000 {
      var bytes = whole
      let place = Int.random(in: 0..<whole.readableBytes, using: &random)
      bytes.setInteger(UInt8.random(in: .min ... .max, using: &random), at: place)
      // An error or another message, and no crash.
      _ = try? format.message(bytes)
      // Others run on the same few threads.
      await Task.yield()
    }
  }
}
