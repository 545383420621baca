/// What `x-stream` says of the events to clients.
extension Emitter {
  private struct LogEvent {
    let event: ServerEvent
    let log: StreamLog

    var member: String { SwiftName.member(event.name, .event) }
    /// After a dot.
    var bare: String { SwiftName.bare(event.name, .event) }
    /// Its type in Swift.
    let payload: String
  }

  /// The logs by whose they are, in the order in which they first appear.
  private var logs: [(of: String, events: [LogEvent])] {
    var result: [(of: String, events: [LogEvent])] = []
    for event in model.serverEvents {
      guard case .log(let log) = event.order else { continue }
      let entry = LogEvent(event: event, log: log, payload: swiftType(event.payload))
      if let index = result.firstIndex(where: { $0.of == log.of }) {
        result[index].events.append(entry)
      } else {
        result.append((log.of, [entry]))
      }
    }
    return result
  }

  func emitStreams(_ writer: inout SwiftWriter) {
    writer.documentation(
      """
      What `x-stream` says, for a stream of each `of`, here X:

      - `EventStream`: for each event the stream that it is in, by its name on the wire.
      - `XLogEvent`: the durable events with their payloads; `position` is an event's key, rev and prev, `following` makes
        it one that comes after another rev, `encoded` is what goes out. `XLogEvent.Name` has their names, and reads what
        another node has encoded: the position by three fields, the whole by the schema.
      - `XLogReplay`: who reads changes again must say for each durable event which changes it tells.
      """)
    emitEventStream(&writer)
    for (of, events) in logs {
      writer.line()
      emitLog(of, events, &writer)
      writer.line()
      emitReplay(of, events, &writer)
    }
  }

  // MARK: - All events

  /// The cases of `EventStream` in order, each with the names that it has.
  private var streams: [(name: String, type: String, documentation: String, events: [ServerEvent])] {
    var result: [(name: String, type: String, documentation: String, events: [ServerEvent])] = []
    for event in model.serverEvents {
      let (name, type, documentation): (String, String, String)
      switch event.order {
      case .log(let log):
        type = "\(SwiftName.part(log.of))LogEvent.Name"
        (name, documentation) = ("\(log.of)-log", "Durable, in the order of the \(log.of)'s rev.")
      case .mark(let of, _, _, _):
        type = "\(SwiftName.part(of))Mark"
        (name, documentation) = ("\(of)-mark", "A watermark of the \(of), which only rises.")
      case .newest(let of, _, _, _):
        type = "\(SwiftName.part(of))Version"
        (name, documentation) = ("\(of)-version", "The newest of the \(of) wins.")
      case .ephemeral, nil:
        (name, type, documentation) = ("ephemeral", "Ephemeral", "In no stream: what is lost is lost.")
      }
      if let index = result.firstIndex(where: { $0.name == name }) {
        result[index].events.append(event)
      } else {
        result.append((name, type, documentation, [event]))
      }
    }
    return result
  }

  private func emitEventStream(_ writer: inout SwiftWriter) {
    writer.block("public enum EventStream: Sendable, Hashable") { writer in
      for stream in streams {
        writer.documentation(stream.documentation)
        writer.line("case \(SwiftName.member(stream.name, .event))(\(stream.type))")
      }
      for stream in streams where !stream.type.hasSuffix(".Name") {
        writer.line()
        emitNames("public enum \(stream.type)", stream.events, &writer)
      }
      writer.line()
      writer.line("/// - Parameter event: as it is called on the wire. Nil for an event that the spec does not have.")
      writer.block("public init?(_ event: String)") { writer in
        writer.line("switch event {")
        for stream in streams {
          for event in stream.events {
            writer.line(
              "case \(literal(event.name)): self = .\(SwiftName.bare(stream.name, .event))(.\(SwiftName.bare(event.name, .event)))"
            )
          }
        }
        writer.line("default: return nil")
        writer.line("}")
      }
    }
  }

  private func emitNames(_ head: String, _ events: [ServerEvent], _ writer: inout SwiftWriter) {
    writer.block("\(head): String, Sendable, Hashable, CaseIterable") { writer in
      for event in events {
        writer.line("case \(SwiftName.member(event.name, .event)) = \(literal(event.name))")
      }
    }
  }

  // MARK: - A log

  private func emitLog(_ of: String, _ events: [LogEvent], _ writer: inout SwiftWriter) {
    let type = "\(SwiftName.part(of))LogEvent"
    writer.line("/// The durable events of a \(of), each told in the order of its rev.")
    writer.block("public enum \(type): Sendable, Hashable") { writer in
      for entry in events {
        writer.documentation(entry.event.description)
        writer.line("case \(entry.member)(\(entry.payload))")
      }
      writer.line()
      emitNames("public enum Name", events.map(\.event), &writer)
      writer.line()
      emitSwitch("public var name: Name", events, &writer) { entry in "case .\(entry.bare): .\(entry.bare)" }
      writer.line()
      emitSwitch("public var position: LogPosition", events, &writer) { entry in
        let rev = path(entry.log.rev)
        let prev = entry.log.prev.map { "event.\(path($0))" } ?? "event.\(rev) &- 1"
        return "case .\(entry.bare)(let event): "
          + "LogPosition(key: event.\(path(entry.log.key)), rev: event.\(rev), prev: \(prev))"
      }
      writer.line()
      emitSwitch("public var encoded: EncodedEvent", events, &writer) { entry in
        "case .\(entry.bare)(let event): ServerEvents.\(entry.bare)(event)"
      }
      if events.contains(where: { $0.log.prev != nil }) {
        writer.line()
        emitFollowing(events, &writer)
      }
    }
    writer.line()
    emitReading(type, events, &writer)
  }

  private func emitSwitch(
    _ head: String, _ events: [LogEvent], _ writer: inout SwiftWriter, _ line: (LogEvent) -> String
  ) {
    writer.block(head) { writer in
      writer.line("switch self {")
      for entry in events { writer.line(line(entry)) }
      writer.line("}")
    }
  }

  private func emitFollowing(_ events: [LogEvent], _ writer: inout SwiftWriter) {
    writer.line("/// The same event, when the rev that was told before it is this one: what fills a hole is chained.")
    writer.block("public func following(_ prev: Int) -> Self") { writer in
      writer.line("switch self {")
      for entry in events {
        guard let prev = entry.log.prev else { continue }
        writer.line("case .\(entry.bare)(var event):")
        writer.indented {
          $0.line("event.\(path(prev)) = prev")
          $0.line("return .\(entry.bare)(event)")
        }
      }
      writer.line("}")
    }
  }

  private func emitReading(_ type: String, _ events: [LogEvent], _ writer: inout SwiftWriter) {
    writer.block("extension \(type).Name") { writer in
      writer.line("/// The position in a payload that another node has encoded, by three of its fields.")
      writer.line("///")
      writer.line("/// - Returns: nil where one is missing; nothing else is looked at.")
      emitSwitch("public func position(in payload: ByteBuffer) -> LogPosition?", events, &writer) { entry in
        let prev = entry.log.prev.map { literal(pointer($0)) } ?? "nil"
        return "case .\(entry.bare): LogPosition(skimming: payload, key: \(literal(pointer(entry.log.key))), "
          + "rev: \(literal(pointer(entry.log.rev))), prev: \(prev))"
      }
      writer.line()
      writer.line("/// Reads an event's payload by its schema.")
      writer.line("///")
      writer.line("/// - Parameter violations: what breaks the schema is added here.")
      writer.line("/// - Returns: nil where no value can be made of it.")
      writer.line("/// - Throws: `ProblemDetails` `malformed_body`.")
      emitSwitch(
        "public func decode(_ payload: ByteBuffer, violations: inout [Violation]) throws -> \(type)?", events, &writer
      ) { entry in
        "case .\(entry.bare): try \(entry.payload).decode(json: payload, violations: &violations)"
          + ".map { .\(entry.bare)($0) }"
      }
    }
  }

  /// As a Swift expression after a dot.
  private func path(_ names: [String]) -> String {
    names.map { SwiftName.bare($0, .property) }.joined(separator: ".")
  }

  private func pointer(_ names: [String]) -> String { names.map { "/" + $0 }.joined() }

  // MARK: - Replay

  private func emitReplay(_ of: String, _ events: [LogEvent], _ writer: inout SwiftWriter) {
    let type = SwiftName.part(of)
    // It must not hide what it is told by.
    let change = events.contains { $0.payload == "Change" } ? "Change_" : "Change"
    writer.documentation(
      """
      Tells the changes of a \(of) again, read from where they are kept. A change is told by one event, which says what
      it says now; each requirement is nil for a change that its event does not tell.
      """)
    writer.block("public protocol \(type)LogReplay") { writer in
      writer.line("associatedtype \(change)")
      for entry in events {
        writer.line("func \(entry.member)(_ change: \(change)) -> \(entry.payload)?")
      }
    }
    writer.line()
    writer.block("extension \(type)LogReplay") { writer in
      writer.line("/// The first event that tells the change, in the order of the spec; nil if none does.")
      writer.block("public func event(of change: \(change)) -> \(type)LogEvent?") { writer in
        for entry in events {
          writer.line("if let event = \(entry.member)(change) { return .\(entry.bare)(event) }")
        }
        writer.line("return nil")
      }
    }
  }
}
