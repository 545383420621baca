import Bytes
import NIOCore
import ProtocolRuntime
import SocketIO

/// The events that carry a message, for clients that come back: what was written before an edit or a deletion is not told
/// again to anybody.
enum MessageEvents {
  private static let names: Set = ["new_message", "message_updated", "message_deleted"]
  /// What says the place of an event in the chat's order, and so stays the event's own.
  private static let place: Set = ["rev", "prev_rev"]

  /// The message that an event carries; nil for an event that carries none.
  static func subject(of event: EncodedEvent) -> String? {
    guard names.contains(event.name), let payload = Arguments(event.arguments).event?.payload,
      let last = members(of: payload, through: "id")?.last, last.name == "id"
    else { return nil }
    return String(buffer: last.value)
  }

  /// An earlier event with the message as it stands in the latest one. It comes in its own place, lest the client finds a
  /// hole there.
  static func restated(_ earlier: Arguments, _ latest: Arguments) -> Arguments? {
    guard let event = earlier.event, let old = members(of: event.payload),
      let new = latest.event.flatMap({ members(of: $0.payload) })
    else { return nil }
    let restated = new.compactMap { member in
      place.contains(member.name) ? old.first { $0.name == member.name } : member
    }
    var json = ByteBuffer(string: "[\(JSONString.encode(event.name)),{")
    for (index, member) in restated.enumerated() {
      if index > 0 { json.writeString(",") }
      json.writeString("\(JSONString.encode(member.name)):")
      json.writeImmutableBuffer(member.value)
    }
    json.writeString("}]")
    return Arguments(json)
  }

  /// The members of an object, with their values as they are written; nil if it is none.
  ///
  /// - Parameter last: the one behind which nobody wants to know more.
  private static func members(
    of payload: ByteBuffer, through last: String? = nil
  ) -> [(name: String, value: ByteBuffer)]? {
    let bytes = payload.readableBytesUInt8Span
    var scan = JSONScan()
    scan.whitespace(bytes)
    guard scan.take(UInt8(ascii: "{"), bytes) else { return nil }
    var members: [(name: String, value: ByteBuffer)] = []
    repeat {
      scan.whitespace(bytes)
      guard let name = scan.string(bytes) else { return nil }
      scan.whitespace(bytes)
      guard scan.take(UInt8(ascii: ":"), bytes), let range = scan.value(bytes),
        let value = payload.getSlice(at: payload.readerIndex + range.lowerBound, length: range.count)
      else { return nil }
      members.append((JSONString.decode(bytes, name), value))
      if members.last?.name == last { break }
      scan.whitespace(bytes)
    } while scan.take(UInt8(ascii: ","), bytes)
    return members
  }
}
