/// The message of the fan-out: an event whose numbers have always the same width, so that each receiver reads them by
/// their places, and that every server hands on octet for octet, also one that parses the JSON and writes it again.
struct NumberedMessage: Equatable {
  /// Which of the senders, from 0.
  var sender: Int
  /// The sender's messages are numbered from 0.
  var number: Int
  /// When the message was due, on ``MonotonicClock``.
  var due: UInt64

  static let mostSenders = 9_000
  static let mostNumbers = 900_000_000

  // No number begins with a zero, or the JSON would be none; all are below 2^53, which JavaScript's numbers hold.
  private static let senderBase = 1_000
  private static let numberBase = 100_000_000
  private static let dueBase: UInt64 = 1_000_000_000_000_000
  private static let opening: StaticString = "42[\"message\",{\"sender\":"
  private static let beforeNumber: StaticString = ",\"number\":"
  private static let beforeDue: StaticString = ",\"due\":"
  private static let beforeText: StaticString = ",\"text\":\""
  private static let closing: StaticString = "\"}]"
  private static let numbersEnd =
    opening.utf8CodeUnitCount + 4 + beforeNumber.utf8CodeUnitCount + 9 + beforeDue.utf8CodeUnitCount + 16

  /// Octets of a packet without text: the shortest that there is.
  static let shortest = numbersEnd + beforeText.utf8CodeUnitCount + closing.utf8CodeUnitCount

  /// The packet as it goes through the socket, Engine.IO's and Socket.IO's types in front.
  ///
  /// - Parameter length: In octets, filled up with text; at least ``shortest``.
  func packet(length: Int) -> [UInt8] {
    let words = "The quick brown fox jumps over the lazy dog while the band plays on. "
    let room = max(0, length - Self.shortest)
    let text = String(repeating: words, count: room / words.utf8.count + 1).prefix(room)
    let numbers =
      "\(Self.opening)\(Self.senderBase + sender)\(Self.beforeNumber)\(Self.numberBase + number)"
      + "\(Self.beforeDue)\(Self.dueBase + due)"
    return Array("\(numbers)\(Self.beforeText)\(text)\(Self.closing)".utf8)
  }

  init(sender: Int, number: Int, due: UInt64) {
    precondition(sender < Self.mostSenders && number < Self.mostNumbers && due < 8 * Self.dueBase)
    self.sender = sender
    self.number = number
    self.due = due
  }

  /// Reads a packet; nil for anything that is not this message in `length` octets.
  init?(_ packet: UnsafeRawBufferPointer, length: Int) {
    guard packet.count == length, packet.count >= Self.shortest else { return nil }
    var place = 0
    guard Self.skip(Self.opening, packet, &place), let sender = Self.integer(packet, &place, digits: 4),
      Self.skip(Self.beforeNumber, packet, &place), let number = Self.integer(packet, &place, digits: 9),
      Self.skip(Self.beforeDue, packet, &place), let due = Self.integer(packet, &place, digits: 16),
      Self.skip(Self.beforeText, packet, &place), sender >= Self.senderBase, number >= Self.numberBase,
      due >= Self.dueBase
    else { return nil }
    place = packet.count - Self.closing.utf8CodeUnitCount
    guard Self.skip(Self.closing, packet, &place) else { return nil }
    self.sender = Int(sender) - Self.senderBase
    self.number = Int(number) - Self.numberBase
    self.due = due - Self.dueBase
  }

  private static func skip(_ text: StaticString, _ packet: UnsafeRawBufferPointer, _ place: inout Int) -> Bool {
    let end = place + text.utf8CodeUnitCount
    let isThere = text.withUTF8Buffer { packet[place..<end].elementsEqual(UnsafeRawBufferPointer($0)) }
    place = end
    return isThere
  }

  private static func integer(_ packet: UnsafeRawBufferPointer, _ place: inout Int, digits: Int) -> UInt64? {
    var value: UInt64 = 0
    for octet in packet[place..<(place + digits)] {
      guard 0x30...0x39 ~= octet else { return nil }
      value = value * 10 + UInt64(octet - 0x30)
    }
    place += digits
    return value
  }
}
