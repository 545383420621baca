import DequeModule
import NIOCore

/// What waits for a client that does not take it now, in order.
struct Outbox {
  struct Entry: Sendable {
    var frames: ByteBuffer
    /// An answer is the client's own wish: who takes none is not given more to answer (``Connection/mustWait``), rather
    /// than cut.
    let isAnswer: Bool
  }

  private var entries: Deque<Entry> = []
  /// The bytes of answers.
  private(set) var answerBytes = 0
  /// The bytes of all else.
  private(set) var eventBytes = 0

  var isEmpty: Bool { self.entries.isEmpty }
  var all: [Entry] { Array(self.entries) }

  mutating func append(_ entry: Entry) {
    self.count(entry, 1)
    self.entries.append(entry)
  }

  /// Puts the rest of an entry back.
  mutating func prepend(_ entry: Entry) {
    self.count(entry, 1)
    self.entries.prepend(entry)
  }

  mutating func popFirst() -> Entry? {
    guard let entry = self.entries.popFirst() else { return nil }
    self.count(entry, -1)
    // The memory goes, too.
    if self.entries.isEmpty { self.entries = [] }
    return entry
  }

  private mutating func count(_ entry: Entry, _ sign: Int) {
    if entry.isAnswer {
      self.answerBytes += sign * entry.frames.readableBytes
    } else {
      self.eventBytes += sign * entry.frames.readableBytes
    }
  }
}
