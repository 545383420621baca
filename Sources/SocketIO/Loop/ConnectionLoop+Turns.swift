import NIOCore

/// What one connection may have done in one turn of its loop, before others have theirs: packets that are cheap to send
/// and dear to handle must not fill the loop.
struct TurnShare {
  static let maxPackets = 32
  static let maxBytes = 1 << 17

  private var packets = 0
  private var bytes = 0

  var isUsedUp: Bool { self.packets >= Self.maxPackets || self.bytes >= Self.maxBytes }

  mutating func use(_ bytes: Int) {
    self.packets += 1
    self.bytes += bytes
  }
}

// Turns of the loop. NIO's loop looks at its channels only when it finds no task that is ready, also none that a task has
// added; so what is to leave others their share must wait for a timer, set when all tasks of this turn have been begun.
extension ConnectionLoop {
  /// Shorter than a client notices, long enough for the loop to find nothing ready and look at its channels.
  private static let pause = TimeAmount.microseconds(50)

  /// Calls back in a later turn of the loop, in the order of these calls.
  func nextTurn(_ body: @escaping () -> Void) {
    self.nextTurns.append(body)
    guard self.nextTurns.count == 1 else { return }
    self.eventLoop.assumeIsolated().execute {
      self.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
        let bodies = self.nextTurns
        self.nextTurns = []
        for body in bodies { body() }
      }
    }
  }

  /// Goes on in a later turn of the loop.
  func nextTurn() async {
    await withCheckedContinuation { continuation in
      self.nextTurn { continuation.resume() }
    }
  }
}

extension Connection {
  /// Leaves what is received to a later turn. Its order stays: nothing more is read until then.
  func endTurn() {
    self.isTurnOver = true
    self.loop.nextTurn {
      self.isTurnOver = false
      self.catchUp()
    }
  }
}
