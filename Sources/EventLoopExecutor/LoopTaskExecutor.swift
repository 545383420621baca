import NIOCore

/// Runs tasks on an event loop.
///
/// NIO's event loops are serial executors; a task's preference needs a task executor. A task that starts with this one
/// as its `executorPreference` comes back to the loop's thread after every `await` of a nonisolated function, so that
/// it may touch the loop's state.
public final class LoopTaskExecutor: TaskExecutor {
  public let eventLoop: any EventLoop

  public init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    self.eventLoop.execute {
      job.runSynchronously(on: self.asUnownedTaskExecutor())
    }
  }
}
