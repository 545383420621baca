import Testing

@testable import LoadGenerator

@Suite struct DeliveryLedgerTests {
  private var ledger = DeliveryLedger(receivers: 2, senders: 2)

  @Test mutating func allInOrder() {
    for _ in 0..<3 {
      let number = ledger.issue(sender: 1)
      for receiver in 0..<2 { #expect(ledger.record(receiver: receiver, sender: 1, number: number) == .first) }
    }
    #expect(ledger.sentCount == 3)
    #expect(ledger.missing == 0)
  }

  @Test mutating func whatNeverComesIsMissing() {
    for _ in 0..<4 { _ = ledger.issue(sender: 0) }
    #expect(ledger.missing == 8)
    #expect(ledger.record(receiver: 0, sender: 0, number: 0) == .first)
    #expect(ledger.record(receiver: 0, sender: 0, number: 3) == .first)
    // Receiver 0 lacks 1 and 2, receiver 1 all four.
    #expect(ledger.missing == 6)
  }

  @Test mutating func aLateOneIsNoDouble() {
    for _ in 0..<3 { _ = ledger.issue(sender: 0) }
    #expect(ledger.record(receiver: 1, sender: 0, number: 2) == .first)
    #expect(ledger.record(receiver: 1, sender: 0, number: 0) == .late)
    #expect(ledger.record(receiver: 1, sender: 0, number: 0) == .double)
    #expect(ledger.record(receiver: 1, sender: 0, number: 2) == .double)
    // Receiver 1 still lacks 1.
    #expect(ledger.missing == 3 + 1)
  }

  @Test mutating func whatWasNeverSentIsUnknown() {
    _ = ledger.issue(sender: 0)
    #expect(ledger.record(receiver: 0, sender: 0, number: 1) == .unknown)
    #expect(ledger.record(receiver: 0, sender: 1, number: 0) == .unknown)
    #expect(ledger.record(receiver: 0, sender: 2, number: 0) == .unknown)
    #expect(ledger.record(receiver: 0, sender: 0, number: -1) == .unknown)
    #expect(ledger.missing == 2)
  }
}
