import Dispatch
import Generated
import NIOCore
import NIOPosix
import Postgres
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct WriterTests {
    @Test func `fifty senders leave no hole in seq and rev, whatever fails among them`() async throws {
      try await withWorld { world in
        let senders = try await world.users(50)
        let outsider = try await world.user("Outsider")
        var chats: [ID] = []
        for _ in 0..<7 { chats.append(try await world.group(senders[0], Array(senders.dropFirst())).id) }
        let ids = chats
        let accepted = try await withThrowingTaskGroup(of: [Message].self) { group in
          for (index, sender) in senders.enumerated() {
            group.addTask {
              var mine: [Message] = []
              for round in 0..<20 {
                let chat = ids[(index + round) % ids.count]
                if round % 5 == 4 {
                  // PostgreSQL cannot store it: the whole batch fails, and only this one must.
                  await #expect(throws: (any Error).self) { try await world.send("\0", to: chat, by: sender) }
                  #expect(try await world.send("no", to: chat, by: outsider).code == .notFound)
                  #expect(try await world.send("no", to: .v7(), by: sender).code == .notFound)
                }
                mine.append(try await world.say("\(index) \(round)", in: chat, by: sender))
              }
              return mine
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(accepted.count == 1000)
        for chat in ids {
          let mine = accepted.filter { $0.chatID == chat }.sorted { $0.seq < $1.seq }
          #expect(mine.map(\.seq) == Array(1...mine.count))
          #expect(mine.map(\.rev) == Array(2...mine.count + 1))
          let stored = try await world.rows(
            "SELECT id::text, seq, rev, content FROM messages WHERE chat_id = $1::uuid ORDER BY seq", [.uuid(chat)])
          #expect(try stored.map { try $0.string(0) } == mine.map(\.id.description))
          #expect(try stored.map { try $0.string(3) } == mine.map(\.content))
          let row = try #require(
            try await world.rows("SELECT last_seq, rev FROM chats WHERE id = $1::uuid", [.uuid(chat)]).first)
          #expect(try row.int(0) == mine.count)
          #expect(try row.int(1) == mine.count + 1)
        }
      }
    }

    @Test func `a client id stands for one message, also within a batch`() async throws {
      try await withWorld { world in
        let ada = try await world.user("Ada Lovelace")
        let grace = try await world.user("Grace Hopper")
        let chat = try await world.group(ada, [grace]).id
        let key = ID.v7()
        let outputs = try await withThrowingTaskGroup(of: Operations.SendMessage.Output.self) { group in
          for index in 0..<40 {
            group.addTask { try await world.send(index % 4 == 3 ? "other" : "one", to: chat, by: ada, clientID: key) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let created = outputs.compactMap(\.created)
        #expect(created.count == 1)
        let first = try #require(created.first)
        let (repeats, conflicts) = first.content == "one" ? (29, 10) : (9, 30)
        #expect(outputs.compactMap(\.repeated).filter { $0.id == first.id && $0.seq == 1 }.count == repeats)
        #expect(outputs.filter { $0.code == .idempotencyConflict }.count == conflicts)

        // The same id of another sender is another message; a repeat shows the message as it stands now.
        #expect(try await world.send("one", to: chat, by: grace, clientID: key).created?.seq == 2)
        let edit = Operations.EditMessage.Input(path: .init(id: first.id), body: .init(content: "three"))
        guard case .ok = try await world.service.messages.editMessage(edit, caller: ada, context: world.context) else {
          throw Unexpected()
        }
        let again = try await world.send(first.content, to: chat, by: ada, clientID: key).repeated
        #expect(again?.content == "three")
        #expect(again?.rev == 4)
        let row = try #require(
          try await world.rows("SELECT last_seq FROM chats WHERE id = $1::uuid", [.uuid(chat)]).first)
        #expect(try row.int(0) == 2)
      }
    }

    @Test func `one flight takes what waits, with two statements`() async throws {
      try await withWorld(connections: 2) { world in
        let ada = try await world.user("Ada Lovelace")
        let chat = try await world.group(ada, []).id
        try await world.say("prepare the statements", in: chat, by: ada)
        let before = world.client.statistics
        try await withThrowingTaskGroup(of: Void.self) { group in
          for index in 0..<200 { group.addTask { try await world.say("\(index)", in: chat, by: ada) } }
          try await group.waitForAll()
        }
        let after = world.client.statistics
        let statements = after.statements - before.statements
        #expect(statements % 2 == 0 && statements < 200)
        // One sync a flight; each of the connections prepares both statements once.
        #expect(after.syncs - before.syncs <= statements / 2 + 4)
      }
    }

    private enum LockedRows: String {
      case chat = "chats WHERE id"
      case memberships = "chat_members WHERE chat_id"
    }

    /// A session of somebody else's that holds rows of a chat, for as long as `body` runs.
    private func locking(
      _ chat: ID, rows locked: LockedRows = .chat, _ world: World, while body: () async throws -> Void
    ) async throws {
      var configuration = PostgresClient.Configuration(connectionString: DatabaseTrait.connectionString)
      configuration.connections = 1
      configuration.statementTimeout = .seconds(300)
      configuration.lockTimeout = .seconds(60)
      let holder = try PostgresClient(configuration: configuration, logger: quiet)
      _ = try? await world.rows("CREATE TABLE IF NOT EXISTS test_gates (chat uuid PRIMARY KEY)")
      // Sees what others have committed since, which a statement's own snapshot does not. Two tests may make it at once.
      _ = try? await world.rows(
        """
        CREATE OR REPLACE FUNCTION test_gate_stands(gate uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
        $$ BEGIN RETURN EXISTS (SELECT FROM test_gates WHERE chat = gate); END $$
        """)
      _ = try await world.rows("INSERT INTO test_gates VALUES ($1::uuid)", [.uuid(chat)])
      let held = Task {
        try await holder.transaction([
          BoundStatement(
            Statement(name: "hold", text: "SELECT FROM \(locked.rawValue) = $1::uuid FOR UPDATE"), [.uuid(chat)]),
          // Waits until the gate is gone.
          BoundStatement(
            Statement(
              name: "hold_on",
              text: """
                WITH RECURSIVE wait AS (
                  SELECT 1 AS n UNION ALL SELECT n + 1 FROM wait, pg_sleep(0.002)
                  WHERE test_gate_stands($1::uuid)
                ) SELECT count(*) FROM wait
                """), [.uuid(chat)]),
        ])
      }
      try await until("the rows are locked") {
        try await world.rows(
          "SELECT FROM \(locked.rawValue) = $1::uuid FOR NO KEY UPDATE SKIP LOCKED", [.uuid(chat)]
        ).isEmpty
      }
      try await body()
      _ = try await world.rows("DELETE FROM test_gates WHERE chat = $1::uuid", [.uuid(chat)])
      _ = try await held.value
      await holder.close()
    }

    @Test func `a locked chat holds up no other, and keeps its order`() async throws {
      // Longer than all of this takes on any machine: who waits is never given up.
      try await withWorld(connections: 2, patience: .seconds(600)) { world in
        let ada = try await world.user("Ada Lovelace")
        let locked = try await world.group(ada, []).id
        let free = try await world.group(ada, []).id
        var waiting: [Task<Message, any Error>] = []
        try await locking(locked, world) {
          for index in 0..<5 {
            waiting.append(Task { try await world.say("\(index)", in: locked, by: ada) })
            // So that they come in this order.
            try await until("it waits") { world.service.messages.writer.waitingCount >= index + 1 }
          }
          // They would wait for the lock, which stands until the end of this.
          for index in 0..<5 { #expect(try await world.say("\(index)", in: free, by: ada).seq == index + 1) }
          try await until("the five still wait") { world.service.messages.writer.waitingCount == 5 }
          // Others of its changes wait as well, and hold up nobody.
          let renamed = Task { try await world.rename(locked, "Renamed", by: ada) }
          try await until("it waits") { world.client.statistics.queued > 0 }
          for index in 0..<5 { try await world.say("\(index)", in: free, by: ada) }
          try await until("the five still wait") { world.service.messages.writer.waitingCount == 5 }
          waiting.append(
            Task {
              _ = try await renamed.value
              return try await world.say("last", in: locked, by: ada)
            })
        }
        var stored: [Message] = []
        for task in waiting { stored.append(try await task.value) }
        let seqs = stored.prefix(5).map(\.seq)
        #expect(seqs == seqs.sorted() && Set(seqs).count == 5)
        let all = try await world.messages(locked, ada)?.items.map(\.seq)
        #expect(all == (1...7).reversed(), "five, the system message and the last, without a hole")
      }
    }

    @Test func `a chat that stays locked is given up in time, and nothing of it is stored`() async throws {
      try await withWorld(connections: 2, patience: .milliseconds(300)) { world in
        let ada = try await world.user("Ada Lovelace")
        let chat = try await world.group(ada, []).id
        // The lock stands until it is given up.
        try await locking(chat, world) {
          await #expect(throws: UnavailableError.self) { try await world.say("never", in: chat, by: ada) }
        }
        #expect(try await world.say("first", in: chat, by: ada).seq == 1)
      }
    }

    /// The day is told to all members: a trigger must not wait for their memberships.
    @Test func `a locked membership does not hold up its chat's first message of a day`() async throws {
      try await withWorld(connections: 2, patience: .milliseconds(300)) { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], Array(users[1...])).id
        _ = try await world.rows(
          """
          WITH aged AS (UPDATE chats SET updated_at = updated_at - interval '1 day' WHERE id = $1::uuid)
          UPDATE chat_days SET day = day - 1 WHERE chat_id = $1::uuid
          """, [.uuid(chat)])
        try await locking(chat, rows: .memberships, world) {
          let said = try await world.say("good morning", in: chat, by: users[0])
          #expect(said.seq == 1)
        }
        let days = try await world.rows(
          "SELECT day - day_of(updated_at) FROM chat_days JOIN chats ON id = chat_id WHERE id = $1::uuid",
          [.uuid(chat)]
        ).map { try $0.int(0) }
        #expect(days == [0, 0, 0])
      }
    }

    @Test func `flights run on all executors, and none more than the load needs`() async throws {
      try await withWorld(connections: 2) { world in
        let ada = try await world.user("Ada Lovelace")
        var chats: [ID] = []
        for _ in 0..<8 { chats.append(try await world.group(ada, []).id) }
        let loops = (0..<3).map { _ in Loop(MultiThreadedEventLoopGroup.singleton.next()) }
        let ran = Mutex<Set<ObjectIdentifier>>([])
        var limits = MessageWriter.Limits()
        limits.flights = 2
        let writer = MessageWriter(
          database: Database(client: world.client), limits: limits, executors: loops, logger: quiet,
          landed: { _ in }
        ) { _, _, _, _ in
          for loop in loops where loop.loop.inEventLoop { ran.withLock { _ = $0.insert(ObjectIdentifier(loop)) } }
        }
        let ids = chats
        _ = try await writer.write(draft("prepare", ids[0], ada))
        let before = world.client.statistics
        try await withThrowingTaskGroup(of: Void.self) { group in
          for index in 0..<2000 {
            group.addTask { _ = try await writer.write(self.draft("\(index)", ids[index % 8], ada)) }
          }
          try await group.waitForAll()
        }
        let flights = (world.client.statistics.statements - before.statements) / 2
        #expect(flights < 200, "ten or more messages a flight")
        #expect(ran.withLock { $0.count } == Set(loops.map { ObjectIdentifier($0) }).count)
      }
    }

    @Test func `flights go one ahead of what is handed out, and keep its order`() async throws {
      let threads = NIOThreadPool(numberOfThreads: 4)
      threads.start()
      try await withWorld(connections: 2) { world in
        let ada = try await world.user("Ada Lovelace")
        let chat = try await world.group(ada, []).id
        let landings = Mutex(0)
        let published = Mutex<[Int]>([])
        let goOn = DispatchSemaphore(value: 0)
        var limits = MessageWriter.Limits()
        limits.batch = 1
        limits.flights = 1
        let writer = MessageWriter(
          database: Database(client: world.client), limits: limits, executors: [Threads(threads)], logger: quiet,
          landed: { _ in landings.withLock { $0 += 1 } }
        ) { _, seq, _, _ in
          if seq == 1 { goOn.wait() }
          published.withLock { $0.append(seq) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
          defer { goOn.signal() }
          for index in 1...5 {
            group.addTask { _ = try await writer.write(self.draft("\(index)", chat, ada)) }
          }
          try await until("the second has landed") { landings.withLock { $0 >= 2 } }
          // Long enough for others to be stored as well.
          for index in 0..<20 { try await world.say("\(index)", in: try await world.group(ada, []).id, by: ada) }
          #expect(landings.withLock { $0 } == 2)
          #expect(writer.waitingCount == 3)
          goOn.signal()
          try await group.waitForAll()
        }
        #expect(published.withLock { $0 } == [1, 2, 3, 4, 5])
      }
      try await threads.shutdownGracefully()
    }

    private func draft(_ content: String, _ chat: ID, _ sender: Caller) -> QueuedMessage {
      QueuedMessage(
        id: .v7(), chatID: chat, senderID: sender.userID, content: content, clientID: nil, bodyHash: nil)
    }
  }
}

private final class Threads: TaskExecutor {
  private let pool: NIOThreadPool

  init(_ pool: NIOThreadPool) { self.pool = pool }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pool.submit { [executor = asUnownedTaskExecutor()] _ in job.runSynchronously(on: executor) }
  }
}

private final class Loop: TaskExecutor {
  let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

extension Operations.SendMessage.Output {
  var created: Message? {
    if case .created(let message) = self { message } else { nil }
  }
  var repeated: Message? {
    if case .ok(let message) = self { message } else { nil }
  }
  var code: Operations.SendMessage.Code? {
    if case .refused(let refusal) = self { refusal.code } else { nil }
  }
}
