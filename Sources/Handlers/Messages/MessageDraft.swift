import ProtocolRuntime

/// A text that waits to be stored.
struct MessageDraft: Sendable {
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
