import Logging
import NIOCore
import ProtocolRuntime

/// What the access log says of one request.
struct AccessRecord {
  var requestID: String
  var method: String
  /// Without the query, which may carry what is nobody's business.
  var path: String
  var status: Int
  /// Of the answer, head and body.
  var bytes: Int
  var duration: TimeAmount
  var address: String
  /// The code of a problem.
  var code: String?
}

/// Gathers one event loop's lines, so that the busy path takes no lock and makes no system call.
///
/// It writes the same lines as `JSONLogHandler` would, without a dictionary of metadata for each.
struct AccessLog: ~Copyable {
  /// Bytes after which lines are handed on without waiting for the next sweep.
  private static let batch = 16 << 10

  /// Nil: no access log.
  private let sink: LogSink?
  private var lines = JSONWriter(capacity: 0)

  init(sink: LogSink?) {
    self.sink = sink
  }

  mutating func append(_ record: AccessRecord, at time: Timestamp) {
    guard sink != nil else { return }
    lines.raw("{\"time\":")
    lines.timestamp(time)
    lines.raw(",\"level\":\"info\",\"label\":\"access\",\"message\":\"request\",\"request_id\":\"")
    lines.unquoted(record.requestID)
    lines.raw("\",\"method\":")
    lines.string(record.method)
    lines.raw(",\"path\":")
    lines.string(record.path)
    lines.raw(",\"status\":")
    lines.integer(record.status)
    lines.raw(",\"bytes\":")
    lines.integer(record.bytes)
    lines.raw(",\"duration_us\":")
    lines.integer(Int(record.duration.nanoseconds / 1000))
    lines.raw(",\"address\":")
    lines.string(record.address)
    if let code = record.code {
      lines.raw(",\"code\":\"")
      lines.unquoted(code)
      lines.raw("\"")
    }
    lines.raw("}\n")
    if lines.count >= Self.batch { flush() }
  }

  mutating func flush() {
    guard let sink, lines.count > 0 else { return }
    sink.write(lines.take())
  }
}
