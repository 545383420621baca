import Foundation
import Generated
import Postgres
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

extension DatabaseTests {
  /// Random histories: many act at once, and every replica ends equal to the database.
  @Suite struct HistoryTests {
    /// The chats and messages that there are, for somebody to pick one.
    private final class Things: Sendable {
      private let chats = Mutex<[ID]>([])
      private let messages = Mutex<[ID]>([])

      func add(chat: ID) { chats.withLock { $0.append(chat) } }
      func add(message: ID) { messages.withLock { $0.append(message) } }
      func chat(_ generator: inout SeededGenerator) -> ID {
        chats.withLock { $0.randomElement(using: &generator) ?? .v7() }
      }
      // Mostly a late one, so that the same message is edited more than once.
      func message(_ generator: inout SeededGenerator) -> ID {
        messages.withLock { $0.suffix(40).randomElement(using: &generator) ?? .v7() }
      }
    }

    /// Other histories each time; a seed gives the same choices again, though not the same interleaving.
    private static let seeds: [Int] =
      ProcessInfo.processInfo.environment["LETSCHAT_HISTORY_SEED"].flatMap { Int($0) }.map { [$0] }
      ?? (0..<4).map { _ in .random(in: 0..<1_000_000) }

    @Test(arguments: seeds) func `replicas end equal to the database`(_ seed: Int) async throws {
      try await withWorld { world in
        let users = try await world.users(6)
        let things = Things()
        for index in 0..<3 { things.add(chat: try await world.group(users[index], Array(users[(index + 1)...])).id) }
        let replicas = try await withThrowingTaskGroup(of: Replica.self) { group in
          for (number, user) in users.enumerated() {
            group.addTask { try await Self.live(user, among: users, things, world, seed: seed * 10 + number) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        for var replica in replicas {
          let truth = try await Replica.truth(of: replica.caller, world)
          if replica.connection != nil {
            // By the events alone, and the past of the chats that they brought.
            try await until("the events make a connected replica equal") {
              try replica.drain(world)
              for id in replica.unread { try await replica.fetch(id, world) }
              return replica.differences(from: truth).isEmpty
            }
          } else {
            try await replica.catchUp(world)
            #expect(replica.differences(from: truth) == [])
          }
          // A new device, in small steps.
          var other = Replica(caller: replica.caller)
          try await other.catchUp(world)
          #expect(other.differences(from: truth) == [])
        }
        try await Self.checkNumbers(world)
      }
    }

    /// What one user does: acts, and comes and goes.
    private static func live(
      _ user: Caller, among users: [Caller], _ things: Things, _ world: World, seed: Int
    ) async throws -> Replica {
      var generator = SeededGenerator(seed: seed)
      var replica = Replica(caller: user)
      for _ in 0..<120 {
        let choice = Int.random(in: 0..<100, using: &generator)
        let chat = things.chat(&generator)
        let message = things.message(&generator)
        let number = Int.random(in: 0...99, using: &generator)
        let others = users.shuffled(using: &generator)
        switch choice {
        case ..<35:
          if let message = try await world.send("said", to: chat, by: user).created { things.add(message: message.id) }
        case ..<50: _ = try await world.edit(message, "edited \(number % 10)", by: user)
        case ..<56: _ = try await world.delete(message: message, by: user)
        case ..<68: _ = try await world.read(chat, upTo: number % 61, by: user)
        case ..<74: _ = try await world.add(Array(others.prefix(2)), to: chat, by: user)
        case ..<79: _ = try await world.remove(others[0], from: chat, by: user)
        case ..<82: _ = try await world.remove(user, from: chat, by: user)
        case ..<85: _ = try await world.rename(chat, "Name \(number)", by: user)
        case ..<88: things.add(chat: try await world.group(user, Array(others.prefix(3))).id)
        case ..<89: _ = try await world.delete(chat, by: user)
        default:
          if replica.connection == nil { try await replica.connect(world) } else { try replica.disconnect(world) }
        }
        try replica.drain(world)
      }
      return replica
    }

    /// seq has no holes, no rev is given twice, and none is beyond the chat's.
    static func checkNumbers(_ world: World) async throws {
      let wrong = try await world.rows(
        """
        SELECT c.id, concat_ws(' ', m.count, c.last_seq, m.seq, m.rev, c.rev, c.meta_rev, c.member_count, c.type, c.deleted_at)
        FROM chats c
        LEFT JOIN LATERAL (
          SELECT count(*) AS count, coalesce(max(seq), 0) AS seq, coalesce(max(rev), 0) AS rev
          FROM messages WHERE chat_id = c.id
        ) m ON true
        WHERE m.count <> c.last_seq OR m.seq <> c.last_seq OR m.rev > c.rev OR c.meta_rev > c.rev
          OR c.member_count <> (SELECT count(*) FROM chat_members WHERE chat_id = c.id AND left_at IS NULL)
          OR EXISTS (
            SELECT FROM chat_members WHERE chat_id = c.id AND (rev > c.rev OR last_read_seq > c.last_seq)
          )
          OR EXISTS (
            SELECT FROM chat_members cm JOIN messages USING (chat_id, rev) WHERE chat_id = c.id
          )
          OR c.deleted_at IS NULL AND c.type = 'group' AND NOT EXISTS (
            SELECT FROM chat_members WHERE chat_id = c.id AND left_at IS NULL AND role = 'admin'
          )
        """)
      #expect(try (0..<wrong.count).map { try wrong[$0].text(1) { String(decoding: $0, as: UTF8.self) } } == [])
    }
  }
}
