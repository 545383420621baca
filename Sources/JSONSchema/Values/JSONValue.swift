/// A JSON value with nothing lost: numbers keep their decimal digits, texts their code points, objects their order.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(DecimalNumber)
  case string(JSONText)
  case array(JSONArray)
  case object(JSONObject)

  /// How many values it is made of, itself included.
  public var count: Int {
    switch self {
    case .array(let array): array.count
    case .object(let object): object.count
    default: 1
    }
  }

  public var text: String? {
    if case .string(let text) = self { text.string } else { nil }
  }

  public var items: [JSONValue]? {
    if case .array(let array) = self { array.items } else { nil }
  }

  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }

  /// A whole number that an Int can hold.
  public var integer: Int? {
    if case .number(let number) = self { number.integer } else { nil }
  }

  /// A member of an object; nil for everything else.
  public subscript(name: String) -> JSONValue? { object?[name] }
}

extension JSONValue: Equatable, Hashable {
  /// Equal as JSON Schema has it (Core §4.2.2): 1 is 1.0, the order of members does not count.
  public static func == (one: JSONValue, other: JSONValue) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): one == other
    case (.array(let one), .array(let other)): one.items == other.items
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let bool): hasher.combine(bool)
    case .number(let number): hasher.combine(number)
    case .string(let text): hasher.combine(text)
    case .array(let array): hasher.combine(array.items)
    case .object(let object): hasher.combine(object)
    }
  }
}

public struct JSONArray: Sendable {
  public let items: [JSONValue]
  /// The values in it, itself included.
  let count: Int

  public init(_ items: [JSONValue]) {
    self.items = items
    count = items.reduce(1) { $0 + $1.count }
  }
}

/// The members of an object, each name once.
public struct JSONObject: Sendable, Hashable {
  public struct Member: Sendable {
    public let name: JSONText
    public let value: JSONValue
  }

  public let members: [Member]
  private let places: [JSONText: Int]
  /// The values in it, itself included.
  let count: Int

  /// - Returns: nil where a name is there twice.
  public init?(_ members: [(name: JSONText, value: JSONValue)]) {
    var places: [JSONText: Int] = [:]
    places.reserveCapacity(members.count)
    for (place, member) in members.enumerated() where places.updateValue(place, forKey: member.name) != nil {
      return nil
    }
    self.members = members.map { Member(name: $0.name, value: $0.value) }
    self.places = places
    count = members.reduce(1) { $0 + $1.value.count }
  }

  public static let empty = JSONObject()

  private init() {
    members = []
    places = [:]
    count = 1
  }

  public subscript(name: JSONText) -> JSONValue? { places[name].map { members[$0].value } }

  public subscript(name: String) -> JSONValue? { self[JSONText(name)] }

  public static func == (one: JSONObject, other: JSONObject) -> Bool {
    one.members.count == other.members.count && one.members.allSatisfy { other[$0.name] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    // The same in any order.
    var sum = 0
    for member in members {
      var one = Hasher()
      one.combine(member.name)
      one.combine(member.value)
      sum &+= one.finalize()
    }
    hasher.combine(sum)
  }
}
