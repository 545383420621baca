import Foundation
import Testing

/// A client that keeps what it needs to have its state back, as the official one does.
struct Traveller {
  private(set) var client: TestClient
  private(set) var pid = ""
  private(set) var sid = ""
  private(set) var isRecovered = false
  private(set) var offset: String?

  init(_ server: TestServer) async throws {
    client = try await TestClient(server)
    try await enter(auth: "")
  }

  private mutating func enter(auth: String) async throws {
    try await client.upgrade()
    client.send("40" + auth)
    guard case .text(let answer) = await client.next(), answer.hasPrefix("40"),
      let object = try JSONSerialization.jsonObject(with: Data(answer.utf8.dropFirst(2))) as? [String: String]
    else { throw TestClient.Unexpected(message: "no CONNECT packet") }
    isRecovered = !pid.isEmpty && object["pid"] == pid
    #expect(isRecovered == (object["sid"] == sid))
    pid = object["pid"] ?? ""
    sid = object["sid"] ?? ""
  }

  /// Without a word to the server.
  func cut() async throws { try await client.channel.close() }

  mutating func go(to server: TestServer, pid: String? = nil, offset: String? = nil) async throws {
    client = try await TestClient(server)
    let offset = (offset ?? self.offset).map { ",\"offset\":\"\($0)\"" } ?? ""
    try await enter(auth: "{\"pid\":\"\(pid ?? self.pid)\"\(offset)}")
  }

  /// The next event without its offset.
  mutating func nextEvent() async throws -> (name: String, number: Int) {
    let message = await client.next()
    guard case .text(let text) = message, text.hasPrefix("42"),
      let array = try JSONSerialization.jsonObject(with: Data(text.utf8.dropFirst(2))) as? [Any], array.count == 3,
      let name = array[0] as? String, let number = array[1] as? Int
    else { throw TestClient.Unexpected(message: "no event: \(message)") }
    offset = array[2] as? String
    return (name, number)
  }

  /// The next event without its offset: `name 1`.
  mutating func next() async throws -> String {
    let (name, number) = try await nextEvent()
    return "\(name) \(number)"
  }

  mutating func next(_ count: Int) async throws -> [String] {
    var events: [String] = []
    for _ in 0..<count { events.append(try await next()) }
    return events
  }
}
