import Testing

@testable import LoadGenerator

@Suite struct SendScheduleTests {
  @Test func messagesAreDueAtTheRateAndInTurn() {
    // 30 a second for a tenth of one, from 5 s on.
    var schedule = SendSchedule(rate: 30, senders: 2, begin: 5_000_000_000, end: 5_100_000_000)
    var sent: [(sender: Int, due: UInt64)] = []
    while let message = schedule.pop(now: .max) { sent.append(message) }
    #expect(sent.map(\.sender) == [0, 1, 0])
    #expect(sent.map(\.due) == [5_000_000_000, 5_033_333_333, 5_066_666_666])
    #expect(schedule.next == nil)
  }

  @Test func nothingIsTakenBeforeItsTime() {
    var schedule = SendSchedule(rate: 10, senders: 1, begin: 1000, end: 1_000_000_000)
    #expect(schedule.pop(now: 999) == nil)
    #expect(schedule.pop(now: 1000)?.due == 1000)
    #expect(schedule.pop(now: 1001) == nil)
    #expect(schedule.next == 100_001_000)
  }

  /// A generator that was held up sends what it owes at once, and each keeps the time at which it was due: that is what
  /// the latencies count from.
  @Test func whatIsOverdueKeepsItsTime() {
    var schedule = SendSchedule(rate: 1000, senders: 3, begin: 0, end: 1_000_000_000)
    var due: [UInt64] = []
    while let message = schedule.pop(now: 4_500_000) { due.append(message.due) }
    #expect(due == [0, 1_000_000, 2_000_000, 3_000_000, 4_000_000])
  }

  /// The times are computed from the beginning, not one from the other, so that no rounding adds up.
  @Test func anHourDoesNotDrift() {
    var schedule = SendSchedule(rate: 300, senders: 10, begin: 0, end: 3_600_000_000_000)
    var count = 0
    while schedule.pop(now: .max) != nil { count += 1 }
    #expect(count == 300 * 3600)
  }
}
