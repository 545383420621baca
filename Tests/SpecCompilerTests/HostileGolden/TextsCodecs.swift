// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension Text: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Text? {
    guard let value = try reader.discriminator("type") else { return nil }
    switch value {
    case "first":
      return try First.decode(from: &reader).map { .first($0) }
    case "second":
      return try Second.decode(from: &reader).map { .second($0) }
    default:
      try reader.refuseDiscriminator("type", known: "first, second")
      return nil
    }
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .first(let value): value.encode(into: &writer)
    case .second(let value): value.encode(into: &writer)
    }
  }
}

private let propertiesFirst = PropertyTable(["type", "kind", "text", "list"], required: 3)

extension First: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> First? {
    guard var object = try reader.beginObject(propertiesFirst) else { return nil }
    var _text: String?
    var _list: [String]?
    var additionalProperties: [String: String] = [:]
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant("first")
      case 1: _ = try reader.constant("h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\")
      case 2: _text = try reader.string(pattern: Patterns.pattern1)
      case 3: _list = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constant("h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\").map { _ in "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\" } }
      default:
        if let value = try (reader.constant("h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\").map { _ in "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\" }) { additionalProperties[object.unknownName] = value }
      }
    }
    return First(text: _text ?? "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\", list: _list, additionalProperties: additionalProperties)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"type\":")
    writer.raw("\"first\"")
    writer.raw(",\"kind\":")
    writer.raw("\"h\\r\\npublic let injected1 = 1\\rpublic let injected2 = 1\\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\\u000b\\u000c\\t\\u0000\\u001b\u{202e}\u{2066}*/ \\\"\\\\(injected)\\\" \\\"\\\"\\\" # \\\\\"")
    writer.raw(",\"text\":")
    writer.string(self.text)
    if let value = self.list {
      writer.raw(",\"list\":")
      writer.array(value) { writer, element in writer.string(element) }
    }
    var isFirst = false
    writer.map(additionalProperties, isFirst: &isFirst) { writer, value in writer.string(value) }
    writer.raw("}")
  }
}

private let propertiesSecond = PropertyTable(["type"], required: 1, refusesUnknown: false)

extension Second: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Second? {
    guard var object = try reader.beginObject(propertiesSecond) else { return nil }
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant("second")
      default: break
      }
    }
    return Second()
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"type\":")
    writer.raw("\"second\"")
    writer.raw("}")
  }
}

private let propertiesTold = PropertyTable(["id", "rev"], required: 3, refusesUnknown: false)

extension Told: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Told? {
    guard var object = try reader.beginObject(propertiesTold) else { return nil }
    var _id: UUID?
    var _rev: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _id = try reader.uuid()
      case 1: _rev = try reader.integer()
      default: break
      }
    }
    guard let _id, let _rev else { return nil }
    return Told(id: _id, rev: _rev)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"id\":")
    writer.uuid(self.id)
    writer.raw(",\"rev\":")
    writer.integer(self.rev)
    writer.raw("}")
  }
}

