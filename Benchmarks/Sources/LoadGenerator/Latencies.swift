import Histogram

/// Durations, kept at three digits.
public struct Latencies: Sendable {
  // A nanosecond to a minute: 200 KB, no allocation while recording.
  private var histogram = Histogram<UInt64>(
    highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .three)
  public private(set) var count = 0

  public init() {}

  mutating func record(nanoseconds: UInt64) {
    count += 1
    // What does not fit (a minute and more) is kept as the longest that does: never dropped.
    histogram.record(min(nanoseconds, 59_999_999_999))
  }

  /// In microseconds: within it was this share of all; 0 if there was none.
  public func percentile(_ percentile: Double) -> Double {
    count == 0 ? 0 : Double(histogram.valueAtPercentile(percentile)) / 1000
  }

  /// In microseconds.
  public var longest: Double { count == 0 ? 0 : Double(histogram.max) / 1000 }
  /// In microseconds.
  public var mean: Double { count == 0 ? 0 : histogram.mean / 1000 }
}
