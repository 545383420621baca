import ProtocolRuntime

/// The streams of a shard, by key.
struct StreamTable {
  private var chats = NumberedStreams()
  private var users = NumberedStreams()
  private var lastGeneration: UInt32 = 0
  private var ends = RecentEnds()

  var keys: [StreamKey] { chats.ids.map { .chat($0) } + users.ids.map { .user($0) } }

  func contains(_ key: StreamKey) -> Bool { look(key) { _ in true } ?? false }

  /// A number that no order of this shard had before.
  mutating func newGeneration() -> UInt32 {
    lastGeneration &+= 1
    return lastGeneration
  }

  /// Looks at a stream; nil if there is none.
  func look<Result>(_ key: StreamKey, _ body: (ChatStream) -> Result?) -> Result? {
    switch key {
    case .chat(let id): chats.look(id, body)
    case .user(let id): users.look(id, body)
    }
  }

  /// Changes a stream, which ends if nobody gets it any more; nil if there is none.
  mutating func change<Result>(
    _ key: StreamKey, _ body: (inout ChatStream, inout StreamTable) -> Result
  ) -> Result? {
    // Taken out and put back: with a getter and a setter, it would be copied.
    guard var stream = takeOut(key) else { return nil }
    let result = body(&stream, &self)
    put(stream.isOver ? nil : stream, key)
    return result
  }

  /// Begins a stream; there must be none.
  mutating func begin(_ key: StreamKey, head: Int, headSeq: Int, _ body: (inout ChatStream, inout StreamTable) -> Void)
  {
    var stream = ChatStream(head: head, headSeq: headSeq, generation: newGeneration())
    body(&stream, &self)
    put(stream.isOver ? nil : stream, key)
  }

  private mutating func takeOut(_ key: StreamKey) -> ChatStream? {
    switch key {
    case .chat(let id): chats.takeOut(id)
    case .user(let id): users.takeOut(id)
    }
  }

  private mutating func put(_ stream: ChatStream?, _ key: StreamKey) {
    switch key {
    case .chat(let id): chats.put(stream, id)
    case .user(let id): users.put(stream, id)
    }
  }

  /// Forgets all streams and their ends. No later order has the generation of one of them.
  mutating func forget() {
    chats = NumberedStreams()
    users = NumberedStreams()
    ends = RecentEnds()
  }

  // MARK: Ends

  /// Notes that a stream ends, and that no membership may be taken for standing that was read before a rev.
  mutating func noteEnd(of key: StreamKey, at rev: Int) { ends.note(key, rev) }

  /// That rev of a stream that ended lately; 0 where none did, or nothing was noted.
  func end(of key: StreamKey) -> Int { ends[key] }
}

/// Where streams ended lately: what is heard once more of their past, or was read before the end, begins none anew.
private struct RecentEnds {
  private static let capacity = 1_000

  private var current: [StreamKey: Int] = [:]
  private var previous: [StreamKey: Int] = [:]

  mutating func note(_ key: StreamKey, _ rev: Int) {
    if current.count >= Self.capacity {
      previous = current
      current = [:]
    }
    current[key] = max(rev, self[key])
  }

  subscript(key: StreamKey) -> Int {
    current[key] ?? previous[key] ?? 0
  }
}

/// Streams of one kind, by the UUID that is their key.
private struct NumberedStreams {
  private var numbers = UUIDNumbers()
  /// By the key's number.
  private var streams: [ChatStream?] = []

  var ids: [UUID] { numbers.all }

  func look<Result>(_ id: UUID, _ body: (ChatStream) -> Result?) -> Result? {
    guard let number = numbers.number(of: id), let stream = streams[Int(number)] else { return nil }
    return body(stream)
  }

  mutating func takeOut(_ id: UUID) -> ChatStream? {
    numbers.number(of: id).flatMap { streams[Int($0)].take() }
  }

  mutating func put(_ stream: ChatStream?, _ id: UUID) {
    guard let stream else { return remove(id) }
    let number = numbers.number(of: id) ?? numbers.add(id)
    if Int(number) == streams.count { streams.append(stream) } else { streams[Int(number)] = stream }
  }

  private mutating func remove(_ id: UUID) {
    guard let number = numbers.number(of: id) else { return }
    streams[Int(number)] = nil
    numbers.remove(number)
    numbers.release(number)
  }
}
