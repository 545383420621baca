/// The intermediate form: both specs resolved, checked and free of YAML. `Lower` makes it, `Emit` reads it.
///
/// Everything is in the order of the spec files, so that the output is deterministic.
public struct ProtocolModel: Sendable, Equatable {
  /// The path of `servers[0].url`, without a trailing slash: `/api`.
  public var basePath: String
  /// Every component schema of both files, `openapi.yaml` first.
  public var types: [TypeDeclaration]
  public var operations: [Operation]
  public var clientEvents: [ClientEvent]
  public var serverEvents: [ServerEvent]
  /// `x-problems`: every code that a refusal can have.
  public var problems: [ProblemKind]
  /// The policies that `x-access` names, each once.
  public var policies: [AccessPolicy]
  /// What no type of Swift says whole: ``TypeReference/checked(_:schema:)`` has the index.
  public var schemas: SchemaRules
  /// Every limit of both files.
  public var rateLimits: [RateLimit] = []
  /// Those of openapi.yaml's root and of events.yaml's, as places in `rateLimits`.
  public var requestLimits: [Int] = []
  public var eventLimits: [Int] = []

  public init(
    basePath: String = "", types: [TypeDeclaration] = [], operations: [Operation] = [],
    clientEvents: [ClientEvent] = [], serverEvents: [ServerEvent] = [], problems: [ProblemKind] = [],
    policies: [AccessPolicy] = [], schemas: SchemaRules = SchemaRules()
  ) {
    self.basePath = basePath
    self.types = types
    self.operations = operations
    self.clientEvents = clientEvents
    self.serverEvents = serverEvents
    self.problems = problems
    self.policies = policies
    self.schemas = schemas
  }
}

/// Schemas that values are put to as they are, in the form that `SchemaTable` of ProtocolRuntime reads.
public struct SchemaRules: Sendable, Equatable {
  /// Each a JSON text.
  public var texts: [String] = []
  /// What `pattern` names in them, by index.
  public var patterns: [CompiledPattern] = []

  public init() {}
}

/// An entry of `x-problems`: a stable code, its HTTP status and its title (RFC 9457 §3.1).
public struct ProblemKind: Sendable, Equatable {
  public var code: String
  public var status: Int
  public var title: String
}

// MARK: - Types

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

// MARK: - REST

public enum Access: Sendable, Equatable {
  case everyone
  case user
  /// A policy, and the parameter (REST) or payload property (events) that it looks at.
  case policy(name: String, parameter: String)
}

/// A policy and the type of what it looks at.
public struct AccessPolicy: Sendable, Equatable {
  /// As in `x-access`: `chat-member`.
  public var name: String
  public var subject: TypeReference
}

public struct Operation: Sendable, Equatable {
  public enum Segment: Sendable, Hashable {
    case literal(String)
    case parameter(String)
  }

  /// `operationId`, lowerCamelCase.
  public var id: String
  /// Upper case: `GET`.
  public var method: String
  /// Without the base path.
  public var path: [Segment]
  public var tag: String
  public var summary: String
  public var description: String
  public var access: Access
  public var pathParameters: [Parameter]
  public var queryParameters: [Parameter]
  /// Without those that the server reads by itself (``Lowerer/serverHeaders``).
  public var headerParameters: [Parameter]
  public var body: RequestBody?
  /// The limits in force for it, its own and the document's, as places in the model's.
  public var rateLimits: [Int] = []
  /// `x-body-limit`: bytes of a body; nil for the usual.
  public var bodyLimit: Int?
  /// `x-cache`: the Cache-Control of its successes (RFC 9111 §5.2.2); nil where nobody may keep one.
  public var cacheControl: String?
  /// It has a 206: the server gives a range of the content to who asks for it (RFC 9110 §14).
  public var acceptsRanges: Bool
  /// Success responses of the handler only, by rising status. Each is one case of the operation's output.
  public var responses: [SuccessResponse]
  /// Every code that one of its error responses has in `x-codes`, each once, by rising status.
  public var codes: [String]
  public var location: SourceLocation
}

public struct Parameter: Sendable, Equatable {
  /// As in the URL, or the name of a field.
  public var name: String
  /// Of the member, without backticks.
  public var swiftName: String
  public var type: TypeReference
  public var isRequired: Bool
  public var defaultValue: Scalar?
  public var description: String
  public var location: SourceLocation
  public var place = ParameterPlace.query
  /// How the elements of a list stand in the text; nil for a scalar.
  public var list: ParameterList?
}

public enum ParameterPlace: String, Sendable, Equatable {
  case path, query, header, cookie
}

/// OpenAPI 3.1 §4.8.12.2.
public enum ParameterList: Sendable, Equatable {
  /// The name once for each element: `form` with `explode`.
  case repeated
  case separated(by: String)
}

public struct RequestBody: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    /// `application/json`.
    case json(TypeReference)
    /// Any other media type, or a range of them (RFC 9110 §12.5.1): bytes, as they come.
    case bytes(mediaType: String)
    /// `multipart/form-data`: the fields as they come.
    case form([FormField])
  }

  public var content: Content
  public var isRequired: Bool
  /// Of JSON: `application/json`, or one that ends in `+json` (RFC 6839 §3.1).
  public var jsonType = "application/json"
}

/// A field of a form.
public struct FormField: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    /// Bytes.
    case file(maxLength: Int, maxItems: Int)
    case text(TypeReference)
  }

  public var name: String
  /// Of the case, without backticks.
  public var swiftName: String
  public var value: Value
  public var isRequired: Bool
  public var description: String
}

public struct SuccessResponse: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    case none
    case json(TypeReference)
    /// Any other media type: bytes as they are.
    case bytes(mediaType: String)
  }

  public var status: Int
  public var content: Content
  /// Of JSON: `application/json`, or one that ends in `+json` (RFC 6839 §3.1).
  public var jsonType = "application/json"
  public var description: String
  public var location: SourceLocation
}

// MARK: - Events

/// An event from a client (`action: receive`).
public struct ClientEvent: Sendable, Equatable {
  public enum Binding: Sendable, Equatable {
    /// `x-operation`: another door to a REST operation. `parameters` maps its path and query parameters to properties
    /// of the payload; the other properties are those of the operation's body.
    case operation(id: String, parameters: [String: String])
    /// A handler of its own, with the type of its acknowledgement's data and the codes that it can refuse with.
    case own(data: TypeReference?, codes: [String])
  }

  /// The event's name on the wire: `send_message`.
  public var name: String
  /// The operation's key in events.yaml, lowerCamelCase: `sendMessage`.
  public var id: String
  public var tag: String
  public var description: String
  public var access: Access
  /// A named object, or nil for an event without arguments.
  public var payload: String?
  public var binding: Binding
  /// The limits in force for it, as places in the model's.
  public var rateLimits: [Int] = []
  public var location: SourceLocation
}

/// An event to a client (`action: send`).
public struct ServerEvent: Sendable, Equatable {
  public var name: String
  public var id: String
  public var description: String
  /// A named object.
  public var payload: String
  /// `x-stream`; nil where the spec does not say.
  public var order: StreamOrder?
  public var location: SourceLocation
}

/// `x-stream`: how an event to clients is ordered, healed and applied. Each path is a JSON Pointer's property names in
/// the payload, all of them required.
public enum StreamOrder: Sendable, Equatable {
  case log(StreamLog)
  /// A number that only rises, `by` whose it is within the stream.
  case mark(of: String, key: [String], by: [String]?, mark: [String])
  /// The newest state of a thing wins.
  case newest(of: String, key: [String], version: [String], heals: String)
  case ephemeral
}

/// A durable event's place in the order of its stream.
public struct StreamLog: Sendable, Equatable {
  public enum Change: Sendable, Equatable {
    /// The object at the path is as it stands now; the empty path is the whole payload.
    case put([String])
    /// What has the id at the path is gone.
    case remove([String])
    /// The object at the path has the properties that changed of the thing whose id is at the other.
    case patch([String], into: [String])
  }

  /// What has such a stream: `chat`.
  public var of: String
  /// The id of the one whose stream it is: a UUID.
  public var key: [String]
  /// An integer that counts the stream's changes.
  public var rev: [String]
  /// The rev that the stream had told before; nil where each event follows the rev before its own.
  public var prev: [String]?
  /// The operation whose answers have what a lost event told.
  public var heals: String
  public var apply: Change
}
