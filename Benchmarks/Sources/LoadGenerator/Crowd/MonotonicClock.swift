import Glibc

/// Nanoseconds of CLOCK_MONOTONIC: of one machine, so that what one socket sends another can date.
enum MonotonicClock {
  static func now() -> UInt64 {
    read(CLOCK_MONOTONIC)
  }

  /// CPU time of this process, all threads.
  static func processCPU() -> UInt64 {
    read(CLOCK_PROCESS_CPUTIME_ID)
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    // Neither clock can fail on Linux.
    guard clock_gettime(clock, &time) == 0 else { return 0 }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension UInt64 {
  init(seconds: Double) {
    self = UInt64(Swift.max(0, seconds) * 1e9)
  }
}
