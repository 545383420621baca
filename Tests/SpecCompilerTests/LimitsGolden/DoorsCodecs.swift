// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

private let propertiesName_ = PropertyTable(["name"], required: 1, refusesUnknown: true)

extension Name_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Name_? {
    guard var object = try reader.beginObject(propertiesName_) else { return nil }
    var _name: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _name = try reader.string(minLength: 1, maxLength: 40)
      default: break
      }
    }
    guard let _name else { return nil }
    return Name_(name: _name)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"name\":")
    writer.string(self.name)
    writer.raw("}")
  }
}

private let propertiesLoginRequest = PropertyTable(["who", "password"], required: 3, refusesUnknown: true)

extension LoginRequest: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> LoginRequest? {
    guard var object = try reader.beginObject(propertiesLoginRequest) else { return nil }
    var _who: Name_?
    var _password: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _who = try Name_.decode(from: &reader)
      case 1: _password = try reader.string(maxLength: 40)
      default: break
      }
    }
    guard let _who, let _password else { return nil }
    return LoginRequest(who: _who, password: _password)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"who\":")
    self.who.encode(into: &writer)
    writer.raw(",\"password\":")
    writer.string(self.password)
    writer.raw("}")
  }
}

