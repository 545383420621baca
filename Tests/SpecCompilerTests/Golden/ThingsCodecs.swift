// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension ThingKind: JSONDecodable, JSONEncodable, TextEnumeration {
  public init?(utf8 text: UnsafeRawBufferPointer) {
    switch text.count {
    case 3 where text.equals("big"): self = .big
    case 10 where text.equals("very_small"): self = .verySmall
    default: return nil
    }
  }

  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingKind? {
    try reader.enumeration(ThingKind.self)
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .big: writer.raw("\"big\"")
    case .verySmall: writer.raw("\"very_small\"")
    }
  }
}

private let propertiesThingName = PropertyTable(["name"], required: 1, refusesUnknown: true)

extension ThingName: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingName? {
    guard var object = try reader.beginObject(propertiesThingName) else { return nil }
    var _name: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _name = try reader.string(minLength: 1, maxLength: 20, pattern: Patterns.pattern1)
      default: break
      }
    }
    guard let _name else { return nil }
    return ThingName(name: _name)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"name\":")
    writer.string(self.name)
    writer.raw("}")
  }
}

private let propertiesThingBase = PropertyTable(["id", "kind"], required: 1, refusesUnknown: false)

extension ThingBase: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingBase? {
    guard var object = try reader.beginObject(propertiesThingBase) else { return nil }
    var _id: ThingID?
    var _kind: ThingKind?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _id = try reader.uuid()
      case 1: _kind = try ThingKind.decode(from: &reader)
      default: break
      }
    }
    guard let _id else { return nil }
    return ThingBase(id: _id, kind: _kind ?? .big)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"id\":")
    writer.uuid(self.id)
    writer.raw(",\"kind\":")
    self.kind.encode(into: &writer)
    writer.raw("}")
  }
}

private let propertiesThing = PropertyTable(["id", "kind", "name", "weight", "parts", "labels"], required: 5, refusesUnknown: true)

extension Thing: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Thing? {
    guard var object = try reader.beginObject(propertiesThing) else { return nil }
    var _id: ThingID?
    var _kind: ThingKind?
    var _name: String?
    var _weight: Nullable<Double>?
    var _parts: [Part]?
    var _labels: [String: Int]?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _id = try reader.uuid()
      case 1: _kind = try ThingKind.decode(from: &reader)
      case 2: _name = try reader.string(maxLength: 20, pattern: Patterns.pattern2)
      case 3:
        if try reader.null() {
          _weight = .null
        } else if let value = try reader.number(minimum: 0.0, exclusiveMaximum: 1000.0, multipleOf: DecimalStep(1, exponent: -1)) {
          _weight = .value(value)
        }
      case 4: _parts = try reader.uniqueArray(maxItems: 10) { (reader: inout JSONReader) throws(JSONSyntaxError) in try Part.decode(from: &reader) }
      case 5: _labels = try reader.map(maxProperties: 5) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(minimum: -2147483648, maximum: 2147483647) }
      default: break
      }
    }
    guard let _id, let _name else { return nil }
    return Thing(id: _id, kind: _kind ?? .big, name: _name, weight: _weight, parts: _parts, labels: _labels)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"id\":")
    writer.uuid(self.id)
    writer.raw(",\"kind\":")
    self.kind.encode(into: &writer)
    writer.raw(",\"name\":")
    writer.string(self.name)
    if let value = self.weight {
      writer.raw(",\"weight\":")
      switch value {
      case .null: writer.null()
      case .value(let value): writer.number(value)
      }
    }
    if let value = self.parts {
      writer.raw(",\"parts\":")
      writer.array(value) { writer, element in element.encode(into: &writer) }
    }
    if let value = self.labels {
      writer.raw(",\"labels\":")
      writer.object(value) { writer, element in writer.integer(element) }
    }
    writer.raw("}")
  }
}

extension Part: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Part? {
    guard let value = try reader.discriminator("type") else { return nil }
    switch value {
    case "screw":
      return try Screw.decode(from: &reader).map { .screw($0) }
    case "board":
      return try Board.decode(from: &reader).map { .board($0) }
    default:
      try reader.refuseDiscriminator("type", known: "screw, board")
      return nil
    }
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .screw(let value): value.encode(into: &writer)
    case .board(let value): value.encode(into: &writer)
    }
  }
}

private let propertiesScrew = PropertyTable(["type"], required: 1, refusesUnknown: true)

extension Screw: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Screw? {
    guard var object = try reader.beginObject(propertiesScrew) else { return nil }
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant("screw")
      default: break
      }
    }
    return Screw()
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"type\":")
    writer.raw("\"screw\"")
    writer.raw("}")
  }
}

private let propertiesBoard = PropertyTable(["type", "lies_on"], required: 3, refusesUnknown: true)

extension Board: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Board? {
    guard var object = try reader.beginObject(propertiesBoard) else { return nil }
    var _liesOn: [Thing]?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant("board")
      case 1: _liesOn = try reader.array(maxItems: 1) { (reader: inout JSONReader) throws(JSONSyntaxError) in try Thing.decode(from: &reader) }
      default: break
      }
    }
    guard let _liesOn else { return nil }
    return Board(liesOn: _liesOn)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"type\":")
    writer.raw("\"board\"")
    writer.raw(",\"lies_on\":")
    writer.array(self.liesOn) { writer, element in element.encode(into: &writer) }
    writer.raw("}")
  }
}

private let propertiesThingTouch = PropertyTable(["thing_id"], required: 1, refusesUnknown: true)

extension ThingTouch: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingTouch? {
    guard var object = try reader.beginObject(propertiesThingTouch) else { return nil }
    var _thingID: ThingID?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _thingID = try reader.uuid()
      default: break
      }
    }
    guard let _thingID else { return nil }
    return ThingTouch(thingID: _thingID)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"thing_id\":")
    writer.uuid(self.thingID)
    writer.raw("}")
  }
}

private let propertiesThingRename = PropertyTable(["thing_id", "name"], required: 3, refusesUnknown: true)

extension ThingRename: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingRename? {
    guard var object = try reader.beginObject(propertiesThingRename) else { return nil }
    var _thingID: ThingID?
    var _name: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _thingID = try reader.uuid()
      case 1: _name = try reader.string(minLength: 1, maxLength: 20, pattern: Patterns.pattern1)
      default: break
      }
    }
    guard let _thingID, let _name else { return nil }
    return ThingRename(thingID: _thingID, name: _name)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"thing_id\":")
    writer.uuid(self.thingID)
    writer.raw(",\"name\":")
    writer.string(self.name)
    writer.raw("}")
  }
}

private let propertiesThingTouchBase = PropertyTable(["thing_id"], required: 1, refusesUnknown: false)

extension ThingTouchBase: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingTouchBase? {
    guard var object = try reader.beginObject(propertiesThingTouchBase) else { return nil }
    var _thingID: ThingID?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _thingID = try reader.uuid()
      default: break
      }
    }
    guard let _thingID else { return nil }
    return ThingTouchBase(thingID: _thingID)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"thing_id\":")
    writer.uuid(self.thingID)
    writer.raw("}")
  }
}

private let propertiesThingNameBase = PropertyTable(["name"], required: 1, refusesUnknown: false)

extension ThingNameBase: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ThingNameBase? {
    guard var object = try reader.beginObject(propertiesThingNameBase) else { return nil }
    var _name: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _name = try reader.string(minLength: 1, maxLength: 20, pattern: Patterns.pattern1)
      default: break
      }
    }
    guard let _name else { return nil }
    return ThingNameBase(name: _name)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"name\":")
    writer.string(self.name)
    writer.raw("}")
  }
}

private let propertiesTouchResult = PropertyTable(["times"], required: 1, refusesUnknown: true)

extension TouchResult: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> TouchResult? {
    guard var object = try reader.beginObject(propertiesTouchResult) else { return nil }
    var _times: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _times = try reader.integer(minimum: 1, maximum: 1000)
      default: break
      }
    }
    guard let _times else { return nil }
    return TouchResult(times: _times)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"times\":")
    writer.integer(self.times)
    writer.raw("}")
  }
}

