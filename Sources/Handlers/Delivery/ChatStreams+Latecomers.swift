import ProtocolRuntime

// Members that are told late that they are: what the room has got since that rev, they get by themselves.
extension ChatStreams {
  /// Reads the membership of a user whose connections were not told of a chat, and lets them come in late.
  func bringIn(_ user: UUID, telling event: StreamEvent) {
    let key = event.place.key
    let loop = shard(of: key).loop
    Task(executorPreference: loop.executor) {
      do {
        var reads = StaleReads(on: loop.scheduler)
        while let membership = try await self.reader.memberships(of: user, chats: [key.id]).first {
          // Another one has begun since, which another event tells of.
          guard membership.joinedRev == event.rev else { return }
          if self.comeIn(user, membership, telling: event) { return }
          try await reads.next()
        }
      } catch {
        self.logger.warning("A new member's connections could not join yet", metadata: ["error": "\(error)"])
        loop.scheduler.schedule(after: Self.pause) {
          if !self.registry.connections(of: user).isEmpty { self.bringIn(user, telling: event) }
        }
      }
    }
  }

  /// Tells additions that waited in a stream which has ended meanwhile.
  func bringIn(_ orphans: [StreamEvent]) {
    for event in orphans {
      for user in event.kind.newcomers where !registry.connections(of: user).isEmpty { bringIn(user, telling: event) }
    }
  }

  /// - Returns: false if the membership may have ended since it was read.
  private func comeIn(_ user: UUID, _ membership: Membership, telling event: StreamEvent) -> Bool {
    let key = event.place.key
    var isBegun = false
    let isDone = shard(of: key).streams.withLock { streams -> Bool in
      let settled = streams.look(key) { $0.settledRev } ?? streams.end(of: key)
      guard settled <= membership.rev else { return false }
      if !streams.contains(key) {
        streams.begin(key, head: event.rev, headSeq: event.place.lastSeq) { stream, streams in
          self.admit(user, by: event, &stream, in: &streams)
          isBegun = !stream.isOver
        }
      } else {
        streams.change(key) { stream, streams in self.admit(user, by: event, &stream, in: &streams) }
      }
      return true
    }
    if isBegun { verify([key]) }
    if isDone, case .chatCreated = event.kind { tellEarlyMarks(of: key.id) }
    return isDone
  }

  /// Notes a member whose connections know of nothing yet, and begins to tell them.
  private func admit(
    _ user: UUID, by event: StreamEvent, _ stream: inout ChatStream, in streams: inout StreamTable
  ) {
    guard let attached = registry.attach(user, to: event.place.key, unlessIn: stream.users) else { return }
    if stream.users.insert(attached.user) {
      for connection in attached.connections where stream.order(ofLatecomer: connection) == nil {
        stream.markUnaware(connection, joinedRev: event.rev)
      }
    }
    beginLatecomer(user, unawareOf: event, &stream, in: &streams)
  }

  /// Tells those of a member's connections that were not told of this addition, and lets them come after.
  func beginLatecomer(
    _ user: UUID, unawareOf event: StreamEvent, _ stream: inout ChatStream, in streams: inout StreamTable
  ) {
    let connections = registry.connections(of: user).filter { stream.joinedRev(ofUnaware: $0) == event.rev }
    guard !connections.isEmpty else { return }
    for connection in connections {
      stream.markAware(connection)
      sink.send(event.encoded, to: connection)
    }
    let order = EventOrder(
      head: event.rev, headSeq: event.place.lastSeq, generation: streams.newGeneration())
    stream.add(ChatStream.Latecomer(user: user, connections: connections, order: order))
    settleLatecomers(event.place.key, &stream)
  }

  /// Hands an event to the latecomers' orders.
  func tellLatecomers(_ event: StreamEvent, _ stream: inout ChatStream) {
    for latecomer in stream.latecomers {
      let generation = latecomer.order.generation
      guard case .goOut(let events) = stream.change(generation, { $0.accept(event) }) else { continue }
      goOut(events, to: generation, &stream)
    }
  }

  /// Sends events to a latecomer, as long as it is a member.
  func goOut(_ events: [StreamEvent], to generation: UInt32, _ stream: inout ChatStream) {
    guard let latecomer = stream.latecomers.first(where: { $0.order.generation == generation }) else { return }
    var isIn = latecomer.isIn
    for event in events {
      isIn = isIn || event.kind.newcomers.contains(latecomer.user)
      guard isIn else { continue }
      for connection in latecomer.connections { sink.send(event.encoded, to: connection) }
      isIn = event.kind != .memberRemoved(latecomer.user) && event.kind != .chatDeleted
    }
    stream.set(generation, isIn: isIn)
  }

  /// Lets those into the room who are as far as it is, and sees to it that the others get there.
  func settleLatecomers(_ key: StreamKey, _ stream: inout ChatStream) {
    for latecomer in stream.latecomers {
      let generation = latecomer.order.generation
      if !latecomer.connections.contains(where: registry.isConnected) {
        stream.removeLatecomer(generation)
      } else if latecomer.order.head == stream.order.head {
        // The room knows messages that are new to it on the next page.
        guard !latecomer.order.isFilling else { continue }
        stream.removeLatecomer(generation)
        // Who is not in may have come in by a membership that the room has not told yet, and is told with the others.
        let isIn = latecomer.isIn || registry.number(of: latecomer.user).map { stream.users.contains($0) } ?? false
        for connection in latecomer.connections
        where isIn && registry.isConnected(connection) && stream.joinedRev(ofUnaware: connection) == nil {
          sink.join(connection, room: key.room)
        }
      } else if latecomer.order.head < stream.order.head {
        guard !latecomer.order.isAttended else { continue }
        _ = stream.change(generation) { $0.isAttended = true }
        // At once: nobody publishes these again.
        Task(executorPreference: shard(of: key).loop.executor) { self.fill(key, generation, isBehind: true) }
      } else if !stream.order.isAttended {
        // It read what is about to be published.
        stream.order.isAttended = true
        attend(key, stream.order.generation, isBehind: true)
      }
    }
  }
}
