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

  private var entries: [Typist: Entry] = [:]
  /// Deadlines in order, for all last equally long. One that was renewed or stopped is passed over.
  private var deadlines: Deque<(deadline: Duration, typist: Typist)> = []

  /// Begins or renews; true if the typist did not type before.
  mutating func start(_ typist: Typist, on connection: ConnectionID?, now: Duration) -> Bool {
    let entry = Entry(deadline: now + Self.lifetime, connection: connection)
    deadlines.append((entry.deadline, typist))
    return entries.updateValue(entry, forKey: typist) == nil
  }

  /// True if the typist typed until now.
  mutating func stop(_ typist: Typist) -> Bool {
    entries.removeValue(forKey: typist) != nil
  }

  /// Ends what a connection began that is gone.
  mutating func stopAll(on connection: ConnectionID) -> [Typist] {
    guard !entries.isEmpty else { return [] }
    let gone = entries.filter { $0.value.connection == connection }.map(\.key)
    for typist in gone { entries[typist] = nil }
    return gone
  }

  /// Ends what was not renewed in time.
  mutating func expire(now: Duration) -> [Typist] {
    var expired: [Typist] = []
    while let first = deadlines.first, first.deadline <= now {
      deadlines.removeFirst()
      guard let entry = entries[first.typist], entry.deadline <= now else { continue }
      entries[first.typist] = nil
      expired.append(first.typist)
    }
    return expired
  }

  /// When the next look is due; nil if nobody types.
  var nextDeadline: Duration? { deadlines.first?.deadline }

  func typists(in chat: UUID) -> [UUID] {
    entries.keys.filter { $0.chatID == chat }.map(\.userID)
  }
}
