import NIOCore

/// One of those that keep a single request in flight.
protocol Participant: AnyObject {
  /// Issues the first request of a window; the participant goes on by itself until ``ClosedLoop/mayIssue(at:)``
  /// says no, and then calls ``ClosedLoop/rest()``.
  func begin()
  /// Closes what is open.
  func end()
}

/// The closed loop: each participant issues its next request when the last was answered, or, where there is a rate, when
/// its turn has come after that. Everything here happens on
/// one event loop, so there is nothing to lock, and the generator takes one core at most.
final class ClosedLoop {
  /// What is in flight when a window ends is waited for this long.
  static let grace = TimeAmount.seconds(10)

  let eventLoop: any EventLoop
  var tally = Tally()
  var participants: [any Participant] = []
  private var issued = 0
  private var limit = 0
  private var active = 0
  /// Between two requests of one participant, at least.
  private var interval: TimeAmount?
  private var deadline = NIODeadline.distantPast
  private var lastAnswer = NIODeadline.distantPast
  private var drained: EventLoopPromise<Void>?

  init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  /// Runs a window and answers its tally when nothing is in flight any more.
  func run(_ window: Window) -> EventLoopFuture<Tally> {
    precondition(drained == nil, "one window at a time")
    tally = Tally()
    issued = 0
    limit = window.maximumRequests
    active = participants.count
    let begun = NIODeadline.now()
    let cpuBegun = MonotonicClock.processCPU()
    lastAnswer = begun
    deadline = begun + window.duration
    let promise = eventLoop.makePromise(of: Void.self)
    drained = promise
    let this = NIOLoopBound(self, eventLoop: eventLoop)
    let giveUp = eventLoop.scheduleTask(in: window.duration + Self.grace) { this.value.giveUp() }
    interval = window.rate.map { .nanoseconds(Int64(Double(participants.count) / $0 * 1e9)) }
    for (index, participant) in participants.enumerated() {
      // Spread, so that a rate is one, and no burst in each interval.
      let offset = interval.map { $0.nanoseconds / Int64(participants.count) * Int64(index) } ?? 0
      wait(until: begun + .nanoseconds(offset)) { participant.begin() }
    }
    if participants.isEmpty { finish() }
    return promise.futureResult.map {
      giveUp.cancel()
      this.value.tally.seconds = Double((this.value.lastAnswer - begun).nanoseconds) / 1e9
      this.value.tally.cpuSeconds = Double(MonotonicClock.processCPU() - cpuBegun) / 1e9
      return this.value.tally
    }
  }

  /// Goes on when a participant that issued its last request then may issue its next: at once, unless there is a rate.
  func wait(since issuedAt: NIODeadline, _ goOn: @escaping () -> Void) {
    if let interval { wait(until: issuedAt + interval, goOn) } else { goOn() }
  }

  private func wait(until time: NIODeadline, _ goOn: @escaping () -> Void) {
    guard time > .now() else { return goOn() }
    _ = eventLoop.assumeIsolated().scheduleTask(deadline: time, goOn)
  }

  /// Whether a participant may issue one more request now; it is counted as issued then.
  func mayIssue(at now: NIODeadline) -> Bool {
    guard drained != nil, issued < limit, now < deadline else { return false }
    issued += 1
    return true
  }

  func answered(issuedAt: NIODeadline, at now: NIODeadline) {
    lastAnswer = now
    tally.complete(after: now - issuedAt)
  }

  /// A participant has nothing in flight and issues nothing more in this window.
  func rest() {
    guard drained != nil else { return }
    active -= 1
    if active == 0 { finish() }
  }

  private func giveUp() {
    guard drained != nil else { return }
    tally.fail(.timeout, count: active)
    finish()
  }

  private func finish() {
    let promise = drained
    drained = nil
    promise?.succeed()
  }
}
