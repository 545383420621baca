import ProtocolRuntime

/// The reads of somebody who finds less than has been told here.
///
/// What was told was durable before, so that the next read sees it. Only a database that has gone back goes on to show
/// less, until that is found and the streams begin anew (`DatabaseHistory`), which takes a second or two.
struct StaleReads {
  /// How many follow the first one at once: meanwhile, somebody else may have been removed.
  private static let atOnce = 3
  private static let pause = Duration.milliseconds(250)
  private static let mostPauses = 20

  private let scheduler: any Scheduler
  private var count = 0

  init(on scheduler: any Scheduler) {
    self.scheduler = scheduler
  }

  /// To be awaited before each further read.
  ///
  /// - Throws: `UnavailableError` after 5 s.
  mutating func next() async throws {
    count += 1
    guard count > Self.atOnce else { return }
    guard count <= Self.atOnce + Self.mostPauses else {
      throw UnavailableError("The database is not where it was. Try again in 1 second.")
    }
    await withCheckedContinuation { continuation in
      scheduler.schedule(after: Self.pause) { continuation.resume() }
    }
  }
}
