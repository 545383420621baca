import Generated
import Postgres
import ProtocolRuntime

/// A change of a group that leaves a system message: the chat as it was before, and the message. The change's own events
/// take the revs from the chat's on, the system message takes the last.
struct WrittenChange {
  /// As it was before the change.
  let before: ChatEvent
  /// Nil where nobody is left to read it.
  let systemMessage: MessageEvent?

  /// How many columns it takes: a chat, its last message before, the system message.
  static let columnCount = Columns.chatCount + 2 * Columns.messageCount

  init(_ row: Row, _ at: Int) throws(PostgresError) {
    let previous = try row.optionalMessage(at + Columns.chatCount)
    before = try row.chat(at, lastMessage: previous)
    systemMessage = try row.optionalMessage(at + Columns.chatCount + Columns.messageCount)
  }

  /// The chat as it stood at a rev of the change: what is different from before, beside the rev, is up to `edit`.
  func chat(at rev: Int, _ edit: (inout ChatEvent) -> Void) -> ChatEvent {
    var chat = before
    chat.rev = rev
    if let systemMessage { chat.updatedAt = max(chat.updatedAt, systemMessage.createdAt) }
    edit(&chat)
    return chat
  }

  /// Publishes the system message, which comes last.
  func tellSystemMessage(on streams: ChatStreams) {
    guard let message = systemMessage else { return }
    streams.publish(chat: message.chatID, rev: message.rev, lastSeq: message.seq, .message) {
      ServerEvents.newMessage(message)
    }
  }
}
