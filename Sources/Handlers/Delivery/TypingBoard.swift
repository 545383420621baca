import DequeModule
import ProtocolRuntime

/// Who types where. No I/O and no clock of its own.
struct TypingBoard {
  /// How long typing lasts without renewal.
  static let lifetime = Duration.seconds(6)

  struct Typist: Hashable, Sendable {
    let chatID: UUID
    let userID: UUID
  }

  private struct Entry {
    var deadline: Duration
    /// The connection that said so last; nil for one of another node.
    var connection: ConnectionID?
  }

  /// By chat and user.
  private var entries: [UUID: [UUID: Entry]] = [:]
  private var byConnection: [ConnectionID: Set<Typist>] = [:]
  /// Deadlines in order, for all last equally long. One that was renewed or stopped is passed over.
  private var deadlines: Deque<(deadline: Duration, typist: Typist)> = []

  /// Begins or renews; true if the typist did not type before.
  mutating func start(_ typist: Typist, on connection: ConnectionID?, now: Duration) -> Bool {
    let wasTyping = stop(typist)
    let entry = Entry(deadline: now + Self.lifetime, connection: connection)
    deadlines.append((entry.deadline, typist))
    entries[typist.chatID, default: [:]][typist.userID] = entry
    if let connection { byConnection[connection, default: []].insert(typist) }
    return !wasTyping
  }

  /// True if the typist typed until now.
  mutating func stop(_ typist: Typist) -> Bool {
    guard let entry = entries[typist.chatID]?.removeValue(forKey: typist.userID) else { return false }
    if entries[typist.chatID]?.isEmpty == true { entries[typist.chatID] = nil }
    if let connection = entry.connection {
      byConnection[connection]?.remove(typist)
      if byConnection[connection]?.isEmpty == true { byConnection[connection] = nil }
    }
    return true
  }

  /// Ends what a connection began that is gone.
  mutating func stopAll(on connection: ConnectionID) -> [Typist] {
    guard let gone = byConnection[connection] else { return [] }
    return gone.filter { stop($0) }
  }

  /// Ends what was not renewed in time.
  mutating func expire(now: Duration) -> [Typist] {
    var expired: [Typist] = []
    while let first = deadlines.first, first.deadline <= now {
      deadlines.removeFirst()
      let typist = first.typist
      guard let entry = entries[typist.chatID]?[typist.userID], entry.deadline <= now else { continue }
      _ = stop(typist)
      expired.append(typist)
    }
    return expired
  }

  /// When the next look is due; nil if nobody types.
  var nextDeadline: Duration? { deadlines.first?.deadline }

  func typists(in chat: UUID) -> [UUID] { entries[chat].map { Array($0.keys) } ?? [] }
}
