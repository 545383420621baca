import NIOCore

// The end of the server. To its clients it is to look like the loss of the connection, from which all of them come back,
// to the next process or to another node. The protocols' ways of parting keep some away: okhttp (Java, Android) waits for
// 44 s after a close frame, and python-engineio takes the CLOSE in a poll's answer for the server's wish.
extension Connection {
  /// No more events are read; when the application has answered those that were, the connection ends.
  func shutDown() {
    self.isShuttingDown = true
    if !self.isWorking { self.goAway() }
  }

  /// Ends the session without a word, after what is already queued for the client.
  func goAway() {
    switch self.phase {
    case .open, .leaving, .probing: break
    // A session that is on its way to here comes first: see `adopt`.
    case .opening, .adopting, .closing, .goingAway, .discarding, .closed: return
    }
    self.endSockets(.serverShuttingDown)
    guard let polling = self.polling else {
      self.leaveOpen(.goingAway)
      if let context = self.context { self.writeOutbox(context) }
      self.resumeReading()
      return self.endIfSent()
    }
    guard self.phase == .open, !self.outbox.isEmpty else { return self.ended(.serverShuttingDown) }
    self.leaveOpen(.goingAway)
    polling.answerPost(.error(.unavailable))
    self.answerPoll()
  }

  /// The last frame may have been written.
  func endIfSent() {
    if self.phase == .goingAway, self.outbox.isEmpty { self.endOutput() }
  }
}
