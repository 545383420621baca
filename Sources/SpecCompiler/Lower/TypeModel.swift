/// The types of the intermediate form: what a schema describes, free of YAML.

/// A named schema.
public struct TypeDeclaration: Sendable, Equatable {
  public enum Shape: Sendable, Equatable {
    case object(ObjectShape)
    /// A closed enumeration of strings.
    case enumeration([EnumerationMember])
    case union(UnionShape)
    case choice(ChoiceShape)
    /// A named scalar, array or map.
    case alias(TypeReference)
  }

  /// In UpperCamelCase: mostly the key under `components/schemas`. `SwiftName.schema` makes the Swift name of it.
  public var name: String
  public var description: String
  public var location: SourceLocation
  public var shape: Shape
  /// What its values have to meet as well, by its index in ``ProtocolModel/schemas``.
  public var schema: Int?

  public init(name: String, description: String, location: SourceLocation, shape: Shape, schema: Int? = nil) {
    self.name = name
    self.description = description
    self.location = location
    self.shape = shape
    self.schema = schema
  }
}

/// An object with known properties. `allOf` is merged already.
public struct ObjectShape: Sendable, Equatable {
  public enum Additional: Sendable, Equatable {
    /// `additionalProperties: false`, or `unevaluatedProperties: false` beside `allOf`.
    case refused
    /// Unknown properties are skipped.
    case ignored
    /// Kept in a dictionary.
    case typed(TypeReference)
  }

  public var properties: [Property]
  public var additional: Additional
  public var minProperties: Int?
  public var maxProperties: Int?
  /// The component schemas that its `allOf` refers to, in order.
  public var bases: [String] = []
}

public struct EnumerationMember: Sendable, Equatable {
  /// The text in JSON.
  public var value: String
  /// Of the case, without backticks.
  public var swiftName: String
}

public struct Property: Sendable, Equatable {
  /// The JSON name.
  public var name: String
  /// Of the member, without backticks.
  public var swiftName: String
  public var type: TypeReference
  public var isRequired: Bool
  /// `default`, for scalars and enumerations.
  public var defaultValue: Scalar?
  public var description: String
  public var isDeprecated: Bool
  public var location: SourceLocation
}

/// `oneOf` with a discriminator: each branch is a named object whose `propertyName` is a `const` string.
public struct UnionShape: Sendable, Equatable {
  public struct Branch: Sendable, Equatable {
    /// The discriminator's value.
    public var value: String
    /// Of the case, without backticks.
    public var swiftName: String
    /// The name of the branch's type declaration.
    public var type: String
  }

  public var propertyName: String
  public var branches: [Branch]
}

/// `oneOf` or `anyOf` whose branches are tried, those first that a value's JSON type leaves.
public struct ChoiceShape: Sendable, Equatable {
  public struct Branch: Sendable, Equatable {
    /// Of the case, without backticks.
    public var swiftName: String
    public var type: TypeReference
    /// Of the values that it takes.
    public var kinds: ValueKinds
  }

  /// `oneOf`: only one branch may take the value.
  public var isExclusive: Bool
  public var branches: [Branch]
}

/// Kinds of JSON values, as `type` tells them apart, but for integers, which are numbers.
public struct ValueKinds: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let null = ValueKinds(rawValue: 1)
  public static let boolean = ValueKinds(rawValue: 2)
  public static let number = ValueKinds(rawValue: 4)
  public static let string = ValueKinds(rawValue: 8)
  public static let array = ValueKinds(rawValue: 16)
  public static let object = ValueKinds(rawValue: 32)
  /// What a text can stand for.
  public static let scalars: ValueKinds = [.boolean, .number, .string]
  public static let any: ValueKinds = [.null, .boolean, .number, .string, .array, .object]
}

/// A JSON scalar in the spec: a const, an enum member or a default.
public enum Scalar: Sendable, Equatable {
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case null
}

/// What a value may be.
public indirect enum TypeReference: Sendable, Equatable {
  case string(StringRules)
  case integer(NumberRules<Int>)
  case number(NumberRules<Double>)
  case boolean
  case const(Scalar)
  case array(TypeReference, ArrayRules)
  /// An object of unknown keys with values of one type: `additionalProperties: {schema}` without `properties`.
  case map(TypeReference, MapRules)
  /// A component schema, by name.
  case named(String)
  /// `type: [X, 'null']`.
  case nullable(TypeReference)
  /// A value of any kind.
  case json
  /// A value of a type that has to meet a schema as well, by its index in ``ProtocolModel/schemas``.
  case checked(TypeReference, schema: Int)
  /// A type that contains itself, kept elsewhere: a struct in itself would have no size.
  case indirect(TypeReference)
}

public enum StringFormat: String, Sendable, Equatable, CaseIterable {
  case uuid
  case dateTime = "date-time"
  case date, email, uri, hostname, ipv4, ipv6, byte
  /// Of our own: Unicode's Normalization Form C (UAX #15), which no pattern can say.
  case nfc
}

/// Lengths are in Unicode code points (JSON Schema Validation §6.3).
public struct StringRules: Sendable, Equatable {
  public var minLength: Int?
  public var maxLength: Int?
  public var pattern: CompiledPattern?
  public var format: StringFormat?

  public init(
    minLength: Int? = nil, maxLength: Int? = nil, pattern: CompiledPattern? = nil, format: StringFormat? = nil
  ) {
    self.minLength = minLength
    self.maxLength = maxLength
    self.pattern = pattern
    self.format = format
  }
}

public struct NumberRules<Value: Sendable & Equatable>: Sendable, Equatable {
  public var minimum: Value?
  public var maximum: Value?
  public var exclusiveMinimum: Value?
  public var exclusiveMaximum: Value?
  public var multipleOf: Value?

  public init(
    minimum: Value? = nil, maximum: Value? = nil, exclusiveMinimum: Value? = nil, exclusiveMaximum: Value? = nil,
    multipleOf: Value? = nil
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.exclusiveMinimum = exclusiveMinimum
    self.exclusiveMaximum = exclusiveMaximum
    self.multipleOf = multipleOf
  }
}

public struct ArrayRules: Sendable, Equatable {
  public var minItems: Int?
  public var maxItems: Int?
  public var uniqueItems = false

  public init(minItems: Int? = nil, maxItems: Int? = nil, uniqueItems: Bool = false) {
    self.minItems = minItems
    self.maxItems = maxItems
    self.uniqueItems = uniqueItems
  }
}

public struct MapRules: Sendable, Equatable {
  public var minProperties: Int?
  public var maxProperties: Int?

  public init(minProperties: Int? = nil, maxProperties: Int? = nil) {
    self.minProperties = minProperties
    self.maxProperties = maxProperties
  }
}

/// A `pattern` compiled to a deterministic automaton over classes of code points, so that matching is linear in the
/// text. State 0 is where it starts. A pattern is not anchored (JSON Schema Core §6.4): an unanchored end is an
/// accepting state that leads only to itself.
public struct CompiledPattern: Sendable, Equatable {
  public struct Range: Sendable, Equatable {
    /// First and last code point, inclusive.
    public var lower: UInt32
    public var upper: UInt32
    public var characterClass: UInt16
  }

  /// The regular expression as the spec has it.
  public var source: String
  /// Sorted and disjoint; a code point in none of them has class 0.
  public var ranges: [Range]
  public var classCount: Int
  /// `transitions[state * classCount + class]` is the next state, `CompiledPattern.dead` where nothing can match.
  public var transitions: [UInt16]
  public var accepting: [Bool]

  public static let dead = UInt16.max
}
