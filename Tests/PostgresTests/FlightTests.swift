import CPostgres
import Synchronization
import Testing

@testable import Postgres

/// Transcripts: what is sent, what the server answers, and what becomes of each unit.
@Suite struct FlightTests {
  private static let deadlock = PostgresError(.statement, "deadlock detected", sqlState: "40P01")
  private static let locked = PostgresError(.statement, "lock timeout", sqlState: "55P03")
  private static let wrong = PostgresError(.statement, "wrong", sqlState: "22012")
  private static let unknown = PostgresError(.statement, "no such prepared statement", sqlState: "26000")

  private static var success: Flight.Answer {
    guard let result = PQmakeEmptyPGresult(nil, PGRES_COMMAND_OK) else { preconditionFailure("out of memory") }
    return .success(PostgresResult(owning: result))
  }

  /// Makes units (of so many steps each), and answers their waiting callers at the end, whatever `body` did with them.
  private func withUnits(_ sizes: [Int], _ body: @Sendable ([Unit]) throws -> Void) async throws {
    let waiting = Mutex<[Unit]>([])
    let collect: @Sendable (Unit.Work) -> Void = { work in waiting.withLock { $0.append(Unit(work)) } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, size) in sizes.enumerated() {
        let step = Unit.Step(
          Statement(name: "s\(index)", text: ""), try Parameters.encode([], for: ""))
        group.addTask {
          if size == 1 {
            _ = await withUnsafeContinuation { collect(.single(step, $0)) }
          } else {
            _ = await withUnsafeContinuation { collect(.transaction(Array(repeating: step, count: size), $0)) }
          }
        }
        try await until("it waits") { waiting.withLock { $0.count == index + 1 } }
      }
      let units = waiting.withLock { $0 }
      defer { for unit in units { unit.fail(FlightTests.wrong) } }
      try body(units)
    }
  }

  private func names(_ verdicts: [Flight.Verdict]?) -> [String] {
    guard let verdicts else { return ["an answer out of order"] }
    return verdicts.map { verdict in
      switch verdict {
      case .finished(let unit, let results): "\(unit.step(0).statement.name) finished \(results.count)"
      case .failed(let unit, let error): "\(unit.step(0).statement.name) failed \(error.sqlState ?? "\(error.code)")"
      case .sendAgain(let unit): "\(unit.step(0).statement.name) again \(unit.isAlone) \(unit.retries)"
      case .locked(let unit, let error): "\(unit.step(0).statement.name) locked \(error.sqlState ?? "")"
      }
    }
  }

  @Test func singlesShareASyncAndTransactionsHaveTheirOwn() async throws {
    try await withUnits([1, 2, 1]) { units in
      var flight = Flight(units, isPrepared: { $0 != "s2" })
      #expect(
        flight.steps == [
          .prepare(0), .endOfPrepare, .execute(unit: 0, step: 0), .execute(unit: 1, step: 0), .sync(0..<2),
          .execute(unit: 2, step: 0), .execute(unit: 2, step: 1), .sync(2..<3),
        ])
      #expect(flight.executeCount == 4 && flight.syncCount == 3)
      for answer in [FlightTests.success, .synced, FlightTests.success, FlightTests.success] {
        #expect(names(flight.receive(answer)) == [], "nobody is told before the Sync")
      }
      #expect(names(flight.receive(.synced)) == ["s0 finished 1", "s2 finished 1"])
      #expect(flight.prepared == ["s2"])
      #expect(names(flight.receive(FlightTests.success)) == [])
      #expect(names(flight.receive(FlightTests.success)) == [])
      #expect(names(flight.receive(.synced)) == ["s1 finished 2"])
      #expect(flight.isOver)
      #expect(flight.receive(.synced) == nil)
    }
  }

  @Test func afterAFailureTheOthersAreSentAgainAlone() async throws {
    try await withUnits([1, 1, 1]) { units in
      var flight = Flight(units, isPrepared: { _ in true })
      for answer in [FlightTests.success, .failure(FlightTests.wrong), .skipped] {
        #expect(names(flight.receive(answer)) == [])
      }
      #expect(names(flight.receive(.synced)) == ["s0 again true 0", "s1 failed 22012", "s2 again true 0"])
    }
  }

  @Test func aDeadlockIsRetriedFiveTimes() async throws {
    try await withUnits([2]) { units in
      for retry in 1...6 {
        var flight = Flight(units, isPrepared: { _ in true })
        #expect(names(flight.receive(FlightTests.success)) == [])
        #expect(names(flight.receive(.failure(FlightTests.deadlock))) == [])
        let expected = retry == 6 ? "s0 failed 40P01" : "s0 again true \(retry)"
        #expect(names(flight.receive(.synced)) == [expected])
      }
    }
  }

  @Test func whoMeetsALockWaitsWithoutAConnection() async throws {
    try await withUnits([1, 2]) { units in
      var flight = Flight(units, isPrepared: { _ in true })
      #expect(names(flight.receive(FlightTests.success)) == [])
      #expect(names(flight.receive(.synced)) == ["s0 finished 1"])
      #expect(names(flight.receive(.failure(FlightTests.locked))) == [])
      #expect(names(flight.receive(.skipped)) == [])
      #expect(names(flight.receive(.synced)) == ["s1 locked 55P03"])
    }
  }

  @Test func aReadOnlyServerIsLeft() async throws {
    try await withUnits([1]) { units in
      var flight = Flight(units, isPrepared: { _ in true })
      #expect(names(flight.receive(.failure(PostgresError(.statement, "read-only", sqlState: "25006")))) == [])
      #expect(names(flight.receive(.synced)) == ["s0 failed 25006"])
      #expect(flight.needsNewConnection != nil)
    }
  }

  @Test func aFailureAtTheCommitIsTheOnlyUnitsOwnOrSortedOutAlone() async throws {
    try await withUnits([1, 1, 2]) { units in
      var flight = Flight(units, isPrepared: { _ in true })
      for _ in 0..<2 { #expect(names(flight.receive(FlightTests.success)) == []) }
      #expect(names(flight.receive(.failure(FlightTests.wrong))) == [])
      #expect(names(flight.receive(.synced)) == ["s0 again true 0", "s1 again true 0"])
      for _ in 0..<2 { #expect(names(flight.receive(FlightTests.success)) == []) }
      #expect(names(flight.receive(.failure(FlightTests.wrong))) == [])
      #expect(names(flight.receive(.synced)) == ["s2 failed 22012"])
    }
  }

  @Test func whatPrepareSaidIsWhatTheCallerHears() async throws {
    try await withUnits([1]) { units in
      var flight = Flight(units, isPrepared: { _ in false })
      #expect(names(flight.receive(.failure(FlightTests.wrong))) == [])
      #expect(names(flight.receive(.synced)) == [])
      #expect(names(flight.receive(.failure(FlightTests.unknown))) == [])
      #expect(names(flight.receive(.synced)) == ["s0 failed 22012"])
      #expect(flight.prepared == [])
      // Without an error of Parse, the server has lost the statement: it is prepared anew.
      var next = Flight(units, isPrepared: { _ in true })
      #expect(names(next.receive(.failure(FlightTests.unknown))) == [])
      #expect(names(next.receive(.synced)) == ["s0 again true 1"])
      #expect(next.forgotten == ["s0"])
    }
  }

  @Test func aLostConnectionLeavesDoubtOnlyWhereThereIsSome() async throws {
    try await withUnits([1, 1, 2, 2]) { units in
      var flight = Flight(units, isPrepared: { _ in true })
      #expect(names(flight.receive(FlightTests.success)) == [])
      #expect(names(flight.receive(.failure(FlightTests.wrong))) == [])
      let lost = PostgresError(.connectionLost, "gone", inDoubt: true)
      #expect(
        names(flight.abandon(lost))
          == ["s0 again true 0", "s1 failed 22012", "s2 failed connectionLost", "s3 failed connectionLost"])
      #expect(flight.isOver)
      #expect(flight.abandon(lost).isEmpty)
    }
  }
}
