import Generated
import ProtocolRuntime

/// A text that waits to be stored.
struct QueuedMessage: Sendable {
  /// Made by the server before the message is numbered.
  let id: UUID
  let chatID: UUID
  let senderID: UUID
  /// Without U+0000.
  let content: String
  let clientID: UUID?
  /// Of the request, where it has a client id.
  let bodyHash: Int?
}

/// What became of a draft.
enum MessageOutcome: Sendable, Equatable {
  case stored(seq: Int, rev: Int, at: Timestamp)
  /// This client id was used before for the same body: the message's id.
  case repeated(UUID)
  /// This client id was used before for another body.
  case conflict
  /// There is no such chat for this sender.
  case notFound
}

extension QueuedMessage {
  /// The message as it is when it has just been stored.
  func base(seq: Int, rev: Int, at time: Timestamp) -> MessageBase {
    MessageBase(
      id: id, chatID: chatID, seq: seq, rev: rev, senderID: senderID, type: .text, content: content,
      clientID: clientID, createdAt: time)
  }
}
