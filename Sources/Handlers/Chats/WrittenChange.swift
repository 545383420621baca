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

  /// The chat by its name in the statement, its last message before as `previous`, the system message as `said`.
  static func columns(of chat: String) -> ColumnList {
    ChatEvent.columns(chat: chat, lastMessage: "previous") + MessageEvent.columns.of("said")
  }

  init(_ row: inout RowReader) throws(PostgresError) {
    before = try ChatEvent(&row)
    systemMessage = try row.optional()
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
    streams.publish(chat: message.chatID, rev: message.rev, lastSeq: message.seq, .message) { prev in
      ServerEvents.newMessage(message.told(after: prev))
    }
  }
}
