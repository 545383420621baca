import Generated
import ProtocolRuntime
import Testing

@testable import Handlers

@Suite struct TypingTests: StreamSuite {
  let scene = StreamScene()
  let typing: Typing

  init() { typing = Typing(streams: scene.streams) }

  private func open(_ caller: Caller) async throws -> ConnectionID {
    reader.set(caller.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
    let connection = ConnectionID(rawValue: .random(in: .min ... .max))
    try await streams.connectionOpened(connection, caller: caller)
    #expect(streams.open(chat, on: connection, readAt: 1))
    return connection
  }

  private func typed(_ connection: ConnectionID) throws -> [Bool] {
    try sink.received(connection).map { try #require(try $0.payload(UserTypingEvent.self)).typing }
  }

  @Test func `typing ends 6 s after the last renewal, and never returns to its sender`() async throws {
    let mine = [try await open(ada), try await open(ada)]
    let other = try await open(grace)
    typing.start(ada.userID, in: chat, on: mine[0])
    scheduler.advance(by: .milliseconds(5999))
    typing.start(ada.userID, in: chat, on: mine[1])
    scheduler.advance(by: .milliseconds(5999))
    #expect(try typed(other) == [true])
    scheduler.advance(by: .milliseconds(1))
    #expect(try typed(other) == [true, false])
    #expect(scheduler.pending == 0)
    for connection in mine { #expect(try typed(connection) == []) }
  }

  @Test func `typing ends when it is stopped, or its connection is gone`() async throws {
    let mine = try await open(ada)
    let other = try await open(grace)
    typing.start(ada.userID, in: chat, on: mine)
    typing.stop(ada.userID, in: chat)
    typing.stop(ada.userID, in: chat)
    typing.start(ada.userID, in: chat, on: mine)
    typing.connectionClosed(mine)
    #expect(try typed(other) == [true, false, true, false])
    scheduler.advance(by: .seconds(20))
    #expect(try typed(other).count == 4)
    #expect(try typed(mine) == [])
  }

  @Test func `only who has the chat open is told, and who opens it later too`() async throws {
    let mine = try await open(ada)
    let other = try await open(grace)
    streams.close(chat, on: other)
    typing.start(ada.userID, in: chat, on: mine)
    #expect(try typed(other) == [])
    typing.greet(other, of: grace.userID, in: chat)
    #expect(try typed(other) == [true])
  }
}
