import Postgres
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct RowValuesTests {
    private enum Ending: String { case sent, refused }
    private enum Kind: Int { case message = 1, member = 2 }

    private func ending(_ text: String, _ world: World) async throws -> Ending {
      var row = RowReader(try await world.rows("SELECT $1::text", [.text(text)]))
      _ = try row.next()
      return try row.outcome()
    }

    private func kind(_ number: Int, _ world: World) async throws -> Kind {
      var row = RowReader(try await world.rows("SELECT $1::bigint", [.int(number)]))
      _ = try row.next()
      return try row.outcome()
    }

    @Test func `a text that names no outcome is a fault`() async throws {
      try await withWorld { world in
        let refused = try await ending("refused", world)
        #expect(refused == .refused)
        for text in ["", "Refused", "refused ", "lost"] {
          let error = await #expect(throws: PostgresError.self) { _ = try await ending(text, world) }
          #expect(error?.code == .badValue)
          #expect(error?.message.contains("expected Ending") == true)
        }
      }
    }

    @Test func `a number that stands for no outcome is a fault`() async throws {
      try await withWorld { world in
        let member = try await kind(2, world)
        #expect(member == .member)
        for number in [0, -1, 3, (1 << 32) + 1] {
          let error = await #expect(throws: PostgresError.self) { _ = try await kind(number, world) }
          #expect(error?.code == .badValue)
          #expect(error?.message.contains("expected Kind") == true)
        }
      }
    }
  }
}
