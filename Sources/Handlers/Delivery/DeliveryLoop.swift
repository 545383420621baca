/// Where timers run, and what is read for streams: an event loop. Each shard of the streams has one.
public struct DeliveryLoop: Sendable {
  let scheduler: any Scheduler
  let executor: (any TaskExecutor)?

  /// - Parameter executor: nil for the global pool.
  public init(scheduler: any Scheduler, executor: (any TaskExecutor)? = nil) {
    self.scheduler = scheduler
    self.executor = executor
  }
}
