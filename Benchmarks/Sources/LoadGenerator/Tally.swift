import NIOCore

/// Why a request does not count as answered.
public enum Failure: String, CaseIterable, Sendable {
  /// No connection could be made.
  case connect
  /// The connection was lost with the request in flight.
  case closed
  /// The answer's framing could not be read.
  case framing
  /// An answer with another status than 200, or an acknowledgement that is not ok.
  case refused
  /// An answer that was parsed and is not what was asked for.
  case content
  /// No answer within the time that a window waits for what is in flight.
  case timeout
}

/// What a window of load counted.
public struct Tally: Sendable {
  /// Requests that were answered as they should be.
  public private(set) var completed = 0
  /// Answers that were parsed whole and compared with what was asked for; the others by status alone.
  public internal(set) var checked = 0
  public private(set) var failures: [Failure: Int] = [:]
  /// Events that came to the connections: each stored message's own.
  public internal(set) var delivered = 0
  /// Events that never came, by the holes in their sequence.
  public internal(set) var lost = 0
  /// Events that came again, or after a later one.
  public internal(set) var repeated = 0
  /// Octets of the answers' bodies and acknowledgements.
  public internal(set) var octets = 0
  /// From the first request to the last answer, in seconds.
  public internal(set) var seconds = 0.0
  /// The generator's own CPU time, in seconds.
  public internal(set) var cpuSeconds = 0.0

  /// From when a request was issued to its answer.
  public private(set) var latencies = Latencies()

  mutating func complete(after latency: TimeAmount) {
    completed += 1
    latencies.record(nanoseconds: UInt64(clamping: latency.nanoseconds))
  }

  mutating func fail(_ failure: Failure, count: Int = 1) {
    failures[failure, default: 0] += count
  }
}
