import NIOCore

/// The clock and the timers of delivery, passed in so that tests can hold the time.
public protocol Scheduler: Sendable {
  /// Time since some fixed moment; it never goes back.
  var now: Duration { get }
  /// Runs a short piece of work later, on any thread.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}

/// Timers of an event loop.
public struct EventLoopScheduler: Scheduler {
  private let eventLoop: any EventLoop

  public init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  public var now: Duration {
    .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds))
  }

  public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    eventLoop.scheduleTask(in: TimeAmount(delay), work)
  }
}
