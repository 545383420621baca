import DequeModule

/// What waits for the command connection, on that connection's thread.
struct CommandBacklog {
  private let queue: CommandQueue
  private var waiting = Deque<CommandQueue.Entry>()

  init(_ queue: CommandQueue) { self.queue = queue }

  /// The next one. While something waits here the inbox is left as it is: whoever gives something then need not wake this
  /// thread, which has enough to do, or nowhere to send it.
  private mutating func next() -> CommandQueue.Entry? {
    if waiting.isEmpty { queue.inbox.take { waiting.append($0) } }
    return waiting.first
  }

  /// Whether nothing waits, neither here nor in the inbox.
  mutating func isEmpty() -> Bool { next() == nil }

  /// Takes what waits, up to about so many bytes: at least one, if there is one.
  mutating func take(bytes: Int) -> [CommandQueue.Entry] {
    var taken: [CommandQueue.Entry] = []
    var size = 0
    while size < bytes, let entry = next() {
      waiting.removeFirst()
      size += entry.size
      taken.append(entry)
    }
    queue.took(taken.count)
    return taken
  }

  /// Takes what has waited too long. Also says when the next will have.
  mutating func expire() -> (expired: [CommandQueue.Entry], next: ContinuousClock.Instant?) {
    var expired: [CommandQueue.Entry] = []
    let now = ContinuousClock.now
    while let entry = next(), entry.deadline <= now { expired.append(waiting.removeFirst()) }
    queue.took(expired.count)
    return (expired, waiting.first?.deadline)
  }

  /// Takes all that waits; what comes later is refused.
  mutating func close() -> [CommandQueue.Entry] {
    queue.inbox.close { waiting.append($0) }
    defer { waiting = [] }
    queue.took(waiting.count)
    return Array(waiting)
  }
}
