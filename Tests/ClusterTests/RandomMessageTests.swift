import NIOCore
import Testing

@testable import Cluster

/// A generator whose seed is printed with a failure, so that it can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    // Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// What comes from outside is never trusted: any bytes are a value or an error.
@Suite struct RandomMessageTests {
  private let classic = ClassicFormat(namespace: "/")
  private let sharded = ShardedFormat(namespace: "/")

  // A random value in the one form in which the reader writes it.
  private func json(
    _ depth: Int, _ attachments: inout [ByteBuffer], _ random: inout SplitMix
  ) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &random) {
    case 0: return "null"
    case 1: return Bool.random(using: &random) ? "true" : "false"
    case 2: return String(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<64, using: &random))
    case 3:
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { return "0" }
      return Int64(exactly: number).map(String.init)
        ?? (UInt64(exactly: number).map { String($0) } ?? number.description)
    case 4, 5: return text(&random)
    case 6:
      attachments.append(
        ByteBuffer(bytes: (0..<Int.random(in: 0..<300, using: &random)).map { UInt8(truncatingIfNeeded: $0) }))
      return "{\"_placeholder\":true,\"num\":\(attachments.count - 1)}"
    case 7:
      let count = Int.random(in: 0..<20, using: &random)
      return "[" + (0..<count).map { _ in json(depth - 1, &attachments, &random) }.joined(separator: ",") + "]"
    default:
      let count = Int.random(in: 0..<20, using: &random)
      let members = (0..<count).map { _ in "\(text(&random)):\(json(depth - 1, &attachments, &random))" }
      return "{" + members.joined(separator: ",") + "}"
    }
  }

  private func text(_ random: inout SplitMix) -> String {
    var text = ByteBuffer()
    let scalars = (0..<Int.random(in: 0..<60, using: &random)).compactMap { _ in
      Unicode.Scalar(UInt32(truncatingIfNeeded: random.next()) >> UInt32.random(in: 11..<32, using: &random))
    }
    JSONText.write(String(String.UnicodeScalarView(scalars)), into: &text)
    return String(buffer: text)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func valuesComeBack(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var attachments: [ByteBuffer] = []
    let arguments = "[\"event\"," + json(2, &attachments, &random) + "]"
    var options = BroadcastOptions(rooms: ["a", "b"].filter { _ in Bool.random(using: &random) })
    options.except = ["c"].filter { _ in Bool.random(using: &random) }
    options.isVolatile = Bool.random(using: &random)
    options.compress = [nil, true, false].randomElement(using: &random)!
    let message = ClusterMessage.broadcast(
      from: "node", arguments, attachments: attachments, to: options,
      requestID: Bool.random(using: &random) ? "1" : nil)
    let first = try classic.publication(of: message)
    #expect(try classic.message(first.payload, on: first.channel) == message)
    #expect(try sharded.message(sharded.publication(of: message).payload) == message)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func anyBytesAreAMessageOrAnError(_ seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<100 {
      let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
        // Bytes that mean something in both formats come more often.
        Bool.random(using: &random)
          ? UInt8(truncatingIfNeeded: random.next())
          : Array("{}[]\",:\\truefalsnl0123e.-".utf8).randomElement(using: &random)!
      }
      read(ByteBuffer(bytes: bytes))
    }
  }

  @Test(arguments: Capture.all)
  func anyPartOfAMessageIsAnError(_ capture: Capture) {
    let step = max(1, capture.payload.readableBytes / 100)
    for length in stride(from: 0, to: capture.payload.readableBytes, by: step) {
      let part = capture.payload.getSlice(at: capture.payload.readerIndex, length: length)!
      #expect(throws: ClusterError.self) { try JSONNode.payload(part, limits: ClusterLimits()) }
    }
  }

  @Test(arguments: Capture.all)
  func aDamagedMessageIsAMessageOrAnError(_ capture: Capture) {
    var random = SplitMix(state: UInt64(capture.payload.readableBytes))
    for _ in 0..<50 {
      var damaged = Array(capture.payload.readableBytesView)
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] = UInt8(truncatingIfNeeded: random.next())
      }
      read(ByteBuffer(bytes: damaged))
    }
  }

  // What is read can be written, and is read again as the same.
  private func read(_ payload: ByteBuffer) {
    for channel in [classic.broadcastChannel, classic.requestChannel, classic.responseChannel] {
      guard let message = try? classic.message(payload, on: channel) else { continue }
      guard let again = try? classic.publication(of: message) else { continue }
      #expect(throws: Never.self) { try classic.message(again.payload, on: again.channel) }
    }
    guard let message = try? sharded.message(payload) else { return }
    guard let again = try? sharded.publication(of: message, to: "x") else { return }
    #expect(throws: Never.self) { try sharded.message(again.payload) }
  }
}
