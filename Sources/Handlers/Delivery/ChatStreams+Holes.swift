import Generated
import ProtocolRuntime

// What was not published in time is read from PostgreSQL.
extension ChatStreams {
  /// How many changes are read at once.
  static let stretch = 200
  /// How many streams, or users, PostgreSQL is asked about at once.
  private static let batch = 1_000
  /// How long a read that failed waits for the next attempt.
  static let pause = Duration.seconds(1)

  /// Compares the heads of streams that have just begun with PostgreSQL, and fills what they lack.
  func verify(_ keys: [StreamKey]) {
    guard let first = keys.first else { return }
    let loop = shard(of: first).loop
    Task(executorPreference: loop.executor) {
      do {
        try await self.compareHeads(of: keys)
      } catch {
        self.logger.warning("Heads could not be compared", metadata: ["error": "\(error)"])
        loop.scheduler.schedule(after: Self.pause) { self.verify(keys) }
      }
    }
  }

  /// Compares the heads of all streams with PostgreSQL, and fills what they lack.
  func compareAllHeads() async throws {
    try await inBatches(keys) { try await compareHeads(of: $0) }
  }

  /// Runs something for so many of the elements at a time.
  func inBatches<Element>(_ all: [Element], _ body: ([Element]) async throws -> Void) async throws {
    for start in stride(from: 0, to: all.count, by: Self.batch) {
      try await body(Array(all[start..<min(start + Self.batch, all.count)]))
    }
  }

  /// Fills what streams lack, as PostgreSQL has them now.
  func compareHeads(of keys: [StreamKey]) async throws {
    let revs = try await reader.revs(of: keys)
    for key in keys {
      guard let rev = revs[key] else { continue }
      let behind = shard(of: key).streams.withLock { streams in
        streams.change(key) { stream, _ -> UInt32? in
          guard stream.order.head < rev, !stream.order.isAttended else { return nil }
          stream.order.isAttended = true
          return stream.order.generation
        }
      }
      if case .some(.some(let generation)) = behind { fill(key, generation, isBehind: true) }
    }
  }

  /// Fills a hole, if there is one still. The order is marked as attended until it has none.
  ///
  /// - Parameters:
  ///   - generation: of the order that has it.
  ///   - isBehind: whether something is known to be missing though nothing waits behind it.
  func fill(_ key: StreamKey, _ generation: UInt32, isBehind: Bool = false) {
    let shard = shard(of: key)
    let hole = shard.streams.withLock { streams -> EventOrder.Hole? in
      let found = streams.change(key) { stream, _ in
        stream.change(generation) { order -> EventOrder.Hole? in
          order.isAttended = isBehind || order.hasHole
          return order.isAttended ? order.hole : nil
        }
      }
      return found.flatMap { $0 }.flatMap { $0 }
    }
    guard let hole else { return }
    Task(executorPreference: shard.loop.executor) { await self.read(key, generation, hole) }
  }

  private func read(_ key: StreamKey, _ generation: UInt32, _ hole: EventOrder.Hole) async {
    do {
      guard let changes = try await reader.changes(of: key, after: hole.head, limit: Self.stretch) else {
        logger.error("A stream is not in the database", metadata: ["stream": "\(key.room)"])
        return
      }
      apply(changes, to: key, generation, hole)
    } catch {
      logger.warning("A hole could not be filled yet", metadata: ["stream": "\(key.room)", "error": "\(error)"])
      attend(key, generation, isBehind: true, after: Self.pause)
    }
  }

  private func apply(
    _ changes: ChatChanges, to key: StreamKey, _ generation: UInt32, _ hole: EventOrder.Hole
  ) {
    enum Next { case nothing, wait, goOn }
    let outcome = shard(of: key).streams.withLock { streams in
      streams.change(key) { stream, streams -> (next: Next, orphans: [StreamEvent]) in
        guard
          let (events, hadUnknown) = stream.change(
            generation, { $0.fill(hole, with: changes) { Self.replay($0, of: key, $1) } })
        else { return (.nothing, []) }
        if hadUnknown {
          logger.warning("An event is of a rev that its stream does not have", metadata: ["stream": "\(key.room)"])
        }
        if generation == stream.order.generation {
          for event in events { goOut(event, &stream) }
        } else {
          goOut(events, to: generation, &stream)
        }
        let next = stream.change(generation) { order -> Next in
          order.isAttended = changes.hasMore || order.hasHole
          return changes.hasMore ? .goOn : order.hasHole ? .wait : .nothing
        }
        settleLatecomers(key, &stream)
        noteEnd(of: key, stream, in: &streams)
        return (next ?? .nothing, stream.orphans)
      }
    }
    bringIn(outcome?.orphans ?? [])
    switch outcome?.next {
    case .nothing, nil: break
    case .wait: attend(key, generation)
    case .goOn: fill(key, generation, isBehind: true)
    }
  }

  /// The event that tells a change, after what went out last.
  private static func replay(_ entry: ChatChanges.Entry, of key: StreamKey, _ order: EventOrder) -> StreamEvent? {
    guard let event = ChatReplay(order: order, chatID: key.id).event(of: entry)?.following(order.head) else {
      return nil
    }
    // Of a membership the chat is read as it is now, with messages that the stream has not told yet.
    let lastSeq = if case .newMessage(let message) = event { message.seq } else { 0 }
    return StreamEvent(
      place: StreamEvent.Place(key: key, rev: entry.rev, lastSeq: lastSeq, kind: .init(event)), encoded: event.encoded)
  }
}
