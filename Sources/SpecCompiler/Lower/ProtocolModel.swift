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

  /// What its successes are, such as `application/json` or `image/*`; nil where they have no content.
  public var answerMediaType: String? {
    for response in responses {
      switch response.content {
      case .none: continue
      case .json: return response.jsonType
      case .bytes(let mediaType): return mediaType
      }
    }
    return nil
  }
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
  /// How a text becomes a value of JSON; nil for a scalar or a list.
  public var encoding: ParameterEncoding?
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

public enum ParameterEncoding: Sendable, Equatable {
  /// `content` with a media type of JSON.
  case json
  case object(ParameterObject)
}

/// OpenAPI 3.1 §4.8.12.2.
public struct ParameterObject: Sendable, Equatable {
  public enum Style: Sendable, Equatable {
    /// `filter[name]=ada` each: `deepObject`.
    case bracketed
    /// `name=ada` each: `form` with `explode`.
    case exploded
    /// `name,ada,age,3` in one text: without `explode`.
    case alternating
    /// `name=ada,age=3` in one text: `simple` with `explode`.
    case assigned
  }

  /// What a property's text stands for.
  public struct Form: Sendable, Equatable {
    /// Whether a number or a truth value is one, and no string.
    public var isBare: Bool
    public var isList: Bool
  }

  public var style: Style
  public var properties: [(name: String, form: Form)]
  /// Of all that are not declared.
  public var others: Form

  public static func == (left: ParameterObject, right: ParameterObject) -> Bool {
    left.style == right.style && left.others == right.others && left.properties.elementsEqual(right.properties, by: ==)
  }
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
  /// A named object, in others' specs of any type; nil for an event without arguments.
  public var payload: TypeReference?
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
  /// A named object, in others' specs of any type.
  public var payload: TypeReference
  /// `x-stream`; nil where the spec does not say.
  public var order: StreamOrder?
  /// `volatile` of `x-socketio`: whether it may be dropped for who can't take it at once.
  public var isVolatile: Bool
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
