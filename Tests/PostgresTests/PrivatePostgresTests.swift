import Foundation
import Glibc
import Testing
import Threads

@testable import Postgres

@Suite struct PrivatePostgresTests {
  private func postgres(_ path: String, binaries: String? = nil) -> PrivatePostgres {
    var configuration = PrivatePostgres.Configuration(dataDirectory: path)
    configuration.binaryDirectory = binaries
    return PrivatePostgres(configuration: configuration, logger: quiet)
  }

  // Nil while the file is being written, too.
  private func pid(_ path: String) -> pid_t? {
    let text = try? String(contentsOfFile: path + "/postgres/data/postmaster.pid", encoding: .utf8)
    return text?.split(separator: "\n").first.flatMap { pid_t($0) }
  }

  @Test func keepsItsDataFromOneStartToTheNext() async throws {
    let folder = try TemporaryFolder()
    for round in 0..<3 {
      let postgres = postgres(folder.path + "/deep/down")
      try await withClient(postgres.start()) { client in
        if round == 0 { try await client.run("CREATE TABLE rounds (n int)") }
        try await client.run("INSERT INTO rounds VALUES (\(round))")
        #expect(try await client.run("SELECT count(*) FROM rounds")[0].int(0) == round + 1)
        let row = try await client.run(
          """
          SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('listen_addresses'),
            pg_encoding_to_char(encoding), datcollate, current_database()
          FROM pg_database WHERE datname = current_database()
          """)[0]
        let settings = try (0..<6).map { try row.string($0) }
        #expect(settings == ["on", "on", "", "UTF8", "C.UTF-8", "letschat"])
      }
      let postmaster = try #require(pid(folder.path + "/deep/down"))
      await postgres.stop()
      #expect(kill(postmaster, 0) != 0, "it is gone when stop returns")
    }
    let socket = try FileManager.default.attributesOfItem(atPath: folder.path + "/deep/down/postgres/socket")
    #expect(socket[.posixPermissions] as? Int == 0o700)
  }

  @Test func startsAgainAfterKill9() async throws {
    let folder = try TemporaryFolder()
    let postgres = postgres(folder.path)
    try await withClient(postgres.start()) { client in
      try await client.run("CREATE TABLE survivors (n int)")
      for round in 0..<3 {
        try await client.run("INSERT INTO survivors VALUES (\(round))")
        let before = try #require(pid(folder.path))
        kill(before, SIGKILL)
        // Backends outlive their postmaster by a moment, and answer.
        try await until("another one runs") { pid(folder.path).map { $0 != before } ?? false }
        try await until("it answers") {
          (try? await client.run("SELECT count(*) FROM survivors")[0].int(0)) == round + 1
        }
      }
    }
    await postgres.stop()
  }

  @Test func aSecondServerIsRefused() async throws {
    let folder = try TemporaryFolder()
    let first = postgres(folder.path)
    _ = try await first.start()
    let error = try await failure { _ = try await postgres(folder.path).start() }
    #expect(error.code == .privatePostgres)
    #expect("\(error)".contains("another server (process \(getpid()))"))
    await first.stop()
    let second = postgres(folder.path)
    _ = try await second.start()
    let again = try await failure { _ = try await second.start() }
    #expect(again.code == .privatePostgres)
    await second.stop()
    await second.stop()
  }

  /// A child that has not begun its program yet has a copy of every descriptor.
  @Test func aLockEndsThoughAChildHasACopy() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lock"
    let lock = try FileLock(path, purpose: "the test")
    func file(_ descriptor: CInt) -> String? {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
    }
    let copies = (0..<1024).filter { file($0) == path }.map { dup($0) }
    defer { for copy in copies { close(copy) } }
    #expect(copies.count == 1)
    _ = consume lock
    _ = try FileLock(path, purpose: "the test")
  }

  @Test func takesOverWhatAKilledServerLeftRunning() async throws {
    let folder = try TemporaryFolder()
    let first = postgres(folder.path)
    try await withClient(first.start()) { try await $0.run("CREATE TABLE left_behind (n int)") }
    await first.stop()
    // A postmaster that is no child of a living server, as after kill -9 where the parent-death signal was missed.
    let (place, binaries) = try {
      let place = try PostgresFolder(folder.path)
      return (place, try PostgresBinaries.find(nil, version: place.version))
    }()
    let orphan = try ChildProcess.spawn(
      [
        binaries.postgres, "-D", place.data, "-c", "listen_addresses=", "-c",
        "unix_socket_directories=\(place.socketDirectory)",
      ], as: place.owner)
    try await until("the orphan runs") { place.isPostmaster(orphan) && place.recordedPid == orphan }
    // It stays our child and must be reaped, for a zombie keeps its number.
    let reaped = Task.detached { waitpid(orphan, nil, 0) }
    try Postmaster.endOrphan(of: place, within: .seconds(20), logger: quiet)
    #expect(!place.isPostmaster(orphan))
    #expect(await reaped.value == orphan)
    let connectionString = place.connectionString(database: "letschat")
    // The lock is this test's own until here.
    _ = consume place
    let second = postgres(folder.path)
    _ = try await second.start()
    try await withClient(connectionString) { try await $0.run("SELECT FROM left_behind") }
    await second.stop()
  }

  @Test(arguments: [nil, "postgres"])
  func endsWithTheThreadThatStartedIt(_ user: String?) async throws {
    // What happens after kill -9 of the server: the kernel tells PostgreSQL (SIGINT is its fast shutdown).
    guard geteuid() == 0 || user == nil else { return }
    let child = try await BackgroundThread.run("test", orThrow: { PostgresError($0) }) {
      () throws(PostgresError) -> pid_t in
      let child = try ChildProcess.spawn(
        ["/bin/sleep", "60"], as: user.flatMap { SystemUser(named: $0) }, dyingWithUs: true)
      // setpriv asks for the signal, then becomes sleep.
      let deadline = ContinuousClock.now + .seconds(10)
      while PostgresFolder.read("/proc/\(child)/comm") != "sleep\n", ContinuousClock.now < deadline { sched_yield() }
      return child
    }
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child)
    #expect(ChildProcess.describe(status) == "signal \(SIGINT)")
  }

  @Test func anotherProcessWithTheOldNumberIsNoObstacle() async throws {
    let folder = try TemporaryFolder()
    let first = postgres(folder.path)
    _ = try await first.start()
    await first.stop()
    // As after a crash and a restart of a container: the number in postmaster.pid is somebody else's, of the same user.
    let owner = try PostgresFolder(folder.path).owner
    let other = try ChildProcess.spawn(["/bin/sleep", "60"], as: owner)
    defer {
      kill(other, SIGKILL)
      waitpid(other, nil, 0)
    }
    let file = folder.path + "/postgres/data/postmaster.pid"
    let data = folder.path + "/postgres/data"
    try "\(other)\n\(data)\n1700000000\n5432\n\(folder.path)/postgres/socket\n\n  1 1\nready   \n".write(
      toFile: file, atomically: false, encoding: .utf8)
    let second = postgres(folder.path)
    _ = try await second.start()
    #expect(kill(other, 0) == 0, "it was left alone")
    await second.stop()
  }

  @Test func aDataFolderThatPostgresCannotReach() async throws {
    let parent = try TemporaryFolder(mode: 0o700)
    let path = parent.path + "/project/.letschat"
    let first = postgres(path)
    try await withClient(first.start()) { try await $0.run("CREATE TABLE kept (n int)") }
    await first.stop()
    let second = postgres(path)
    try await withClient(second.start()) { try await $0.run("SELECT FROM kept") }
    guard geteuid() == 0 else {
      await second.stop()
      return
    }
    let place = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/postgres")
    defer { try? FileManager.default.removeItem(atPath: place) }
    #expect(place.hasPrefix("/var/lib/letschat/"))
    // A copy of the data folder has the same link, and must not get at the same folder.
    let copy = parent.path + "/copy"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: copy + "/postgres", withDestinationPath: place)
    let error = try await failure { _ = try await postgres(copy).start() }
    #expect("\(error)".contains("another server"))
    await second.stop()
  }

  @Test func aPathThatIsTooLongForASocket() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + String(repeating: "long", count: 20) + "/with space, comma and 'quote'"
    let postgres = postgres(path)
    let connectionString = try await postgres.start()
    #expect(connectionString.contains("/tmp/letschat-"))
    try await withClient(connectionString) { try await $0.run("SELECT 1") }
    await postgres.stop()
    #expect(rmdir(PostgresFolder.socketDirectory(for: path + "/postgres")) == 0, "only the empty folder is left")
  }

  @Test func missingBinariesAreNamed() async throws {
    let folder = try TemporaryFolder()
    let error = try await failure { _ = try await postgres(folder.path, binaries: "/nonexistent").start() }
    #expect(error.code == .privatePostgres)
    #expect("\(error)".contains("/nonexistent"))
    let version = #expect(throws: PostgresError.self) { try PostgresBinaries.find(nil, version: "7") }
    #expect(version?.message == "PostgreSQL 7 is not installed: apt-get install postgresql-7, or set DATABASE_URL")
  }

  @Test func aPostgreSQLThatCannotStartSaysWhy() async throws {
    let folder = try TemporaryFolder()
    let first = postgres(folder.path)
    _ = try await first.start()
    await first.stop()
    try "nonsense = 1\n".write(
      toFile: folder.path + "/postgres/data/postgresql.conf", atomically: false, encoding: .utf8)
    let error = try await failure { _ = try await postgres(folder.path).start() }
    #expect("\(error)".contains("nonsense"))
  }
}
