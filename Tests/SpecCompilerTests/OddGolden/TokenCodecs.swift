// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

private let propertiesResult_ = PropertyTable(["ok", "string", "never", "optional", "pattern", "parameters", "nullable", "content", "operations", "kind", "things"], required: 1, refusesUnknown: false)

extension Result_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Result_? {
    guard var object = try reader.beginObject(propertiesResult_) else { return nil }
    var _ok: Bool?
    var _string: String_?
    var _never: Never_?
    var _optional: Optional_?
    var _pattern: Pattern_?
    var _parameters: Parameters_?
    var _nullable: Nullable_?
    var _content: Content_?
    var _operations: Operations_?
    var _kind: RawValue_?
    var _things: [UUID_]?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ok = try reader.boolean()
      case 1: _string = try String_.decode(from: &reader)
      case 2: _never = try Never_.decode(from: &reader)
      case 3: _optional = try Optional_.decode(from: &reader)
      case 4: _pattern = try reader.string(pattern: Patterns.pattern2)
      case 5: _parameters = try reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }
      case 6: _nullable = try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }
      case 7: _content = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() }
      case 8: _operations = try Operations_.decode(from: &reader)
      case 9: _kind = try RawValue_.decode(from: &reader)
      case 10: _things = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.uuid() }
      default: break
      }
    }
    guard let _ok else { return nil }
    return Result_(ok: _ok, string: _string, never: _never, optional: _optional, pattern: _pattern, parameters: _parameters, nullable: _nullable, content: _content, operations: _operations, kind: _kind, things: _things)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(self.ok)
    if let value = self.string {
      writer.raw(",\"string\":")
      value.encode(into: &writer)
    }
    if let value = self.never {
      writer.raw(",\"never\":")
      value.encode(into: &writer)
    }
    if let value = self.optional {
      writer.raw(",\"optional\":")
      value.encode(into: &writer)
    }
    if let value = self.pattern {
      writer.raw(",\"pattern\":")
      writer.string(value)
    }
    if let value = self.parameters {
      writer.raw(",\"parameters\":")
      writer.object(value) { writer, element in writer.integer(element) }
    }
    if let value = self.nullable {
      writer.raw(",\"nullable\":")
      if let value = value { writer.integer(value) } else { writer.null() }
    }
    if let value = self.content {
      writer.raw(",\"content\":")
      writer.array(value) { writer, element in writer.string(element) }
    }
    if let value = self.operations {
      writer.raw(",\"operations\":")
      value.encode(into: &writer)
    }
    if let value = self.kind {
      writer.raw(",\"kind\":")
      value.encode(into: &writer)
    }
    if let value = self.things {
      writer.raw(",\"things\":")
      writer.array(value) { writer, element in writer.uuid(element) }
    }
    writer.raw("}")
  }
}

private let propertiesString_ = PropertyTable(["text"], required: 1, refusesUnknown: false)

extension String_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> String_? {
    guard var object = try reader.beginObject(propertiesString_) else { return nil }
    var _text: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _text = try reader.string()
      default: break
      }
    }
    guard let _text else { return nil }
    return String_(text: _text)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"text\":")
    writer.string(self.text)
    writer.raw("}")
  }
}

private let propertiesNever_ = PropertyTable(["never"], required: 0, refusesUnknown: false)

extension Never_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Never_? {
    guard var object = try reader.beginObject(propertiesNever_) else { return nil }
    var _never: Bool?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _never = try reader.boolean()
      default: break
      }
    }
    return Never_(never: _never)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{")
    var isFirst = true
    if let value = self.never {
      writer.separator(&isFirst)
      writer.raw("\"never\":")
      writer.boolean(value)
    }
    writer.raw("}")
  }
}

extension Optional_: JSONDecodable, JSONEncodable, TextEnumeration {
  public init?(utf8 text: UnsafeRawBufferPointer) {
    switch text.count {
    case 3 where text.equals("one"): self = .one
    case 3 where text.equals("two"): self = .two
    default: return nil
    }
  }

  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Optional_? {
    try reader.enumeration(Optional_.self)
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .one: writer.raw("\"one\"")
    case .two: writer.raw("\"two\"")
    }
  }
}

extension Operations_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Operations_? {
    guard let value = try reader.discriminator("type") else { return nil }
    switch value {
    case "init":
      return try Int_.decode(from: &reader).map { .init_($0) }
    case "some":
      return try Bool_.decode(from: &reader).map { .some_($0) }
    default:
      try reader.refuseDiscriminator("type", known: "init, some")
      return nil
    }
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .init_(let value): value.encode(into: &writer)
    case .some_(let value): value.encode(into: &writer)
    }
  }
}

private let propertiesInt_ = PropertyTable(["type", "value"], required: 1, refusesUnknown: false)

extension Int_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Int_? {
    guard var object = try reader.beginObject(propertiesInt_) else { return nil }
    var _value: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant("init")
      case 1: _value = try reader.integer()
      default: break
      }
    }
    return Int_(value: _value)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"type\":")
    writer.raw("\"init\"")
    if let value = self.value {
      writer.raw(",\"value\":")
      writer.integer(value)
    }
    writer.raw("}")
  }
}

private let propertiesBool_ = PropertyTable(["type", "value"], required: 1, refusesUnknown: false)

extension Bool_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Bool_? {
    guard var object = try reader.beginObject(propertiesBool_) else { return nil }
    var _value: Bool?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant("some")
      case 1: _value = try reader.boolean()
      default: break
      }
    }
    return Bool_(value: _value)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"type\":")
    writer.raw("\"some\"")
    if let value = self.value {
      writer.raw(",\"value\":")
      writer.boolean(value)
    }
    writer.raw("}")
  }
}

private let propertiesOdd = PropertyTable(["self", "init", "await", "let", "inout", "additional_properties", "Type", "hashValue", "hash", "description", "encode", "decode", "default", "any", "copy", "consume", "each", "isolated", "subscript", "deinit", "class", "throws"], required: 15)

extension Odd: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Odd? {
    guard var object = try reader.beginObject(propertiesOdd) else { return nil }
    var _self_: String?
    var _init_: Int?
    var _await: Bool?
    var _let: [Int]?
    var _inout: Int?
    var _additionalProperties_: String?
    var _type: String?
    var _hashValue_: Int?
    var _hash_: String?
    var _description: String?
    var _encode_: String?
    var _decode_: String?
    var _default: String?
    var _any: String?
    var _copy: Nullable<String>?
    var _consume: String?
    var _each: String?
    var _isolated: String?
    var _subscript_: String?
    var _deinit_: String?
    var _class: String?
    var _throws: String?
    var additionalProperties: [String: Int?] = [:]
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _self_ = try reader.string()
      case 1: _init_ = try reader.integer()
      case 2: _await = try reader.boolean()
      case 3: _let = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }
      case 4: _inout = try reader.integer()
      case 5: _additionalProperties_ = try reader.string()
      case 6: _type = try reader.string()
      case 7: _hashValue_ = try reader.integer()
      case 8: _hash_ = try reader.string()
      case 9: _description = try reader.string()
      case 10: _encode_ = try reader.string()
      case 11: _decode_ = try reader.string()
      case 12: _default = try reader.string()
      case 13: _any = try reader.string()
      case 14:
        if try reader.null() {
          _copy = .null
        } else if let value = try reader.string() {
          _copy = .value(value)
        }
      case 15: _consume = try reader.string()
      case 16: _each = try reader.string()
      case 17: _isolated = try reader.string()
      case 18: _subscript_ = try reader.string()
      case 19: _deinit_ = try reader.string()
      case 20: _class = try reader.string()
      case 21: _throws = try reader.string()
      default:
        if let value = try (reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }) { additionalProperties[object.unknownName] = value }
      }
    }
    guard let _self_, let _init_, let _await, let _let else { return nil }
    return Odd(self_: _self_, init_: _init_, await: _await, let: _let, `inout`: _inout, additionalProperties_: _additionalProperties_, type: _type, hashValue_: _hashValue_, hash_: _hash_, description: _description, encode_: _encode_, decode_: _decode_, default: _default ?? "self", any: _any, copy: _copy, consume: _consume, each: _each, isolated: _isolated, subscript_: _subscript_, deinit_: _deinit_, class: _class, throws: _throws, additionalProperties: additionalProperties)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"self\":")
    writer.string(self.self_)
    writer.raw(",\"init\":")
    writer.integer(self.init_)
    writer.raw(",\"await\":")
    writer.boolean(self.await)
    writer.raw(",\"let\":")
    writer.array(self.let) { writer, element in writer.integer(element) }
    if let value = self.inout {
      writer.raw(",\"inout\":")
      writer.integer(value)
    }
    if let value = self.additionalProperties_ {
      writer.raw(",\"additional_properties\":")
      writer.string(value)
    }
    if let value = self.type {
      writer.raw(",\"Type\":")
      writer.string(value)
    }
    if let value = self.hashValue_ {
      writer.raw(",\"hashValue\":")
      writer.integer(value)
    }
    if let value = self.hash_ {
      writer.raw(",\"hash\":")
      writer.string(value)
    }
    if let value = self.description {
      writer.raw(",\"description\":")
      writer.string(value)
    }
    if let value = self.encode_ {
      writer.raw(",\"encode\":")
      writer.string(value)
    }
    if let value = self.decode_ {
      writer.raw(",\"decode\":")
      writer.string(value)
    }
    writer.raw(",\"default\":")
    writer.string(self.default)
    if let value = self.any {
      writer.raw(",\"any\":")
      writer.string(value)
    }
    if let value = self.copy {
      writer.raw(",\"copy\":")
      switch value {
      case .null: writer.null()
      case .value(let value): writer.string(value)
      }
    }
    if let value = self.consume {
      writer.raw(",\"consume\":")
      writer.string(value)
    }
    if let value = self.each {
      writer.raw(",\"each\":")
      writer.string(value)
    }
    if let value = self.isolated {
      writer.raw(",\"isolated\":")
      writer.string(value)
    }
    if let value = self.subscript_ {
      writer.raw(",\"subscript\":")
      writer.string(value)
    }
    if let value = self.deinit_ {
      writer.raw(",\"deinit\":")
      writer.string(value)
    }
    if let value = self.class {
      writer.raw(",\"class\":")
      writer.string(value)
    }
    if let value = self.throws {
      writer.raw(",\"throws\":")
      writer.string(value)
    }
    var isFirst = false
    writer.map(additionalProperties, isFirst: &isFirst) { writer, value in if let value = value { writer.integer(value) } else { writer.null() } }
    writer.raw("}")
  }
}

private let propertiesValues = PropertyTable(["list", "map", "optional_list", "optional_map", "default_list", "flags", "numbers", "halves", "truths", "lies", "nothings", "nothing", "holes", "grid", "gaps", "perhaps", "here", "never", "kind", "count", "object"], required: 35, refusesUnknown: true)

extension Values: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Values? {
    guard var object = try reader.beginObject(propertiesValues) else { return nil }
    var _list: [Int]??
    var _map: [String: Int]??
    var _optionalList: Nullable<[String]>?
    var _optionalMap: Nullable<[String: String]>?
    var _defaultList: [Int]??
    var _flags: [String]?
    var _numbers: [Int]?
    var _halves: [Double]?
    var _truths: [Bool]?
    var _lies: [Bool]?
    var _nothings: [Never?]?
    var _holes: [Int?]?
    var _grid: [[String?]]?
    var _gaps: [String: Bool?]?
    var _perhaps: Perhaps?
    var _here: Here?
    var _never: Nothing?
    var _kind: Kind??
    var _count: Int??
    var _object: Nullable<Never_>?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0:
        if try reader.null() {
          _list = .some(nil)
        } else if let value = try (reader.array(maxItems: 2) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }) {
          _list = value
        }
      case 1:
        if try reader.null() {
          _map = .some(nil)
        } else if let value = try (reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }) {
          _map = value
        }
      case 2:
        if try reader.null() {
          _optionalList = .null
        } else if let value = try (reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() }) {
          _optionalList = .value(value)
        }
      case 3:
        if try reader.null() {
          _optionalMap = .null
        } else if let value = try (reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() }) {
          _optionalMap = .value(value)
        }
      case 4:
        if try reader.null() {
          _defaultList = .some(nil)
        } else if let value = try (reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }) {
          _defaultList = value
        }
      case 5: _flags = try reader.uniqueArray() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constant("odd").map { _ in "odd" } }
      case 6: _numbers = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(minimum: 7, maximum: 7) }
      case 7: _halves = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number(minimum: 0.5, maximum: 0.5) }
      case 8: _truths = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constant(true).map { _ in true } }
      case 9: _lies = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constant(false).map { _ in false } }
      case 10: _nothings = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constantNull() }
      case 11: _ = try reader.constantNull()
      case 12: _holes = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() } }
      case 13: _grid = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() } } }
      case 14: _gaps = try reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.boolean() } }
      case 15: _perhaps = try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() } }
      case 16: _here = try reader.constant("here").map { _ in "here" }
      case 17: _never = try reader.constantNull()
      case 18:
        if try reader.null() {
          _kind = .some(nil)
        } else if let value = try Kind.decode(from: &reader) {
          _kind = value
        }
      case 19:
        if try reader.null() {
          _count = .some(nil)
        } else if let value = try reader.integer() {
          _count = value
        }
      case 20:
        if try reader.null() {
          _object = .null
        } else if let value = try Never_.decode(from: &reader) {
          _object = .value(value)
        }
      default: break
      }
    }
    guard let _list, let _map, let _flags else { return nil }
    return Values(list: _list, map: _map, optionalList: _optionalList, optionalMap: _optionalMap, defaultList: _defaultList ?? nil, flags: _flags, numbers: _numbers, halves: _halves, truths: _truths, lies: _lies, nothings: _nothings, holes: _holes, grid: _grid, gaps: _gaps, perhaps: _perhaps, here: _here, never: _never, kind: _kind ?? .none_, count: _count ?? 3, object: _object)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"list\":")
    if let value = self.list { writer.array(value) { writer, element in writer.integer(element) } } else { writer.null() }
    writer.raw(",\"map\":")
    if let value = self.map { writer.object(value) { writer, element in writer.integer(element) } } else { writer.null() }
    if let value = self.optionalList {
      writer.raw(",\"optional_list\":")
      switch value {
      case .null: writer.null()
      case .value(let value): writer.array(value) { writer, element in writer.string(element) }
      }
    }
    if let value = self.optionalMap {
      writer.raw(",\"optional_map\":")
      switch value {
      case .null: writer.null()
      case .value(let value): writer.object(value) { writer, element in writer.string(element) }
      }
    }
    writer.raw(",\"default_list\":")
    if let value = self.defaultList { writer.array(value) { writer, element in writer.integer(element) } } else { writer.null() }
    writer.raw(",\"flags\":")
    writer.array(self.flags) { writer, element in writer.string(element) }
    if let value = self.numbers {
      writer.raw(",\"numbers\":")
      writer.array(value) { writer, element in writer.integer(element) }
    }
    if let value = self.halves {
      writer.raw(",\"halves\":")
      writer.array(value) { writer, element in writer.number(element) }
    }
    if let value = self.truths {
      writer.raw(",\"truths\":")
      writer.array(value) { writer, element in writer.boolean(element) }
    }
    if let value = self.lies {
      writer.raw(",\"lies\":")
      writer.array(value) { writer, element in writer.boolean(element) }
    }
    if let value = self.nothings {
      writer.raw(",\"nothings\":")
      writer.array(value) { writer, element in writer.null() }
    }
    writer.raw(",\"nothing\":")
    writer.null()
    if let value = self.holes {
      writer.raw(",\"holes\":")
      writer.array(value) { writer, element in if let value = copy element { writer.integer(value) } else { writer.null() } }
    }
    if let value = self.grid {
      writer.raw(",\"grid\":")
      writer.array(value) { writer, element in writer.array(element) { writer, element in if let value = copy element { writer.string(value) } else { writer.null() } } }
    }
    if let value = self.gaps {
      writer.raw(",\"gaps\":")
      writer.object(value) { writer, element in if let value = copy element { writer.boolean(value) } else { writer.null() } }
    }
    if let value = self.perhaps {
      writer.raw(",\"perhaps\":")
      if let value = value { writer.array(value) { writer, element in writer.integer(element) } } else { writer.null() }
    }
    if let value = self.here {
      writer.raw(",\"here\":")
      writer.string(value)
    }
    if self.never != nil {
      writer.raw(",\"never\":")
      writer.null()
    }
    writer.raw(",\"kind\":")
    if let value = self.kind { value.encode(into: &writer) } else { writer.null() }
    writer.raw(",\"count\":")
    if let value = self.count { writer.integer(value) } else { writer.null() }
    if let value = self.object {
      writer.raw(",\"object\":")
      switch value {
      case .null: writer.null()
      case .value(let value): value.encode(into: &writer)
      }
    }
    writer.raw("}")
  }
}

private let propertiesMany = PropertyTable(["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15", "p16", "p17", "p18", "p19", "p20", "p21", "p22", "p23", "p24", "p25", "p26", "p27", "p28", "p29", "p30", "p31", "p32", "p33", "p34", "p35", "p36", "p37", "p38", "p39", "p40", "p41", "p42", "p43", "p44", "p45", "p46", "p47", "p48", "p49", "p50", "p51", "p52", "p53", "p54", "p55", "p56", "p57", "p58", "p59", "p60", "p61", "p62", "p63", "p64", "p65", "p66", "p67", "p68", "p69", "p70", "p71", "p72", "p73", "p74", "p75", "p76", "p77", "p78", "p79", "p80", "p81", "p82", "p83", "p84", "p85", "p86", "p87", "p88", "p89", "p90", "p91", "p92", "p93", "p94", "p95", "p96", "p97", "p98", "p99", "p100", "p101", "p102", "p103", "p104", "p105", "p106", "p107", "p108", "p109", "p110", "p111", "p112", "p113", "p114", "p115", "p116", "p117", "p118", "p119", "p120", "p121", "p122", "p123", "p124", "p125", "p126", "p127", "p128", "p129"], required: 9223372036854775809, requiredBeyond: [9223372036854775809, 3], refusesUnknown: true)

extension Many: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Many? {
    guard var object = try reader.beginObject(propertiesMany) else { return nil }
    var _p0: Int?
    var _p1: Int?
    var _p2: Int?
    var _p3: Int?
    var _p4: Int?
    var _p5: Int?
    var _p6: Int?
    var _p7: Int?
    var _p8: Int?
    var _p9: Int?
    var _p10: Int?
    var _p11: Int?
    var _p12: Int?
    var _p13: Int?
    var _p14: Int?
    var _p15: Int?
    var _p16: Int?
    var _p17: Int?
    var _p18: Int?
    var _p19: Int?
    var _p20: Int?
    var _p21: Int?
    var _p22: Int?
    var _p23: Int?
    var _p24: Int?
    var _p25: Int?
    var _p26: Int?
    var _p27: Int?
    var _p28: Int?
    var _p29: Int?
    var _p30: Int?
    var _p31: Int?
    var _p32: Int?
    var _p33: Int?
    var _p34: Int?
    var _p35: Int?
    var _p36: Int?
    var _p37: Int?
    var _p38: Int?
    var _p39: Int?
    var _p40: Int?
    var _p41: Int?
    var _p42: Int?
    var _p43: Int?
    var _p44: Int?
    var _p45: Int?
    var _p46: Int?
    var _p47: Int?
    var _p48: Int?
    var _p49: Int?
    var _p50: Int?
    var _p51: Int?
    var _p52: Int?
    var _p53: Int?
    var _p54: Int?
    var _p55: Int?
    var _p56: Int?
    var _p57: Int?
    var _p58: Int?
    var _p59: Int?
    var _p60: Int?
    var _p61: Int?
    var _p62: Int?
    var _p63: Int?
    var _p64: Int?
    var _p65: Int?
    var _p66: Int?
    var _p67: Int?
    var _p68: Int?
    var _p69: Int?
    var _p70: Int?
    var _p71: Int?
    var _p72: Int?
    var _p73: Int?
    var _p74: Int?
    var _p75: Int?
    var _p76: Int?
    var _p77: Int?
    var _p78: Int?
    var _p79: Int?
    var _p80: Int?
    var _p81: Int?
    var _p82: Int?
    var _p83: Int?
    var _p84: Int?
    var _p85: Int?
    var _p86: Int?
    var _p87: Int?
    var _p88: Int?
    var _p89: Int?
    var _p90: Int?
    var _p91: Int?
    var _p92: Int?
    var _p93: Int?
    var _p94: Int?
    var _p95: Int?
    var _p96: Int?
    var _p97: Int?
    var _p98: Int?
    var _p99: Int?
    var _p100: Int?
    var _p101: Int?
    var _p102: Int?
    var _p103: Int?
    var _p104: Int?
    var _p105: Int?
    var _p106: Int?
    var _p107: Int?
    var _p108: Int?
    var _p109: Int?
    var _p110: Int?
    var _p111: Int?
    var _p112: Int?
    var _p113: Int?
    var _p114: Int?
    var _p115: Int?
    var _p116: Int?
    var _p117: Int?
    var _p118: Int?
    var _p119: Int?
    var _p120: Int?
    var _p121: Int?
    var _p122: Int?
    var _p123: Int?
    var _p124: Int?
    var _p125: Int?
    var _p126: Int?
    var _p127: Int?
    var _p128: Int?
    var _p129: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _p0 = try reader.integer()
      case 1: _p1 = try reader.integer()
      case 2: _p2 = try reader.integer()
      case 3: _p3 = try reader.integer()
      case 4: _p4 = try reader.integer()
      case 5: _p5 = try reader.integer()
      case 6: _p6 = try reader.integer()
      case 7: _p7 = try reader.integer()
      case 8: _p8 = try reader.integer()
      case 9: _p9 = try reader.integer()
      case 10: _p10 = try reader.integer()
      case 11: _p11 = try reader.integer()
      case 12: _p12 = try reader.integer()
      case 13: _p13 = try reader.integer()
      case 14: _p14 = try reader.integer()
      case 15: _p15 = try reader.integer()
      case 16: _p16 = try reader.integer()
      case 17: _p17 = try reader.integer()
      case 18: _p18 = try reader.integer()
      case 19: _p19 = try reader.integer()
      case 20: _p20 = try reader.integer()
      case 21: _p21 = try reader.integer()
      case 22: _p22 = try reader.integer()
      case 23: _p23 = try reader.integer()
      case 24: _p24 = try reader.integer()
      case 25: _p25 = try reader.integer()
      case 26: _p26 = try reader.integer()
      case 27: _p27 = try reader.integer()
      case 28: _p28 = try reader.integer()
      case 29: _p29 = try reader.integer()
      case 30: _p30 = try reader.integer()
      case 31: _p31 = try reader.integer()
      case 32: _p32 = try reader.integer()
      case 33: _p33 = try reader.integer()
      case 34: _p34 = try reader.integer()
      case 35: _p35 = try reader.integer()
      case 36: _p36 = try reader.integer()
      case 37: _p37 = try reader.integer()
      case 38: _p38 = try reader.integer()
      case 39: _p39 = try reader.integer()
      case 40: _p40 = try reader.integer()
      case 41: _p41 = try reader.integer()
      case 42: _p42 = try reader.integer()
      case 43: _p43 = try reader.integer()
      case 44: _p44 = try reader.integer()
      case 45: _p45 = try reader.integer()
      case 46: _p46 = try reader.integer()
      case 47: _p47 = try reader.integer()
      case 48: _p48 = try reader.integer()
      case 49: _p49 = try reader.integer()
      case 50: _p50 = try reader.integer()
      case 51: _p51 = try reader.integer()
      case 52: _p52 = try reader.integer()
      case 53: _p53 = try reader.integer()
      case 54: _p54 = try reader.integer()
      case 55: _p55 = try reader.integer()
      case 56: _p56 = try reader.integer()
      case 57: _p57 = try reader.integer()
      case 58: _p58 = try reader.integer()
      case 59: _p59 = try reader.integer()
      case 60: _p60 = try reader.integer()
      case 61: _p61 = try reader.integer()
      case 62: _p62 = try reader.integer()
      case 63: _p63 = try reader.integer()
      case 64: _p64 = try reader.integer()
      case 65: _p65 = try reader.integer()
      case 66: _p66 = try reader.integer()
      case 67: _p67 = try reader.integer()
      case 68: _p68 = try reader.integer()
      case 69: _p69 = try reader.integer()
      case 70: _p70 = try reader.integer()
      case 71: _p71 = try reader.integer()
      case 72: _p72 = try reader.integer()
      case 73: _p73 = try reader.integer()
      case 74: _p74 = try reader.integer()
      case 75: _p75 = try reader.integer()
      case 76: _p76 = try reader.integer()
      case 77: _p77 = try reader.integer()
      case 78: _p78 = try reader.integer()
      case 79: _p79 = try reader.integer()
      case 80: _p80 = try reader.integer()
      case 81: _p81 = try reader.integer()
      case 82: _p82 = try reader.integer()
      case 83: _p83 = try reader.integer()
      case 84: _p84 = try reader.integer()
      case 85: _p85 = try reader.integer()
      case 86: _p86 = try reader.integer()
      case 87: _p87 = try reader.integer()
      case 88: _p88 = try reader.integer()
      case 89: _p89 = try reader.integer()
      case 90: _p90 = try reader.integer()
      case 91: _p91 = try reader.integer()
      case 92: _p92 = try reader.integer()
      case 93: _p93 = try reader.integer()
      case 94: _p94 = try reader.integer()
      case 95: _p95 = try reader.integer()
      case 96: _p96 = try reader.integer()
      case 97: _p97 = try reader.integer()
      case 98: _p98 = try reader.integer()
      case 99: _p99 = try reader.integer()
      case 100: _p100 = try reader.integer()
      case 101: _p101 = try reader.integer()
      case 102: _p102 = try reader.integer()
      case 103: _p103 = try reader.integer()
      case 104: _p104 = try reader.integer()
      case 105: _p105 = try reader.integer()
      case 106: _p106 = try reader.integer()
      case 107: _p107 = try reader.integer()
      case 108: _p108 = try reader.integer()
      case 109: _p109 = try reader.integer()
      case 110: _p110 = try reader.integer()
      case 111: _p111 = try reader.integer()
      case 112: _p112 = try reader.integer()
      case 113: _p113 = try reader.integer()
      case 114: _p114 = try reader.integer()
      case 115: _p115 = try reader.integer()
      case 116: _p116 = try reader.integer()
      case 117: _p117 = try reader.integer()
      case 118: _p118 = try reader.integer()
      case 119: _p119 = try reader.integer()
      case 120: _p120 = try reader.integer()
      case 121: _p121 = try reader.integer()
      case 122: _p122 = try reader.integer()
      case 123: _p123 = try reader.integer()
      case 124: _p124 = try reader.integer()
      case 125: _p125 = try reader.integer()
      case 126: _p126 = try reader.integer()
      case 127: _p127 = try reader.integer()
      case 128: _p128 = try reader.integer()
      case 129: _p129 = try reader.integer()
      default: break
      }
    }
    guard let _p0, let _p63, let _p64, let _p127, let _p128, let _p129 else { return nil }
    return Many(p0: _p0, p1: _p1, p2: _p2, p3: _p3, p4: _p4, p5: _p5, p6: _p6, p7: _p7, p8: _p8, p9: _p9, p10: _p10, p11: _p11, p12: _p12, p13: _p13, p14: _p14, p15: _p15, p16: _p16, p17: _p17, p18: _p18, p19: _p19, p20: _p20, p21: _p21, p22: _p22, p23: _p23, p24: _p24, p25: _p25, p26: _p26, p27: _p27, p28: _p28, p29: _p29, p30: _p30, p31: _p31, p32: _p32, p33: _p33, p34: _p34, p35: _p35, p36: _p36, p37: _p37, p38: _p38, p39: _p39, p40: _p40, p41: _p41, p42: _p42, p43: _p43, p44: _p44, p45: _p45, p46: _p46, p47: _p47, p48: _p48, p49: _p49, p50: _p50, p51: _p51, p52: _p52, p53: _p53, p54: _p54, p55: _p55, p56: _p56, p57: _p57, p58: _p58, p59: _p59, p60: _p60, p61: _p61, p62: _p62, p63: _p63, p64: _p64, p65: _p65, p66: _p66, p67: _p67, p68: _p68, p69: _p69, p70: _p70, p71: _p71, p72: _p72, p73: _p73, p74: _p74, p75: _p75, p76: _p76, p77: _p77, p78: _p78, p79: _p79, p80: _p80, p81: _p81, p82: _p82, p83: _p83, p84: _p84, p85: _p85, p86: _p86, p87: _p87, p88: _p88, p89: _p89, p90: _p90, p91: _p91, p92: _p92, p93: _p93, p94: _p94, p95: _p95, p96: _p96, p97: _p97, p98: _p98, p99: _p99, p100: _p100, p101: _p101, p102: _p102, p103: _p103, p104: _p104, p105: _p105, p106: _p106, p107: _p107, p108: _p108, p109: _p109, p110: _p110, p111: _p111, p112: _p112, p113: _p113, p114: _p114, p115: _p115, p116: _p116, p117: _p117, p118: _p118, p119: _p119, p120: _p120, p121: _p121, p122: _p122, p123: _p123, p124: _p124, p125: _p125, p126: _p126, p127: _p127, p128: _p128, p129: _p129)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"p0\":")
    writer.integer(self.p0)
    if let value = self.p1 {
      writer.raw(",\"p1\":")
      writer.integer(value)
    }
    if let value = self.p2 {
      writer.raw(",\"p2\":")
      writer.integer(value)
    }
    if let value = self.p3 {
      writer.raw(",\"p3\":")
      writer.integer(value)
    }
    if let value = self.p4 {
      writer.raw(",\"p4\":")
      writer.integer(value)
    }
    if let value = self.p5 {
      writer.raw(",\"p5\":")
      writer.integer(value)
    }
    if let value = self.p6 {
      writer.raw(",\"p6\":")
      writer.integer(value)
    }
    if let value = self.p7 {
      writer.raw(",\"p7\":")
      writer.integer(value)
    }
    if let value = self.p8 {
      writer.raw(",\"p8\":")
      writer.integer(value)
    }
    if let value = self.p9 {
      writer.raw(",\"p9\":")
      writer.integer(value)
    }
    if let value = self.p10 {
      writer.raw(",\"p10\":")
      writer.integer(value)
    }
    if let value = self.p11 {
      writer.raw(",\"p11\":")
      writer.integer(value)
    }
    if let value = self.p12 {
      writer.raw(",\"p12\":")
      writer.integer(value)
    }
    if let value = self.p13 {
      writer.raw(",\"p13\":")
      writer.integer(value)
    }
    if let value = self.p14 {
      writer.raw(",\"p14\":")
      writer.integer(value)
    }
    if let value = self.p15 {
      writer.raw(",\"p15\":")
      writer.integer(value)
    }
    if let value = self.p16 {
      writer.raw(",\"p16\":")
      writer.integer(value)
    }
    if let value = self.p17 {
      writer.raw(",\"p17\":")
      writer.integer(value)
    }
    if let value = self.p18 {
      writer.raw(",\"p18\":")
      writer.integer(value)
    }
    if let value = self.p19 {
      writer.raw(",\"p19\":")
      writer.integer(value)
    }
    if let value = self.p20 {
      writer.raw(",\"p20\":")
      writer.integer(value)
    }
    if let value = self.p21 {
      writer.raw(",\"p21\":")
      writer.integer(value)
    }
    if let value = self.p22 {
      writer.raw(",\"p22\":")
      writer.integer(value)
    }
    if let value = self.p23 {
      writer.raw(",\"p23\":")
      writer.integer(value)
    }
    if let value = self.p24 {
      writer.raw(",\"p24\":")
      writer.integer(value)
    }
    if let value = self.p25 {
      writer.raw(",\"p25\":")
      writer.integer(value)
    }
    if let value = self.p26 {
      writer.raw(",\"p26\":")
      writer.integer(value)
    }
    if let value = self.p27 {
      writer.raw(",\"p27\":")
      writer.integer(value)
    }
    if let value = self.p28 {
      writer.raw(",\"p28\":")
      writer.integer(value)
    }
    if let value = self.p29 {
      writer.raw(",\"p29\":")
      writer.integer(value)
    }
    if let value = self.p30 {
      writer.raw(",\"p30\":")
      writer.integer(value)
    }
    if let value = self.p31 {
      writer.raw(",\"p31\":")
      writer.integer(value)
    }
    if let value = self.p32 {
      writer.raw(",\"p32\":")
      writer.integer(value)
    }
    if let value = self.p33 {
      writer.raw(",\"p33\":")
      writer.integer(value)
    }
    if let value = self.p34 {
      writer.raw(",\"p34\":")
      writer.integer(value)
    }
    if let value = self.p35 {
      writer.raw(",\"p35\":")
      writer.integer(value)
    }
    if let value = self.p36 {
      writer.raw(",\"p36\":")
      writer.integer(value)
    }
    if let value = self.p37 {
      writer.raw(",\"p37\":")
      writer.integer(value)
    }
    if let value = self.p38 {
      writer.raw(",\"p38\":")
      writer.integer(value)
    }
    if let value = self.p39 {
      writer.raw(",\"p39\":")
      writer.integer(value)
    }
    if let value = self.p40 {
      writer.raw(",\"p40\":")
      writer.integer(value)
    }
    if let value = self.p41 {
      writer.raw(",\"p41\":")
      writer.integer(value)
    }
    if let value = self.p42 {
      writer.raw(",\"p42\":")
      writer.integer(value)
    }
    if let value = self.p43 {
      writer.raw(",\"p43\":")
      writer.integer(value)
    }
    if let value = self.p44 {
      writer.raw(",\"p44\":")
      writer.integer(value)
    }
    if let value = self.p45 {
      writer.raw(",\"p45\":")
      writer.integer(value)
    }
    if let value = self.p46 {
      writer.raw(",\"p46\":")
      writer.integer(value)
    }
    if let value = self.p47 {
      writer.raw(",\"p47\":")
      writer.integer(value)
    }
    if let value = self.p48 {
      writer.raw(",\"p48\":")
      writer.integer(value)
    }
    if let value = self.p49 {
      writer.raw(",\"p49\":")
      writer.integer(value)
    }
    if let value = self.p50 {
      writer.raw(",\"p50\":")
      writer.integer(value)
    }
    if let value = self.p51 {
      writer.raw(",\"p51\":")
      writer.integer(value)
    }
    if let value = self.p52 {
      writer.raw(",\"p52\":")
      writer.integer(value)
    }
    if let value = self.p53 {
      writer.raw(",\"p53\":")
      writer.integer(value)
    }
    if let value = self.p54 {
      writer.raw(",\"p54\":")
      writer.integer(value)
    }
    if let value = self.p55 {
      writer.raw(",\"p55\":")
      writer.integer(value)
    }
    if let value = self.p56 {
      writer.raw(",\"p56\":")
      writer.integer(value)
    }
    if let value = self.p57 {
      writer.raw(",\"p57\":")
      writer.integer(value)
    }
    if let value = self.p58 {
      writer.raw(",\"p58\":")
      writer.integer(value)
    }
    if let value = self.p59 {
      writer.raw(",\"p59\":")
      writer.integer(value)
    }
    if let value = self.p60 {
      writer.raw(",\"p60\":")
      writer.integer(value)
    }
    if let value = self.p61 {
      writer.raw(",\"p61\":")
      writer.integer(value)
    }
    if let value = self.p62 {
      writer.raw(",\"p62\":")
      writer.integer(value)
    }
    writer.raw(",\"p63\":")
    writer.integer(self.p63)
    writer.raw(",\"p64\":")
    writer.integer(self.p64)
    if let value = self.p65 {
      writer.raw(",\"p65\":")
      writer.integer(value)
    }
    if let value = self.p66 {
      writer.raw(",\"p66\":")
      writer.integer(value)
    }
    if let value = self.p67 {
      writer.raw(",\"p67\":")
      writer.integer(value)
    }
    if let value = self.p68 {
      writer.raw(",\"p68\":")
      writer.integer(value)
    }
    if let value = self.p69 {
      writer.raw(",\"p69\":")
      writer.integer(value)
    }
    if let value = self.p70 {
      writer.raw(",\"p70\":")
      writer.integer(value)
    }
    if let value = self.p71 {
      writer.raw(",\"p71\":")
      writer.integer(value)
    }
    if let value = self.p72 {
      writer.raw(",\"p72\":")
      writer.integer(value)
    }
    if let value = self.p73 {
      writer.raw(",\"p73\":")
      writer.integer(value)
    }
    if let value = self.p74 {
      writer.raw(",\"p74\":")
      writer.integer(value)
    }
    if let value = self.p75 {
      writer.raw(",\"p75\":")
      writer.integer(value)
    }
    if let value = self.p76 {
      writer.raw(",\"p76\":")
      writer.integer(value)
    }
    if let value = self.p77 {
      writer.raw(",\"p77\":")
      writer.integer(value)
    }
    if let value = self.p78 {
      writer.raw(",\"p78\":")
      writer.integer(value)
    }
    if let value = self.p79 {
      writer.raw(",\"p79\":")
      writer.integer(value)
    }
    if let value = self.p80 {
      writer.raw(",\"p80\":")
      writer.integer(value)
    }
    if let value = self.p81 {
      writer.raw(",\"p81\":")
      writer.integer(value)
    }
    if let value = self.p82 {
      writer.raw(",\"p82\":")
      writer.integer(value)
    }
    if let value = self.p83 {
      writer.raw(",\"p83\":")
      writer.integer(value)
    }
    if let value = self.p84 {
      writer.raw(",\"p84\":")
      writer.integer(value)
    }
    if let value = self.p85 {
      writer.raw(",\"p85\":")
      writer.integer(value)
    }
    if let value = self.p86 {
      writer.raw(",\"p86\":")
      writer.integer(value)
    }
    if let value = self.p87 {
      writer.raw(",\"p87\":")
      writer.integer(value)
    }
    if let value = self.p88 {
      writer.raw(",\"p88\":")
      writer.integer(value)
    }
    if let value = self.p89 {
      writer.raw(",\"p89\":")
      writer.integer(value)
    }
    if let value = self.p90 {
      writer.raw(",\"p90\":")
      writer.integer(value)
    }
    if let value = self.p91 {
      writer.raw(",\"p91\":")
      writer.integer(value)
    }
    if let value = self.p92 {
      writer.raw(",\"p92\":")
      writer.integer(value)
    }
    if let value = self.p93 {
      writer.raw(",\"p93\":")
      writer.integer(value)
    }
    if let value = self.p94 {
      writer.raw(",\"p94\":")
      writer.integer(value)
    }
    if let value = self.p95 {
      writer.raw(",\"p95\":")
      writer.integer(value)
    }
    if let value = self.p96 {
      writer.raw(",\"p96\":")
      writer.integer(value)
    }
    if let value = self.p97 {
      writer.raw(",\"p97\":")
      writer.integer(value)
    }
    if let value = self.p98 {
      writer.raw(",\"p98\":")
      writer.integer(value)
    }
    if let value = self.p99 {
      writer.raw(",\"p99\":")
      writer.integer(value)
    }
    if let value = self.p100 {
      writer.raw(",\"p100\":")
      writer.integer(value)
    }
    if let value = self.p101 {
      writer.raw(",\"p101\":")
      writer.integer(value)
    }
    if let value = self.p102 {
      writer.raw(",\"p102\":")
      writer.integer(value)
    }
    if let value = self.p103 {
      writer.raw(",\"p103\":")
      writer.integer(value)
    }
    if let value = self.p104 {
      writer.raw(",\"p104\":")
      writer.integer(value)
    }
    if let value = self.p105 {
      writer.raw(",\"p105\":")
      writer.integer(value)
    }
    if let value = self.p106 {
      writer.raw(",\"p106\":")
      writer.integer(value)
    }
    if let value = self.p107 {
      writer.raw(",\"p107\":")
      writer.integer(value)
    }
    if let value = self.p108 {
      writer.raw(",\"p108\":")
      writer.integer(value)
    }
    if let value = self.p109 {
      writer.raw(",\"p109\":")
      writer.integer(value)
    }
    if let value = self.p110 {
      writer.raw(",\"p110\":")
      writer.integer(value)
    }
    if let value = self.p111 {
      writer.raw(",\"p111\":")
      writer.integer(value)
    }
    if let value = self.p112 {
      writer.raw(",\"p112\":")
      writer.integer(value)
    }
    if let value = self.p113 {
      writer.raw(",\"p113\":")
      writer.integer(value)
    }
    if let value = self.p114 {
      writer.raw(",\"p114\":")
      writer.integer(value)
    }
    if let value = self.p115 {
      writer.raw(",\"p115\":")
      writer.integer(value)
    }
    if let value = self.p116 {
      writer.raw(",\"p116\":")
      writer.integer(value)
    }
    if let value = self.p117 {
      writer.raw(",\"p117\":")
      writer.integer(value)
    }
    if let value = self.p118 {
      writer.raw(",\"p118\":")
      writer.integer(value)
    }
    if let value = self.p119 {
      writer.raw(",\"p119\":")
      writer.integer(value)
    }
    if let value = self.p120 {
      writer.raw(",\"p120\":")
      writer.integer(value)
    }
    if let value = self.p121 {
      writer.raw(",\"p121\":")
      writer.integer(value)
    }
    if let value = self.p122 {
      writer.raw(",\"p122\":")
      writer.integer(value)
    }
    if let value = self.p123 {
      writer.raw(",\"p123\":")
      writer.integer(value)
    }
    if let value = self.p124 {
      writer.raw(",\"p124\":")
      writer.integer(value)
    }
    if let value = self.p125 {
      writer.raw(",\"p125\":")
      writer.integer(value)
    }
    if let value = self.p126 {
      writer.raw(",\"p126\":")
      writer.integer(value)
    }
    writer.raw(",\"p127\":")
    writer.integer(self.p127)
    writer.raw(",\"p128\":")
    writer.integer(self.p128)
    writer.raw(",\"p129\":")
    writer.integer(self.p129)
    writer.raw("}")
  }
}

