// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

private let propertiesProblem = PropertyTable(["code", "status"], required: 3, refusesUnknown: true)

extension Problem: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Problem? {
    guard var object = try reader.beginObject(propertiesProblem) else { return nil }
    var _code: String?
    var _status: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _code = try reader.string(maxLength: 64, pattern: Patterns.pattern3)
      case 1: _status = try reader.integer(minimum: 400, maximum: 599)
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

private let propertiesTouchAcknowledgement = PropertyTable(["ok", "data"], required: 3, refusesUnknown: true)

extension TouchAcknowledgement: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> TouchAcknowledgement? {
    guard var object = try reader.beginObject(propertiesTouchAcknowledgement) else { return nil }
    var _data: TouchResult?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _data = try TouchResult.decode(from: &reader)
      default: break
      }
    }
    guard let _data else { return nil }
    return TouchAcknowledgement(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    self.data.encode(into: &writer)
    writer.raw("}")
  }
}

private let propertiesDoneAcknowledgement = PropertyTable(["ok"], required: 1, refusesUnknown: true)

extension DoneAcknowledgement: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> DoneAcknowledgement? {
    guard var object = try reader.beginObject(propertiesDoneAcknowledgement) else { return nil }
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      default: break
      }
    }
    return DoneAcknowledgement()
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw("}")
  }
}

private let propertiesRefusedAcknowledgement = PropertyTable(["ok", "error"], required: 3, refusesUnknown: true)

extension RefusedAcknowledgement: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> RefusedAcknowledgement? {
    guard var object = try reader.beginObject(propertiesRefusedAcknowledgement) else { return nil }
    var _error: Problem?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(false)
      case 1: _error = try Problem.decode(from: &reader)
      default: break
      }
    }
    guard let _error else { return nil }
    return RefusedAcknowledgement(error: _error)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(false)
    writer.raw(",\"error\":")
    self.error.encode(into: &writer)
    writer.raw("}")
  }
}

private let propertiesThingPlace = PropertyTable(["thing_id", "rev", "prev_rev"], required: 7, refusesUnknown: true)

extension ThingPlace: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingPlace? {
    guard var object = try reader.beginObject(propertiesThingPlace) else { return nil }
    var _thingID: ThingID?
    var _rev: Int?
    var _prevRev: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _thingID = try reader.uuid()
      case 1: _rev = try reader.integer(minimum: 1, maximum: 1000000)
      case 2: _prevRev = try reader.integer(minimum: 0, maximum: 1000000)
      default: break
      }
    }
    guard let _thingID, let _rev, let _prevRev else { return nil }
    return ThingPlace(thingID: _thingID, rev: _rev, prevRev: _prevRev)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"thing_id\":")
    writer.uuid(self.thingID)
    writer.raw(",\"rev\":")
    writer.integer(self.rev)
    writer.raw(",\"prev_rev\":")
    writer.integer(self.prevRev)
    writer.raw("}")
  }
}

private let propertiesThingMove = PropertyTable(["to", "thing"], required: 3, refusesUnknown: true)

extension ThingMove: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingMove? {
    guard var object = try reader.beginObject(propertiesThingMove) else { return nil }
    var _to: ThingPlace?
    var _thing: Thing?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _to = try ThingPlace.decode(from: &reader)
      case 1: _thing = try Thing.decode(from: &reader)
      default: break
      }
    }
    guard let _to, let _thing else { return nil }
    return ThingMove(to: _to, thing: _thing)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"to\":")
    self.to.encode(into: &writer)
    writer.raw(",\"thing\":")
    self.thing.encode(into: &writer)
    writer.raw("}")
  }
}

private let propertiesThingChange = PropertyTable(["thing", "rev", "prev_rev"], required: 7, refusesUnknown: true)

extension ThingChange: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingChange? {
    guard var object = try reader.beginObject(propertiesThingChange) else { return nil }
    var _thing: Thing?
    var _rev: Int?
    var _prevRev: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _thing = try Thing.decode(from: &reader)
      case 1: _rev = try reader.integer(minimum: 1, maximum: 1000000)
      case 2: _prevRev = try reader.integer(minimum: 0, maximum: 1000000)
      default: break
      }
    }
    guard let _thing, let _rev, let _prevRev else { return nil }
    return ThingChange(thing: _thing, rev: _rev, prevRev: _prevRev)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"thing\":")
    self.thing.encode(into: &writer)
    writer.raw(",\"rev\":")
    writer.integer(self.rev)
    writer.raw(",\"prev_rev\":")
    writer.integer(self.prevRev)
    writer.raw("}")
  }
}

private let propertiesThingWear = PropertyTable(["thing_id", "times"], required: 3, refusesUnknown: true)

extension ThingWear: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingWear? {
    guard var object = try reader.beginObject(propertiesThingWear) else { return nil }
    var _thingID: ThingID?
    var _times: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _thingID = try reader.uuid()
      case 1: _times = try reader.integer(minimum: 1, maximum: 1000)
      default: break
      }
    }
    guard let _thingID, let _times else { return nil }
    return ThingWear(thingID: _thingID, times: _times)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"thing_id\":")
    writer.uuid(self.thingID)
    writer.raw(",\"times\":")
    writer.integer(self.times)
    writer.raw("}")
  }
}

