// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

private let propertiesProblem = PropertyTable(["code"], required: 1, refusesUnknown: false)

extension Problem: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Problem? {
    guard var object = try reader.beginObject(propertiesProblem) else { return nil }
    var _code: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _code = try reader.string()
      default: break
      }
    }
    guard let _code else { return nil }
    return Problem(code: _code)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"code\":")
    writer.string(self.code)
    writer.raw("}")
  }
}

private let propertiesDone = PropertyTable(["ok"], required: 1, refusesUnknown: false)

extension Done: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Done? {
    guard var object = try reader.beginObject(propertiesDone) else { return nil }
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      default: break
      }
    }
    return Done()
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
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

