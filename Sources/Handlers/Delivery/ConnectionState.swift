import NIOCore
import ProtocolRuntime

/// What a node says of a connection that goes to another one: whose it is, and how far it was in each stream of which
/// history.
struct ConnectionState: Equatable {
  let userID: UUID
  let sessionID: UUID
  let history: HistoryMark
  /// The rev of the last event that it was sent, or that it has in its room's order.
  let heads: [StreamKey: Int]

  init(userID: UUID, sessionID: UUID, history: HistoryMark, heads: [StreamKey: Int]) {
    self.userID = userID
    self.sessionID = sessionID
    self.history = history
    self.heads = heads
  }

  /// Reads ``bytes``; nil for anything else.
  init?(_ bytes: ByteBuffer) {
    let words = String(buffer: bytes).split(separator: " ")
    guard words.count >= 3, !words.count.isMultiple(of: 2), let user = UUID(String(words[0])),
      let session = UUID(String(words[1])), let history = HistoryMark(words[2])
    else { return nil }
    var heads: [StreamKey: Int] = [:]
    for index in stride(from: 3, to: words.count, by: 2) {
      guard let key = StreamKey(room: words[index]), let rev = Int(words[index + 1]) else { return nil }
      heads[key] = rev
    }
    self.init(userID: user, sessionID: session, history: history, heads: heads)
  }

  var bytes: ByteBuffer {
    ByteBuffer(
      string: (["\(userID) \(sessionID) \(history.text)"] + heads.map { "\($0.room) \($1)" }).joined(separator: " "))
  }
}
