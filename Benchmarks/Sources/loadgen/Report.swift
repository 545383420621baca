import FoundationEssentials
import Glibc
import LoadGenerator

struct State: Encodable {
  var state: String
}

/// A window's tally as it is printed. Times are in the unit that their name says.
struct Report: Encodable {
  struct Latency: Encodable {
    var p50: Double
    var p90: Double
    var p99: Double
    var p999: Double
    var max: Double
    var mean: Double
  }

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
  var latencyMicroseconds: Latency

  init(_ tally: Tally) {
    completed = tally.completed
    checked = tally.checked
    failed = tally.failures.values.reduce(0, +)
    failures = Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, $0.value) })
    delivered = tally.delivered
    lost = tally.lost
    repeated = tally.repeated
    octets = tally.octets
    seconds = tally.seconds
    perSecond = tally.seconds > 0 ? Double(tally.completed) / tally.seconds : 0
    generatorCPUSeconds = tally.cpuSeconds
    latencyMicroseconds = Latency(
      p50: tally.latency(percentile: 50), p90: tally.latency(percentile: 90), p99: tally.latency(percentile: 99),
      p999: tally.latency(percentile: 99.9), max: tally.longestLatency, mean: tally.meanLatency)
  }
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
