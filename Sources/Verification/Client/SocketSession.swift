import JSONSchema

/// The client's side of Engine.IO 4 and Socket.IO 5 on the namespace `/`, without I/O: messages in, actions out. Binary
/// packets are none of ours.
struct SocketSession: Sendable {
  enum Action: Sendable, Equatable {
    case send(String)
    case connected
    /// The data of `connect_error`.
    case refused([UInt8])
    /// The JSON array of an event, its name first.
    case event([UInt8])
    /// The JSON array of an acknowledgement.
    case acknowledged(Int, [UInt8])
    /// The server says goodbye, or breaks the protocol.
    case ended(String)
  }

  private enum State {
    case opening, connecting, connected, ended
  }

  private let auth: JSONValue
  private var state = State.opening
  private var nextID = 0

  init(auth: JSONValue) { self.auth = auth }

  /// What a message of the server leads to.
  mutating func receive(_ message: String) -> [Action] {
    guard let type = message.utf8.first else { return end("an empty packet") }
    let rest = message.utf8.dropFirst()
    switch (type, state) {
    case (UInt8(ascii: "0"), .opening):
      state = .connecting
      return [.send("40" + String(decoding: auth.encoded, as: UTF8.self))]
    case (UInt8(ascii: "2"), _): return [.send("3" + String(decoding: rest, as: UTF8.self))]
    case (UInt8(ascii: "1"), _): return end("the server closed the connection")
    case (UInt8(ascii: "6"), _): return []
    case (UInt8(ascii: "4"), .connecting), (UInt8(ascii: "4"), .connected): return packet(Array(rest))
    default: return end("an unexpected Engine.IO packet")
    }
  }

  private mutating func packet(_ bytes: [UInt8]) -> [Action] {
    let rest = bytes.dropFirst()
    switch (bytes.first, state) {
    case (UInt8(ascii: "0"), .connecting):
      state = .connected
      return [.connected]
    case (UInt8(ascii: "4"), .connecting):
      state = .ended
      // Socket.IO wraps what the application says: {message, data}.
      let data = (try? JSONValue(parsing: rest))?["data"]
      return [.refused(data?.encoded ?? [])]
    case (UInt8(ascii: "1"), .connected): return end("the server disconnected")
    case (UInt8(ascii: "2"), .connected): return [.event(Array(rest.drop { $0 != UInt8(ascii: "[") }))]
    case (UInt8(ascii: "3"), .connected):
      let digits = rest.prefix { $0 != UInt8(ascii: "[") }
      guard let id = Int(String(decoding: digits, as: UTF8.self)) else { return end("an acknowledgement of nothing") }
      return [.acknowledged(id, Array(rest.dropFirst(digits.count)))]
    default: return end("an unexpected Socket.IO packet")
    }
  }

  private mutating func end(_ why: String) -> [Action] {
    state = .ended
    return [.ended(why)]
  }

  /// The message of an event, and the number of its acknowledgement where one is wanted.
  mutating func emit(_ name: String, _ payload: JSONValue, wantsAcknowledgement: Bool) -> (message: String, id: Int?) {
    var id: Int?
    if wantsAcknowledgement {
      id = nextID
      nextID += 1
    }
    let arguments = JSONValue.array(JSONArray([.string(JSONText(name)), payload]))
    return ("42" + (id.map(String.init) ?? "") + String(decoding: arguments.encoded, as: UTF8.self), id)
  }
}
