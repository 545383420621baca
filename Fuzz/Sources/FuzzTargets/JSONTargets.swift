import Bytes
import GoldenProtocol
import NIOCore
import ProtocolRuntime

enum JSONTarget {
  static func play(_ bytes: ByteBuffer) throws {
    try read(Thing.self, bytes)
    try read(ThingName.self, bytes)
  }

  private static func read<Value: JSONDecodable & JSONEncodable>(_ type: Value.Type, _ bytes: ByteBuffer) throws {
    var violations: [Violation] = []
    let value: Value?
    do {
      value = try Value.decode(json: bytes, violations: &violations)
    } catch {
      return
    }
    // What was taken for JSON is some, also by the other scanner.
    let text = Array(bytes.readableBytesView)
    var scan = JSONScan()
    try check(scan.whole(text.span) && UTF8Check.firstInvalid(in: text.span) == nil, "taken for JSON")
    try check(violations.count <= JSONReader.maxViolations)
    guard let value, violations.isEmpty else { return try check(!violations.isEmpty, "neither a value nor a reason") }
    // What is read can be written, and is then read as the same.
    let written = Self.written(value)
    let again = try Value.decode(json: written, violations: &violations)
    try check(violations.isEmpty)
    try check(again.map { Self.written($0) } == written)
  }

  private static func written(_ value: some JSONEncodable) -> ByteBuffer {
    var writer = JSONWriter(capacity: 64)
    value.encode(into: &writer)
    return writer.finish()
  }
}

enum PositionTarget {
  static func play(_ bytes: ByteBuffer) throws {
    for name in ThingLogEvent.Name.allCases {
      let skimmed = name.position(in: bytes)
      if let skimmed { try check(skimmed.prev >= 0 && skimmed.prev < skimmed.rev) }
      var violations: [Violation] = []
      guard let event = try? name.decode(bytes, violations: &violations), violations.isEmpty else { continue }
      // Of an event that keeps its schema, three fields tell what the whole tells; always of one that a node wrote.
      if let skimmed { try check(skimmed == event.position, "\(skimmed), but \(event.position)") }
      guard event.position.prev < event.position.rev, event.position.prev >= 0, event.position.rev > 0 else { continue }
      try check(name.position(in: payload(of: event)) == event.position, "\(event.position)")
    }
  }

  /// Of `["name",{…}]`.
  private static func payload(of event: ThingLogEvent) -> ByteBuffer {
    var arguments = event.encoded.arguments
    arguments.moveReaderIndex(forwardBy: event.name.rawValue.utf8.count + 4)
    return arguments.getSlice(at: arguments.readerIndex, length: arguments.readableBytes - 1) ?? arguments
  }
}

enum BytesTarget {
  static func play(_ bytes: ByteBuffer) throws {
    let bytes = Array(bytes.readableBytesView)
    try text(bytes)
    try json(bytes)
    try base64(bytes)
    try percents(bytes)
  }

  /// The standard library's opinion.
  private static func text(_ bytes: [UInt8]) throws {
    let place = UTF8Check.firstInvalid(in: bytes.span)
    try check((place == nil) == (String(validating: bytes, as: UTF8.self) != nil))
    guard let place else { return }
    try check(String(validating: bytes[..<place], as: UTF8.self) != nil, "what is before it is good")
  }

  private static func json(_ bytes: [UInt8]) throws {
    var scan = JSONScan(isCounting: true)
    guard scan.whole(bytes.span) else { return }
    try check(scan.position == bytes.count)
    if let found = BinaryPlaceholder.all(in: bytes.span, count: 3) {
      for (start, placeholder) in found {
        try check((0..<3).contains(placeholder.number))
        try check(start < placeholder.end && placeholder.end <= bytes.count)
        try check(bytes[start] == UInt8(ascii: "{") && bytes[placeholder.end - 1] == UInt8(ascii: "}"))
      }
    }
    guard UTF8Check.firstInvalid(in: bytes.span) == nil else { return }
    var string = JSONScan()
    string.whitespace(bytes.span)
    guard let range = string.string(bytes.span) else { return }
    try check(JSONString.end(ofStringAt: range.lowerBound, bytes.span) == range.upperBound)
    let decoded = JSONString.decode(bytes.span, range)
    let again = Array(JSONString.encode(decoded).utf8)
    try check(JSONString.decode(again.span, again.indices) == decoded, "what is written is read back")
  }

  private static func base64(_ bytes: [UInt8]) throws {
    let encoded = Base64URL.encode(bytes)
    try check(Base64URL.decode(encoded) == bytes)
    let decoded = bytes.withUnsafeBytes { Base64URL.decode($0) }
    if let decoded { try check(Array(Base64URL.encode(decoded).utf8) == bytes, "one text for each sequence of bytes") }
  }

  private static func percents(_ bytes: [UInt8]) throws {
    let encoded = bytes.flatMap { byte in
      [UInt8(ascii: "%"), UInt8(hexadecimalDigit: byte >> 4), UInt8(hexadecimalDigit: byte)]
    }
    try check(PercentEncoding.decode(encoded) == bytes)
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    let decoded = PercentEncoding.decode(bytes)
    try check(PercentEncoding.decoded(text) == decoded.flatMap { String(validating: $0, as: UTF8.self) })
    if let decoded { try check(decoded.count <= bytes.count) }
  }
}
