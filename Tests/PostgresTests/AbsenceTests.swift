import Foundation
import Glibc
import Testing

@testable import Postgres

/// What callers see when a server is away, hangs or waits. Whoever stops one has a PostgreSQL of its own.
@Suite(.database) struct AbsenceTests {
  @Test func aDatabaseThatIsAwayFailsFastAndComesBack() async throws {
    let folder = try TemporaryFolder()
    let postgres = PrivatePostgres(configuration: .init(dataDirectory: folder.path), logger: quiet)
    let connectionString = try await postgres.start()
    try await withClient(connectionString) {
      $0.waitLimit = .seconds(600)
      $0.queueLimit = 10
    } _: { patient in
      try await withClient(connectionString) {
        $0.waitLimit = .milliseconds(300)
      } _: { client in
        for client in [patient, client] {
          try await until("it is there") { (try? await client.run("SELECT 1")) != nil }
        }
        await postgres.stop()
        try await until("it is noticed") { client.statistics.connected + patient.statistics.connected == 0 }
        let waiting = (0..<10).map { number in
          Task { try await patient.run("SELECT $1::int", [.int(number)])[0].int(0) }
        }
        try await until("they wait") { patient.statistics.queued == 10 }
        for _ in 0..<20 {
          let error = try await failure { try await patient.run("SELECT 1") }
          #expect(error.code == .unavailable && !error.inDoubt)
          #expect(error.message.contains("10 statements"), "the queue is bounded")
        }
        // Who has less patience is given up, while those wait.
        let start = ContinuousClock.now
        let errors = try await withThrowingTaskGroup(of: PostgresError.self) { group in
          for _ in 0..<5 { group.addTask { try await failure { try await client.run("SELECT 1") } } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ContinuousClock.now - start >= .milliseconds(250))
        #expect(errors.allSatisfy { $0.code == .unavailable && !$0.inDoubt })
        #expect(client.statistics.queued == 0 && patient.statistics.queued == 10)
        _ = try await postgres.start()
        for (number, task) in waiting.enumerated() { #expect(try await task.value == number) }
        try await until("it is back") { (try? await client.run("SELECT 1")) != nil }
      }
    }
    await postgres.stop()
  }

  @Test func aServerThatHangsIsGivenUp() async throws {
    // A listener that accepts and never says a word.
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port =
      withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          bind(listener, pointer, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, pointer, &size) == 0
        }
      } ? UInt16(bigEndian: address.sin_port) : 0
    try await withClient("host=127.0.0.1 port=\(port) user=nobody dbname=none") {
      $0.waitLimit = .milliseconds(100)
    } _: { client in
      let error = try await failure { try await client.run("SELECT 1") }
      #expect(error.code == .unavailable)
    }
  }

  @Test func aServerThatWaitsIsNotASilentOne() async throws {
    // Five statements of one flight, each in its time, and no byte for longer than any of them may take.
    try await withClient {
      $0.connections = 1
      $0.statementTimeout = .seconds(2)
    } _: { client in
      let first = Task { try await client.run("SELECT pg_sleep(0.5)") }
      try await until("it flies") { client.statistics.flights == 1 }
      let answers = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<5 {
          group.addTask { try await client.run("SELECT $1::int, pg_sleep(1.7)", [.int(number)])[0].int(0) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      _ = try await first.value
      #expect(answers.sorted() == Array(0..<5))
      #expect(client.statistics.flights == 2, "they flew together")
      #expect(client.statistics.reconnects == 0)
    }
  }

  @Test(.timeLimit(.minutes(3))) func aServerThatStopsInAFlightIsGivenUp() async throws {
    let folder = try TemporaryFolder()
    let postgres = PrivatePostgres(configuration: .init(dataDirectory: folder.path), logger: quiet)
    let connectionString = try await postgres.start()
    try await withClient(connectionString) {
      $0.connections = 1
    } _: { client in
      let row = try await client.run("SELECT pg_backend_pid(), pg_postmaster_start_time()")[0]
      let text = try String(contentsOfFile: folder.path + "/postgres/data/postmaster.pid", encoding: .utf8)
      let postmaster = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
      let stopped = [postmaster, pid_t(try row.int(0))]
      for pid in stopped { kill(pid, SIGSTOP) }
      let error = try await failure { try await client.run("SELECT 1") }
      for pid in stopped { kill(pid, SIGCONT) }
      #expect(error.code == .connectionLost && error.inDoubt)
      try await until("it is back") { (try? await client.run("SELECT 1")) != nil }
    }
    await postgres.stop()
  }

  @Test func anUnreachableServerIsNoReasonToHangAtTheEnd() async throws {
    try await withClient("host=/nonexistent user=nobody dbname=none") {
      $0.waitLimit = .seconds(60)
    } _: { client in
      let waiting = Task { try await client.run("SELECT 1") }
      try await until("it waits") { client.statistics.queued == 1 }
      await client.close()
      await #expect(throws: PostgresError.self) { _ = try await waiting.value }
    }
  }
}
