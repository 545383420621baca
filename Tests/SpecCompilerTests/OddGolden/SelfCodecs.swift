// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

private let propertiesAsked = PropertyTable(["id", "self"], required: 1, refusesUnknown: false)

extension Asked: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Asked? {
    guard var object = try reader.beginObject(propertiesAsked) else { return nil }
    var _id: String?
    var _self_: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _id = try reader.string()
      case 1: _self_ = try reader.string()
      default: break
      }
    }
    guard let _id else { return nil }
    return Asked(id: _id, self_: _self_)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"id\":")
    writer.string(self.id)
    if let value = self.self_ {
      writer.raw(",\"self\":")
      writer.string(value)
    }
    writer.raw("}")
  }
}

