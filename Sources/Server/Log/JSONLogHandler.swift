import Logging
import NIOCore
import ProtocolRuntime

/// Writes each record of swift-log as one line of JSON: time, level, label, message, and the metadata as members.
struct JSONLogHandler: LogHandler {
  let label: String
  let sink: LogSink
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  init(label: String, sink: LogSink, level: Logger.Level) {
    self.label = label
    self.sink = sink
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var writer = JSONWriter(capacity: 256)
    writer.raw("{\"time\":")
    writer.timestamp(.now())
    writer.raw(",\"level\":\"")
    writer.unquoted(event.level.rawValue)
    writer.raw("\",\"label\":")
    writer.string(label)
    writer.raw(",\"message\":")
    writer.string(event.message.description)
    var members = metadata
    if let own = event.metadata { members.merge(own) { _, new in new } }
    if let error = event.error { members["error"] = "\(error)" }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      writer.raw(",")
      writer.string(Self.reserved.contains(key) ? "metadata." + key : key)
      writer.raw(":")
      Self.encode(value, into: &writer)
    }
    writer.raw("}\n")
    sink.write(writer.finish())
  }

  private static let reserved: Set<String> = ["time", "level", "label", "message"]

  private static func encode(_ value: Logger.MetadataValue, into writer: inout JSONWriter) {
    switch value {
    case .string(let text): writer.string(text)
    case .stringConvertible(let value): writer.string(value.description)
    case .array(let values): writer.array(values) { encode($1, into: &$0) }
    case .dictionary(let values):
      var isFirst = true
      writer.raw("{")
      writer.map(values, isFirst: &isFirst) { encode($1, into: &$0) }
      writer.raw("}")
    @unknown default: writer.string("\(value)")
    }
  }
}
