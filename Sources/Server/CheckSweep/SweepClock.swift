#if NUMBERED_CHECKS
  import NIOCore
  import Synchronization

  /// A clock for limits that can be set ahead, so that each probe finds all buckets full.
  final class SweepClock: Sendable {
    /// In which every bucket is full again: the spec allows none that takes longer.
    private static let day: UInt64 = 86_400_000_000_000

    private let ahead = Atomic<UInt64>(0)

    var now: UInt64 { NIODeadline.now().uptimeNanoseconds + ahead.load(ordering: .sequentiallyConsistent) }

    func skipDay() { ahead.add(Self.day, ordering: .sequentiallyConsistent) }
  }
#endif
