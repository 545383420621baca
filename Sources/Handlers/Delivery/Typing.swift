import Generated
import ProtocolRuntime
import Synchronization

/// Tells who types, to the connections that have the chat open, except those of the typist.
///
/// One timer for all: it runs while somebody types, and is set to the earliest deadline.
///
/// Each node keeps account of all typists: others tell it each renewal, and it lets them expire by itself, so that nobody
/// types for ever whose node has died.
final class Typing: Sendable {
  private struct State {
    var board = TypingBoard()
    var hasTimer = false
  }

  private let streams: ChatStreams
  private let state = Mutex(State())

  init(streams: ChatStreams) {
    self.streams = streams
  }

  func start(_ user: UUID, in chat: UUID, on connection: ConnectionID) {
    let typist = TypingBoard.Typist(chatID: chat, userID: user)
    tellNodes(typist, isTyping: true)
    start(typist, on: connection)
  }

  /// Another node tells that somebody types, or no longer does.
  func received(_ event: UserTypingEvent) {
    let typist = TypingBoard.Typist(chatID: event.chatID, userID: event.userID)
    if event.typing {
      start(typist, on: nil)
    } else if state.withLock({ $0.board.stop(typist) }) {
      tell(typist, isTyping: false)
    }
  }

  private func start(_ typist: TypingBoard.Typist, on connection: ConnectionID?) {
    let now = streams.scheduler.now
    let (isNew, needsTimer) = state.withLock { state in
      let isNew = state.board.start(typist, on: connection, now: now)
      defer { state.hasTimer = true }
      return (isNew, !state.hasTimer)
    }
    if isNew { tell(typist, isTyping: true) }
    if needsTimer { streams.scheduler.schedule(after: TypingBoard.lifetime) { self.sweep() } }
  }

  func stop(_ user: UUID, in chat: UUID) {
    let typist = TypingBoard.Typist(chatID: chat, userID: user)
    if state.withLock({ $0.board.stop(typist) }) { stopped(typist) }
  }

  func connectionClosed(_ connection: ConnectionID) {
    for typist in state.withLock({ $0.board.stopAll(on: connection) }) { stopped(typist) }
  }

  private func stopped(_ typist: TypingBoard.Typist) {
    tellNodes(typist, isTyping: false)
    tell(typist, isTyping: false)
  }

  /// Tells a connection that has just opened a chat who types there already.
  func greet(_ connection: ConnectionID, of user: UUID, in chat: UUID) {
    for typist in state.withLock({ $0.board.typists(in: chat) }) where typist != user {
      streams.sink.send(
        ServerEvents.userTyping(UserTypingEvent(chatID: chat, userID: typist, typing: true)), to: connection,
        isVolatile: true)
    }
  }

  private func sweep() {
    let now = streams.scheduler.now
    let (expired, next) = state.withLock { state in
      let expired = state.board.expire(now: now)
      let next = state.board.nextDeadline
      state.hasTimer = next != nil
      return (expired, next)
    }
    for typist in expired { tell(typist, isTyping: false) }
    if let next { streams.scheduler.schedule(after: max(.milliseconds(1), next - now)) { self.sweep() } }
  }

  private func tellNodes(_ typist: TypingBoard.Typist, isTyping: Bool) {
    guard let nodes = streams.nodes else { return }
    let event = UserTypingEvent(chatID: typist.chatID, userID: typist.userID, typing: isTyping)
    nodes.publish(
      ServerEvents.userTyping(event), toRoom: Room.open(typist.chatID), exceptRoom: Room.user(typist.userID),
      isVolatile: true)
  }

  private func tell(_ typist: TypingBoard.Typist, isTyping: Bool) {
    let viewers = streams.registry.viewers(of: typist.chatID, by: typist.userID)
    guard !viewers.others.isEmpty else { return }
    let event = ServerEvents.userTyping(
      UserTypingEvent(chatID: typist.chatID, userID: typist.userID, typing: isTyping))
    if viewers.own.count <= 1 {
      streams.sink.broadcastVolatile(event, toRoom: Room.open(typist.chatID), except: viewers.own.first)
    } else {
      // A broadcast leaves out one connection only.
      for connection in viewers.others { streams.sink.send(event, to: connection, isVolatile: true) }
    }
  }
}
