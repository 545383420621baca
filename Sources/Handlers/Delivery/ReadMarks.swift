import Generated
import ProtocolRuntime

/// Which read marks this node's connections were told since the last look but one: what PostgreSQL has beyond them was
/// lost on the way from another node.
final class ReadMarks: Sendable {
  private struct Key: Hashable {
    let chat: UUID
    let user: UUID
  }

  private struct State {
    var current: [Key: Int] = [:]
    var previous: [Key: Int] = [:]
  }

  /// By the chat.
  private let states = Sharded(State())

  func note(_ mark: MessageReadEvent) {
    states.withLock(of: mark.chatID) { state in
      let key = Key(chat: mark.chatID, user: mark.userID)
      state.current[key] = max(mark.upToSeq, state.current[key] ?? 0)
    }
  }

  /// A look begins: what was told before the last one is forgotten.
  func turn() {
    for index in 0..<states.count {
      states.withLock(index) { state in
        state.previous = state.current
        state.current = [:]
      }
    }
  }

  /// Forgets all.
  func forget() {
    for index in 0..<states.count { states.withLock(index) { $0 = State() } }
  }

  func isTold(_ mark: MessageReadEvent) -> Bool {
    states.withLock(of: mark.chatID) { state in
      let key = Key(chat: mark.chatID, user: mark.userID)
      return max(state.current[key] ?? 0, state.previous[key] ?? 0) >= mark.upToSeq
    }
  }
}
