import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct PeopleSearchTests {
    // One form of a text was not found by another.
    @Test func `people are found in whatever form a name is written`() async throws {
      try await withWorld { world in
        let caller = try await world.user("Caller")
        // A word of its own for this test, at the end of each name.
        let mark = "y" + String(ID.v7().description.filter { $0 != "-" }.suffix(12))
        func names(_ q: String) async throws -> [String]? {
          let input = Operations.SearchUsers.Input(query: .init(q: q, limit: 50))
          guard
            case .ok(let list) = try await world.service.users.searchUsers(
              input, caller: caller, context: world.context)
          else { return nil }
          return list.items.map(\.displayName)
        }
        let found: [(name: String, queries: [String])] = [
          // NFC and NFD.
          ("Zoe\u{308}", ["zo\u{eb}", "ZOE\u{308}"]), ("Ren\u{e9}", ["rene\u{301}", "REN\u{c9}"]),
          // İ, ß and both sigmas.
          ("\u{130}pek", ["ipek", "IPEK", "\u{130}PEK"]), ("Stra\u{df}e", ["STRASSE", "stra\u{df}e"]),
          ("\u{39f}\u{394}\u{39f}\u{3a3}", ["\u{3bf}\u{3b4}\u{3bf}\u{3c2}", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}"]),
          // Compatibility: full width, a ligature.
          ("\u{ff21}\u{ff22}\u{ff23}", ["abc"]), ("\u{fb01}n", ["fin"]),
        ]
        for (name, _) in found { _ = try await world.user("\(name) \(mark)") }
        for (name, queries) in found {
          for query in queries { #expect(try await names("\(query) \(mark)") == ["\(name) \(mark)"], "\(query)") }
        }
        for separator in ["\u{a0}", "\u{3000}", "\t", "-", "\u{2010}", "\u{2003}", "  "] {
          let name = "Ada\(separator)Behind\(mark)"
          _ = try await world.user(name)
          #expect(try await names("ada behind\(mark)")?.contains(name) == true, "\(separator)")
          #expect(try await names("BEHIND\(mark)")?.contains(name) == true, "\(separator)")
          #expect(try await names("ada\(separator)behind\(mark)")?.contains(name) == true, "\(separator)")
        }
        #expect(try await names("-") == [])
        #expect(try await names("\u{3000}") == [])
        // A name that grows to far more than 64 characters.
        let long = String(repeating: "\u{fdfa}", count: 60) + mark.prefix(4)
        _ = try await world.user(long)
        #expect(try await names("\u{fdfa}") == [long])
      }
    }

    @Test func `a new name is found, and the old one is not`() async throws {
      try await withWorld { world in
        let caller = try await world.user("Caller")
        let mark = "z" + String(ID.v7().description.filter { $0 != "-" }.suffix(12))
        let other = try await world.user("Before\(mark) Same\(mark)")
        _ = try await world.service.accounts.updateProfile(
          other.userID, displayName: "After\(mark) Same\(mark)", status: nil, bio: nil)
        for (query, count) in [("before\(mark)", 0), ("after\(mark)", 1), ("same\(mark)", 1)] {
          let input = Operations.SearchUsers.Input(query: .init(q: query, limit: 50))
          guard
            case .ok(let list) = try await world.service.users.searchUsers(
              input, caller: caller, context: world.context)
          else { throw Unexpected() }
          #expect(list.items.count == count, "\(query)")
        }
      }
    }

    @Test func `people are found by how their names begin, page by page`() async throws {
      try await withWorld { world in
        let caller = try await world.user("Caller")
        let mark = "x" + String(ID.v7().description.filter { $0 != "-" }.suffix(12))
        let displayNames = ["Élodie \(mark)", "\(mark.uppercased()) B", "no\(mark)", "50% \\ _\(mark)"]
        for (index, display) in displayNames.enumerated() {
          _ = try await world.rows(
            """
            INSERT INTO users (id, email, username, display_name, password_hash)
            VALUES ($1::uuid, $2 || '@example.org', $2, $3, '')
            """, [.uuid(.v7()), .text("\(index)\(mark)"), .text(display)])
        }
        func search(_ q: String, limit: Int = 50, cursor: String? = nil) async throws -> UserList? {
          let input = Operations.SearchUsers.Input(query: .init(q: q, limit: limit, cursor: cursor))
          guard
            case .ok(let list) = try await world.service.users.searchUsers(
              input, caller: caller, context: world.context)
          else { return nil }
          return list
        }
        func names(_ q: String) async throws -> [String]? { try await search(q)?.items.map(\.username) }
        #expect(try await names(mark.uppercased()) == ["0\(mark)", "1\(mark)"])
        #expect(try await names("2\(mark)") == ["2\(mark)"])
        #expect(try await names("élodie \(mark)") == ["0\(mark)"])
        #expect(try await names("50% \\ _\(mark)") == ["3\(mark)"])
        #expect(try await names("_\(mark)") == ["3\(mark)"])
        #expect(try await names("%\(mark)") == [])
        let own = try #require(try await world.service.accounts.account(caller.userID)).user.username
        #expect(try await names(own) == [])
        let first = try #require(try await search(mark, limit: 1))
        #expect(first.items.map(\.username) == ["0\(mark)"])
        let second = try #require(try await search(mark, limit: 1, cursor: first.nextCursor))
        #expect(second.items.map(\.username) == ["1\(mark)"])
        #expect(second.nextCursor == nil)
        #expect(try await search(mark, cursor: "nonsense!") == nil)
      }
    }
  }
}
