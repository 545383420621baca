// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension Kind: JSONDecodable, JSONEncodable, TextEnumeration {
  public init?(utf8 text: UnsafeRawBufferPointer) {
    switch text.count {
    case 4 where text.equals("none"): self = .none_
    case 4 where text.equals("some"): self = .some_
    case 3 where text.equals("big"): self = .big
    default: return nil
    }
  }

  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Kind? {
    try reader.enumeration(Kind.self)
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .none_: writer.raw("\"none\"")
    case .some_: writer.raw("\"some\"")
    case .big: writer.raw("\"big\"")
    }
  }
}

extension RawValue_: JSONDecodable, JSONEncodable, TextEnumeration {
  public init?(utf8 text: UnsafeRawBufferPointer) {
    switch text.count {
    case 4 where text.equals("init"): self = .init_
    case 4 where text.equals("self"): self = .self_
    case 4 where text.equals("none"): self = .none_
    case 4 where text.equals("some"): self = .some_
    case 7 where text.equals("refused"): self = .refused
    case 4 where text.equals("data"): self = .data
    case 7 where text.equals("default"): self = .default
    case 9 where text.equals("raw_value"): self = .rawValue_
    case 9 where text.equals("all_cases"): self = .allCases_
    case 6 where text.equals("encode"): self = .encode_
    case 6 where text.equals("decode"): self = .decode_
    case 4 where text.equals("hash"): self = .hash_
    case 11 where text.equals("description"): self = .description
    case 4 where text.equals("Type"): self = .type
    case 5 where text.equals("await"): self = .await
    case 3 where text.equals("let"): self = .let
    default: return nil
    }
  }

  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> RawValue_? {
    try reader.enumeration(RawValue_.self)
  }

  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .init_: writer.raw("\"init\"")
    case .self_: writer.raw("\"self\"")
    case .none_: writer.raw("\"none\"")
    case .some_: writer.raw("\"some\"")
    case .refused: writer.raw("\"refused\"")
    case .data: writer.raw("\"data\"")
    case .default: writer.raw("\"default\"")
    case .rawValue_: writer.raw("\"raw_value\"")
    case .allCases_: writer.raw("\"all_cases\"")
    case .encode_: writer.raw("\"encode\"")
    case .decode_: writer.raw("\"decode\"")
    case .hash_: writer.raw("\"hash\"")
    case .description: writer.raw("\"description\"")
    case .type: writer.raw("\"Type\"")
    case .await: writer.raw("\"await\"")
    case .let: writer.raw("\"let\"")
    }
  }
}

private let propertiesChanges = PropertyTable(["change", "name", "names"], required: 0, refusesUnknown: false)

extension Changes: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Changes? {
    guard var object = try reader.beginObject(propertiesChanges) else { return nil }
    var _change: Change?
    var _name: Name_?
    var _names: [Name_]?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _change = try Change.decode(from: &reader)
      case 1: _name = try Name_.decode(from: &reader)
      case 2: _names = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try Name_.decode(from: &reader) }
      default: break
      }
    }
    return Changes(change: _change, name: _name, names: _names)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{")
    var isFirst = true
    if let value = self.change {
      writer.separator(&isFirst)
      writer.raw("\"change\":")
      value.encode(into: &writer)
    }
    if let value = self.name {
      writer.separator(&isFirst)
      writer.raw("\"name\":")
      value.encode(into: &writer)
    }
    if let value = self.names {
      writer.separator(&isFirst)
      writer.raw("\"names\":")
      writer.array(value) { writer, element in element.encode(into: &writer) }
    }
    writer.raw("}")
  }
}

private let propertiesChange = PropertyTable(["id", "rev"], required: 3, refusesUnknown: false)

extension Change: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Change? {
    guard var object = try reader.beginObject(propertiesChange) else { return nil }
    var _id: UUID_?
    var _rev: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _id = try reader.uuid()
      case 1: _rev = try reader.integer()
      default: break
      }
    }
    guard let _id, let _rev else { return nil }
    return Change(id: _id, rev: _rev)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"id\":")
    writer.uuid(self.id)
    writer.raw(",\"rev\":")
    writer.integer(self.rev)
    writer.raw("}")
  }
}

private let propertiesName_ = PropertyTable(["self", "init"], required: 3, refusesUnknown: false)

extension Name_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Name_? {
    guard var object = try reader.beginObject(propertiesName_) else { return nil }
    var _self_: UUID_?
    var _init_: Int?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _self_ = try reader.uuid()
      case 1: _init_ = try reader.integer()
      default: break
      }
    }
    guard let _self_, let _init_ else { return nil }
    return Name_(self_: _self_, init_: _init_)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"self\":")
    writer.uuid(self.self_)
    writer.raw(",\"init\":")
    writer.integer(self.init_)
    writer.raw("}")
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

private let propertiesListAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension ListAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> ListAnswer? {
    guard var object = try reader.beginObject(propertiesListAnswer) else { return nil }
    var _data: [Int]?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _data = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() }
      default: break
      }
    }
    guard let _data else { return nil }
    return ListAnswer(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    writer.array(self.data) { writer, element in writer.integer(element) }
    writer.raw("}")
  }
}

private let propertiesMapAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension MapAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> MapAnswer? {
    guard var object = try reader.beginObject(propertiesMapAnswer) else { return nil }
    var _data: [String: Double]?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _data = try reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number() }
      default: break
      }
    }
    guard let _data else { return nil }
    return MapAnswer(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    writer.object(self.data) { writer, element in writer.number(element) }
    writer.raw("}")
  }
}

private let propertiesTextAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension TextAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> TextAnswer? {
    guard var object = try reader.beginObject(propertiesTextAnswer) else { return nil }
    var _data: String?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _data = try reader.string()
      default: break
      }
    }
    guard let _data else { return nil }
    return TextAnswer(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    writer.string(self.data)
    writer.raw("}")
  }
}

private let propertiesMaybeAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension MaybeAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> MaybeAnswer? {
    guard var object = try reader.beginObject(propertiesMaybeAnswer) else { return nil }
    var _data: Bool??
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1:
        if try reader.null() {
          _data = .some(nil)
        } else if let value = try reader.boolean() {
          _data = value
        }
      default: break
      }
    }
    guard let _data else { return nil }
    return MaybeAnswer(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    if let value = self.data { writer.boolean(value) } else { writer.null() }
    writer.raw("}")
  }
}

private let propertiesAliasAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension AliasAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> AliasAnswer? {
    guard var object = try reader.beginObject(propertiesAliasAnswer) else { return nil }
    var _data: Content_?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _data = try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() }
      default: break
      }
    }
    guard let _data else { return nil }
    return AliasAnswer(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    writer.array(self.data) { writer, element in writer.string(element) }
    writer.raw("}")
  }
}

private let propertiesFixedAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension FixedAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> FixedAnswer? {
    guard var object = try reader.beginObject(propertiesFixedAnswer) else { return nil }
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1: _ = try reader.constant("here")
      default: break
      }
    }
    return FixedAnswer()
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    writer.raw("\"here\"")
    writer.raw("}")
  }
}

private let propertiesBoundAnswer = PropertyTable(["ok", "data"], required: 3, refusesUnknown: false)

extension BoundAnswer: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> BoundAnswer? {
    guard var object = try reader.beginObject(propertiesBoundAnswer) else { return nil }
    var _data: Result_??
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(true)
      case 1:
        if try reader.null() {
          _data = .some(nil)
        } else if let value = try Result_.decode(from: &reader) {
          _data = value
        }
      default: break
      }
    }
    guard let _data else { return nil }
    return BoundAnswer(data: _data)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(true)
    writer.raw(",\"data\":")
    if let value = self.data { value.encode(into: &writer) } else { writer.null() }
    writer.raw("}")
  }
}

private let propertiesRefusal_ = PropertyTable(["ok", "error"], required: 3, refusesUnknown: false)

extension Refusal_: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Refusal_? {
    guard var object = try reader.beginObject(propertiesRefusal_) else { return nil }
    var _error: Problem?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: _ = try reader.constant(false)
      case 1: _error = try Problem.decode(from: &reader)
      default: break
      }
    }
    guard let _error else { return nil }
    return Refusal_(error: _error)
  }

  public func encode(into writer: inout JSONWriter) {
    writer.raw("{\"ok\":")
    writer.boolean(false)
    writer.raw(",\"error\":")
    self.error.encode(into: &writer)
    writer.raw("}")
  }
}

