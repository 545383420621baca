import NIOCore

/// How long a body may take that is taken as it comes: a time to begin with, and more with each byte, so that a slow line
/// may send a long body while nobody keeps a connection for nothing. While the server takes nothing, no time passes.
struct BodyPace {
  /// Bytes a second, on average, that are fast enough.
  static let leastRate = 4096

  private let timeout: TimeAmount
  private var start: NIODeadline
  private var heldSince: NIODeadline?
  private var count = 0

  init(timeout: TimeAmount, now: NIODeadline = .now()) {
    self.timeout = timeout
    start = now
  }

  var isHeld: Bool { heldSince != nil }

  /// Nil while it is held.
  var deadline: NIODeadline? {
    isHeld ? nil : start + timeout + .milliseconds(Int64(count) * 1000 / Int64(Self.leastRate))
  }

  /// - Parameter bytes: of a body, which has at most 1 GiB.
  mutating func came(_ bytes: Int) { count += bytes }

  mutating func hold(now: NIODeadline = .now()) {
    if heldSince == nil { heldSince = now }
  }

  mutating func resume(now: NIODeadline = .now()) {
    guard let since = heldSince else { return }
    heldSince = nil
    start = start + (now - since)
  }
}
