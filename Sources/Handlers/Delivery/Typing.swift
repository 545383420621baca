import Generated
import ProtocolRuntime

/// Tells who types, to the connections that have the chat open, except those of the typist.
///
/// By chat there are some boards, with one timer each: it runs while somebody types, and is set to the earliest deadline.
///
/// Each node keeps account of all typists: others tell it each renewal, and it lets them expire by itself, so that nobody
/// types for ever whose node has died.
final class Typing: Sendable {
  private struct State {
    var board = TypingBoard()
    var hasTimer = false
  }

  private let streams: ChatStreams
  /// By the chat.
  private let states = Sharded(State())

  init(streams: ChatStreams) {
    self.streams = streams
  }

  private func withBoard<Result: Sendable>(of chat: UUID, _ body: (inout TypingBoard) -> Result) -> Result {
    states.withLock(of: chat) { body(&$0.board) }
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
    } else if withBoard(of: typist.chatID, { $0.stop(typist) }) {
      tell(typist, isTyping: false)
    }
  }

  private func start(_ typist: TypingBoard.Typist, on connection: ConnectionID?) {
    let scheduler = streams.shard(of: .chat(typist.chatID)).loop.scheduler
    let now = scheduler.now
    let index = states.index(of: typist.chatID.low)
    let (isNew, needsTimer) = states.withLock(index) { state in
      let isNew = state.board.start(typist, on: connection, now: now)
      defer { state.hasTimer = true }
      return (isNew, !state.hasTimer)
    }
    if isNew { tell(typist, isTyping: true) }
    if needsTimer { scheduler.schedule(after: TypingBoard.lifetime) { self.sweep(index, scheduler) } }
  }

  func stop(_ user: UUID, in chat: UUID) {
    let typist = TypingBoard.Typist(chatID: chat, userID: user)
    if withBoard(of: chat, { $0.stop(typist) }) { stopped(typist) }
  }

  func connectionClosed(_ connection: ConnectionID) {
    for index in 0..<states.count {
      for typist in states.withLock(index, { $0.board.stopAll(on: connection) }) { stopped(typist) }
    }
  }

  private func stopped(_ typist: TypingBoard.Typist) {
    tellNodes(typist, isTyping: false)
    tell(typist, isTyping: false)
  }

  /// A member is gone: each node sees that by itself.
  func departed(_ user: UUID, from chat: UUID) {
    let typist = TypingBoard.Typist(chatID: chat, userID: user)
    if withBoard(of: chat, { $0.stop(typist) }) { tell(typist, isTyping: false) }
  }

  /// Tells a connection that has just opened a chat who types there already.
  func greet(_ connection: ConnectionID, of user: UUID, in chat: UUID) {
    for typist in withBoard(of: chat, { $0.typists(in: chat) }) where typist != user {
      streams.sink.send(
        ServerEvents.userTyping(UserTypingEvent(chatID: chat, userID: typist, typing: true)), to: connection)
    }
  }

  private func sweep(_ index: Int, _ scheduler: any Scheduler) {
    let now = scheduler.now
    let (expired, next) = states.withLock(index) { state in
      let expired = state.board.expire(now: now)
      let next = state.board.nextDeadline
      state.hasTimer = next != nil
      return (expired, next)
    }
    for typist in expired { tell(typist, isTyping: false) }
    if let next { scheduler.schedule(after: max(.milliseconds(1), next - now)) { self.sweep(index, scheduler) } }
  }

  private func tellNodes(_ typist: TypingBoard.Typist, isTyping: Bool) {
    guard let nodes = streams.nodes else { return }
    let event = UserTypingEvent(chatID: typist.chatID, userID: typist.userID, typing: isTyping)
    nodes.publish(
      ServerEvents.userTyping(event), toRoom: Room.open(typist.chatID), exceptRoom: Room.user(typist.userID))
  }

  private func tell(_ typist: TypingBoard.Typist, isTyping: Bool) {
    let viewers = streams.registry.viewers(of: typist.chatID, by: typist.userID)
    guard !viewers.others.isEmpty else { return }
    let event = ServerEvents.userTyping(
      UserTypingEvent(chatID: typist.chatID, userID: typist.userID, typing: isTyping))
    if viewers.own.count <= 1 {
      streams.sink.broadcast(event, toRoom: Room.open(typist.chatID), except: viewers.own.first)
    } else {
      // A broadcast leaves out one connection only.
      for connection in viewers.others { streams.sink.send(event, to: connection) }
    }
  }
}
