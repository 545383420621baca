// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension Kind: JSONDecodable, JSONEncodable, TextEnumeration {
  public init?(utf8 text: UnsafeRawBufferPointer) {
    switch text.count {
    case 3 where text.equals("one"): self = .one
    case 3 where text.equals("two"): self = .two
    default: return nil
    }
  }

  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Kind? {
    try reader.enumeration(Kind.self)
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .one: writer.raw("\"one\"")
    case .two: writer.raw("\"two\"")
    }
  }
}

private let propertiesProblem = PropertyTable(["code", "status"], required: 3, refusesUnknown: false)

extension Problem: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Problem? {
    guard var object = try reader.beginObject(propertiesProblem) else { return nil }
    var _code: String?
    var _status: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _code = try reader.string()
      case 1: _status = try reader.integer()
      default: break
      }
    }
    guard let _code, let _status else { return nil }
    return Problem(code: _code, status: _status)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"code\":")
    writer.string(self.code)
    writer.raw(",\"status\":")
    writer.integer(self.status)
    writer.raw("}")
  }
}

private let propertiesAdded = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension Added: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Added? {
    guard var object = try reader.beginObject(propertiesAdded) else { return nil }
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _ = try reader.constant("h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\")
      default: break
      }
    }
    return Added()
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    writer.raw("\"h\\r\\npublic let injected1 = 1\\rpublic let injected2 = 1\\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\\u000b\\u000c\\t\\u0000\\u001b\u{202e}\u{2066}*/ \\\"\\\\(injected)\\\" \\\"\\\"\\\" # \\\\\"")
    writer.raw("}")
  }
}

private let propertiesRefused = PropertyTable(["ok", "error"], required: 3, refusesUnknown: false)

extension Refused: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Refused? {
    guard var object = try reader.beginObject(propertiesRefused) else { return nil }
    var _error: Problem?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(false)
      case 1: _error = try Problem.decode(from: &reader)
      default: break
      }
    }
    guard let _error else { return nil }
    return Refused(error: _error)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(false)
    writer.raw(",\"error\":")
    self.error.encode(into: &writer)
    writer.raw("}")
  }
}

