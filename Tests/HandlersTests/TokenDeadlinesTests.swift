import ProtocolRuntime
import Testing

@testable import Handlers

/// Guards that no socket outlives its access token by more than a minute, nor its session at all.
struct TokenDeadlinesTests {
  private static let start = Timestamp(millisecondsSinceEpoch: 1_800_000_000_000)
  private static let one = ConnectionID(rawValue: 1)
  private static let two = ConnectionID(rawValue: 2)

  /// A token that ends so many seconds after `start`.
  private static func token(_ seconds: Int, session: Int = 600_000) -> TokenClaims {
    TokenClaims(
      caller: Caller(userID: ID(high: 1, low: 1), sessionID: ID(high: 2, low: 2)), issuedAt: 1_800_000_000 - 900,
      expiresAt: 1_800_000_000 + seconds, sessionEndsAt: 1_800_000_000 + session)
  }

  private static func end(_ seconds: Int64) -> Timestamp { start.advanced(bySeconds: seconds) }

  /// The deadlines with a clock: what was done, and in which second.
  private struct Played {
    var deadlines = TokenDeadlines()
    /// The machine has been up for a while.
    var now = Duration.seconds(5_000.125)
    var log: [(second: Int64, step: TokenDeadlines.Step)] = []
    var seconds: Int64 { (now - .seconds(5_000.125)).components.seconds }

    mutating func show(_ token: TokenClaims, on connection: ConnectionID = one) -> Timestamp {
      deadlines.show(token, on: connection, now: now, time: start.advanced(bySeconds: seconds))
    }

    mutating func wait(_ seconds: Int) {
      for _ in 0..<(4 * seconds) {
        now += TokenDeadlines.tick
        log += deadlines.advance(to: now).map { (self.seconds, $0) }
      }
    }

    var said: [String] { log.map { "\($0.second): \($0.step)" } }
  }

  private static func lines(_ steps: [(Int64, TokenDeadlines.Step)]) -> [String] { steps.map { "\($0.0): \($0.1)" } }

  @Test func `a token's end is told a minute before, and cuts a minute after`() {
    var played = Played()
    #expect(played.show(Self.token(900)) == Self.end(900))
    played.wait(1_000)
    #expect(
      played.said
        == Self.lines([(840, .expiring(Self.one, at: Self.end(900))), (960, .expired(Self.one))]))
    #expect(played.deadlines.isEmpty)
    #expect(!played.deadlines.knows(Self.one))
  }

  @Test func `a newer token takes the place of the old one, an older one does not`() {
    var played = Played()
    _ = played.show(Self.token(900))
    played.wait(880)
    #expect(played.show(Self.token(1_780)) == Self.end(1_780))
    #expect(played.show(Self.token(900)) == Self.end(1_780))
    played.wait(1_000)
    #expect(
      played.said
        == Self.lines([
          (840, .expiring(Self.one, at: Self.end(900))), (1_720, .expiring(Self.one, at: Self.end(1_780))),
          (1_840, .expired(Self.one)),
        ]))
  }

  @Test func `a newer token that ends before the old one's time is up is told in its own time`() {
    var played = Played()
    _ = played.show(Self.token(100))
    played.wait(70)
    _ = played.show(Self.token(140))
    played.wait(200)
    #expect(
      played.said
        == Self.lines([
          (40, .expiring(Self.one, at: Self.end(100))), (80, .expiring(Self.one, at: Self.end(140))),
          (200, .expired(Self.one)),
        ]))
  }

  @Test func `a token with less than a minute left is told at once, an ended one soon`() {
    var played = Played()
    _ = played.show(Self.token(30))
    _ = played.show(Self.token(-10), on: Self.two)
    played.wait(100)
    #expect(played.said.prefix(2).allSatisfy { $0.hasPrefix("0: expiring") })
    #expect(
      Array(played.said.dropFirst(2)) == Self.lines([(60, .expired(Self.two)), (90, .expired(Self.one))]))
  }

  @Test func `the end of a session cuts at once, whatever the token says`() {
    var played = Played()
    _ = played.show(Self.token(100, session: 100))
    _ = played.show(Self.token(100, session: 20), on: Self.two)
    played.wait(200)
    #expect(
      played.said
        == Self.lines([
          (20, .sessionEnded(Self.two)), (40, .expiring(Self.one, at: Self.end(100))), (100, .sessionEnded(Self.one)),
        ]))
    // A refresh has moved the end of the session, and the newer token says so.
    var renewed = Played()
    _ = renewed.show(Self.token(100, session: 100))
    renewed.wait(50)
    _ = renewed.show(Self.token(900, session: 900))
    renewed.wait(100)
    #expect(renewed.said == Self.lines([(40, .expiring(Self.one, at: Self.end(100)))]))
  }

  @Test func `what has gone is not told, and leaves nothing behind`() {
    var played = Played()
    for number in 1...1_000 { _ = played.show(Self.token(100), on: ConnectionID(rawValue: UInt64(number))) }
    for number in 1...1_000 { played.deadlines.forget(ConnectionID(rawValue: UInt64(number))) }
    #expect(played.deadlines.isEmpty)
    played.wait(300)
    // After a long time without anybody.
    _ = played.show(Self.token(1_000))
    played.wait(900)
    #expect(played.said == Self.lines([(940, .expiring(Self.one, at: Self.end(1_000))), (1_060, .expired(Self.one))]))
  }

  @Test func `a clock that was late, and numbers at the ends of Int, do no harm`() {
    var played = Played()
    var token = Self.token(10)
    for (number, value) in [Int.max, Int.max - 59, .min, 0].enumerated() {
      token.expiresAt = value
      token.sessionEndsAt = value
      let shown = played.show(token, on: ConnectionID(rawValue: UInt64(10 + number)))
      #expect((0...253_402_300_799_000).contains(shown.millisecondsSinceEpoch))
    }
    _ = played.show(Self.token(100))
    // Nobody looked for half an hour.
    played.now += .seconds(1_800)
    let steps = played.deadlines.advance(to: played.now)
    #expect(steps.contains(.expired(Self.one)))
    #expect(played.deadlines.count == 2)
  }
}
