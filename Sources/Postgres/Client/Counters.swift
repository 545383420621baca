import Synchronization

/// What all connections count. Relaxed: they are figures, nothing is ordered by them.
final class Counters: Sendable {
  private let statements = Atomic(0)
  private let syncs = Atomic(0)
  private let flights = Atomic(0)
  private let resent = Atomic(0)
  private let reconnects = Atomic(0)

  func addFlight(statements: Int, syncs: Int) {
    flights.add(1, ordering: .relaxed)
    self.statements.add(statements, ordering: .relaxed)
    self.syncs.add(syncs, ordering: .relaxed)
  }

  func addResent(_ count: Int) { resent.add(count, ordering: .relaxed) }

  func addReconnect() { reconnects.add(1, ordering: .relaxed) }

  func snapshot() -> PostgresClient.Statistics {
    var statistics = PostgresClient.Statistics()
    statistics.statements = statements.load(ordering: .relaxed)
    statistics.syncs = syncs.load(ordering: .relaxed)
    statistics.flights = flights.load(ordering: .relaxed)
    statistics.resent = resent.load(ordering: .relaxed)
    statistics.reconnects = reconnects.load(ordering: .relaxed)
    return statistics
  }
}
