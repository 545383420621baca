import Testing

@testable import Redis

@Suite struct HealthTests {
  private let start = ContinuousClock.now

  private func health() -> Health {
    Health(interval: .seconds(2), limit: .seconds(3), now: start)
  }

  @Test func aQuietConnectionIsAsked() {
    var health = health()
    #expect(health.check(now: start + .seconds(1)) == .wait(until: start + .seconds(2)))
    #expect(health.check(now: start + .seconds(2)) == .ping)
    health.sent(bytes: 0, now: start + .seconds(2))
    #expect(health.check(now: start + .seconds(4)) == .wait(until: start + .seconds(5)))
    #expect(health.check(now: start + .seconds(5)) == .dead)
    health.heard(owedBytes: nil, now: start + .seconds(4))
    #expect(health.check(now: start + .seconds(5)) == .wait(until: start + .seconds(6)))
  }

  @Test func whatIsSentMeanwhileDoesNotPutOffTheEnd() {
    var health = health()
    for second in 0..<3 { health.sent(bytes: 100, now: start + .seconds(second)) }
    #expect(health.check(now: start + .milliseconds(3_100)) == .dead)
  }

  @Test func anyByteIsLife() {
    var health = health()
    health.sent(bytes: 0, now: start)
    for second in 1..<10 {
      #expect(health.check(now: start + .seconds(second)) != .dead)
      health.heard(owedBytes: 0, now: start + .seconds(second))
    }
    #expect(health.check(now: start + .seconds(12)) == .dead)
  }

  @Test func largeMessagesHaveTheirTime() {
    var health = health()
    health.sent(bytes: 80_000_000, now: start)
    #expect(health.check(now: start + .seconds(12)) == .wait(until: start + .seconds(13)))
    health.heard(owedBytes: 0, now: start + .seconds(12))
    #expect(health.check(now: start + .seconds(15)) == .dead)
  }
}
