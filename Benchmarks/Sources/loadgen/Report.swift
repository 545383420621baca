import FoundationEssentials
import Glibc
import LoadGenerator

struct State: Encodable {
  var state: String
}

/// Microseconds.
struct LatencyReport: Encodable {
  var p50: Double
  var p90: Double
  var p99: Double
  var p999: Double
  var max: Double
  var mean: Double

  init(_ latencies: Latencies) {
    p50 = latencies.percentile(50)
    p90 = latencies.percentile(90)
    p99 = latencies.percentile(99)
    p999 = latencies.percentile(99.9)
    max = latencies.longest
    mean = latencies.mean
  }
}

/// A window's tally as it is printed. Times are in the unit that their name says.
struct Report: Encodable {
  var state = "done"
  var completed: Int
  var checked: Int
  var failed: Int
  var failures: [String: Int]
  var delivered: Int
  var lost: Int
  var repeated: Int
  var octets: Int
  var seconds: Double
  var perSecond: Double
  var generatorCPUSeconds: Double
  var latencyMicroseconds: LatencyReport

  init(_ tally: Tally) {
    completed = tally.completed
    checked = tally.checked
    failures = named(tally.failures)
    failed = failures.values.reduce(0, +)
    delivered = tally.delivered
    lost = tally.lost
    repeated = tally.repeated
    octets = tally.octets
    seconds = tally.seconds
    perSecond = tally.seconds > 0 ? Double(tally.completed) / tally.seconds : 0
    generatorCPUSeconds = tally.cpuSeconds
    latencyMicroseconds = LatencyReport(tally.latencies)
  }
}

/// Connections that were begun together.
struct ConnectReport: Encodable {
  var state: String
  var connected: Int
  var failed: Int
  var failures: [String: Int]
  var seconds: Double
  var perSecond: Double
  var generatorCPUSeconds: Double
  var latencyMicroseconds: LatencyReport

  init(_ tally: ConnectTally, state: String) {
    self.state = state
    connected = tally.connected
    failures = named(tally.failures)
    failed = failures.values.reduce(0, +)
    seconds = tally.seconds
    perSecond = tally.seconds > 0 ? Double(tally.connected) / tally.seconds : 0
    generatorCPUSeconds = tally.cpuSeconds
    latencyMicroseconds = LatencyReport(tally.latencies)
  }
}

/// Connections that were held.
struct HoldReport: Encodable {
  var state = "done"
  var lost: Int
}

/// A window of fan-out.
struct FanOutReport: Encodable {
  var state = "done"
  var sent: Int
  var delivered: Int
  var lost: Int
  var doubled: Int
  var late: Int
  var failed: Int
  var failures: [String: Int]
  var seconds: Double
  /// Deliveries.
  var perSecond: Double
  var generatorCPUSeconds: Double
  var latencyMicroseconds: LatencyReport
  /// The generator's own part of the latencies.
  var lagMicroseconds: LatencyReport

  init(_ tally: FanOutTally) {
    sent = tally.sent
    delivered = tally.delivered
    lost = tally.lost
    doubled = tally.doubled
    late = tally.late
    failures = named(tally.failures)
    failed = failures.values.reduce(0, +)
    seconds = tally.seconds
    perSecond = tally.seconds > 0 ? Double(tally.delivered) / tally.seconds : 0
    generatorCPUSeconds = tally.cpuSeconds
    latencyMicroseconds = LatencyReport(tally.latencies)
    lagMicroseconds = LatencyReport(tally.lags)
  }
}

private func named(_ failures: [Failure: Int]) -> [String: Int] {
  Dictionary(uniqueKeysWithValues: failures.map { ($0.key.rawValue, $0.value) })
}

/// One line of JSON on standard output, at once: another program waits for it.
func print(line: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = .sortedKeys
  var line = try encoder.encode(line)
  line.append(UInt8(ascii: "\n"))
  // write(2) and not print: standard output is buffered when it is a pipe.
  var rest = line[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    guard written > 0 else { throw CocoaError(.fileWriteUnknown) }
    rest = rest.dropFirst(written)
  }
}
