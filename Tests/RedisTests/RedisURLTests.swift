import Testing

@testable import Redis

@Suite struct RedisURLTests {
  @Test func addresses() throws {
    #expect(try RedisURL("redis://localhost").address == .tcp(host: "localhost", port: 6_379))
    #expect(try RedisURL("redis://10.0.0.1:7000").address == .tcp(host: "10.0.0.1", port: 7_000))
    #expect(try RedisURL("redis://[::1]:7000/").address == .tcp(host: "::1", port: 7_000))
    #expect(try RedisURL("redis://[::1]").address == .tcp(host: "::1", port: 6_379))
    #expect(try RedisURL("unix:///run/redis.sock").address == .unix(path: "/run/redis.sock"))
    #expect(try RedisURL("redis+unix:///run/a%20b.sock?db=2").address == .unix(path: "/run/a b.sock"))
  }

  @Test func credentialsAndDatabase() throws {
    let full = try RedisURL("redis://user:p%40ss%2Fw%3Ard@host:1/15")
    #expect(full.user == "user")
    #expect(full.password == "p@ss/w:rd")
    #expect(full.database == 15)
    let short = try RedisURL("redis://:secret@host")
    #expect(short.user == nil)
    #expect(short.password == "secret")
    #expect(short.database == 0)
    let unix = try RedisURL("unix://u:p@/run/redis.sock?db=7")
    #expect(unix.user == "u" && unix.password == "p" && unix.database == 7)
  }

  @Test(arguments: [
    "", "localhost", "http://host", "rediss://host", "redis://", "redis://:6379", "redis://host:0",
    "redis://host:65536",
    "redis://host:port", "redis://host/x", "redis://host/-1", "redis://secret@host", "redis://[::1", "redis://[::1]x",
    "redis://a%2", "redis://a%zz", "redis://a%00", "redis://a%ff", "unix://relative", "unix:///a?x=1",
    "unix:///\(String(repeating: "x", count: 107))",
  ])
  func whatCannotBeRead(_ text: String) {
    let error = #expect(throws: RedisError.self) { try RedisURL(text) }
    #expect(error?.code == .badConfiguration)
    #expect(error?.description.contains("secret") == false)
  }
}
