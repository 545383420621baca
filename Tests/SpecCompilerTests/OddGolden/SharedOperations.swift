// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `on-fault`. A handler throws only for faults; a refusal is an answer.
public protocol OnFaultHandlers: Sendable {
  /// `GET /parameters/{flag}/{at}/{ratio}/{day}/{fixed}/{yes}/{seven}/{half}`:
  func hashValue_(_ input: Operations.HashValue.Input, context: RequestContext) async throws -> Operations.HashValue.Output
  /// `POST /forms`:
  func input(_ input: Operations.Input_.Input, context: RequestContext) async throws -> Operations.Input_.Output
  /// `GET /changes`:
  func listChanges(_ input: Operations.ListChanges.Input, context: RequestContext) async throws -> Operations.ListChanges.Output
}

extension Operations {
  /// Has an odd name.
  public enum HashValue {
    public struct Path: Sendable {
      public var flag: Bool
      public var at: Timestamp
      public var ratio: Double
      public var day: String
      public var fixed: String
      public var yes: Bool
      public var seven: Int
      public var half: Double
      public init(flag: Bool, at: Timestamp, ratio: Double, day: String, fixed: String, yes: Bool, seven: Int, half: Double) {
        self.flag = flag
        self.at = at
        self.ratio = ratio
        self.day = day
        self.fixed = fixed
        self.yes = yes
        self.seven = seven
        self.half = half
      }
    }
    public struct Query: Sendable {
      public var flag: Bool?
      public var at: Timestamp?
      public var ratio: Double?
      public var day: String?
      public var fixed: String?
      public var yes: Bool?
      public var seven: Int?
      public var half: Double?
      public var self_: Double
      public var init_: Bool
      public var `let`: Kind
      public var kind: Double
      public init(flag: Bool? = nil, at: Timestamp? = nil, ratio: Double? = nil, day: String? = nil, fixed: String? = nil, yes: Bool? = nil, seven: Int? = nil, half: Double? = nil, self_: Double, init_: Bool, `let`: Kind, kind: Double) {
        self.flag = flag
        self.at = at
        self.ratio = ratio
        self.day = day
        self.fixed = fixed
        self.yes = yes
        self.seven = seven
        self.half = half
        self.self_ = self_
        self.init_ = init_
        self.let = `let`
        self.kind = kind
      }
    }
    public struct Header: Sendable {
      public var flag: Bool?
      public var at: Timestamp?
      public var ratio: Double?
      public var day: String?
      public var fixed: String?
      public var yes: Bool?
      public var seven: Int?
      public var half: Double?
      public init(flag: Bool? = nil, at: Timestamp? = nil, ratio: Double? = nil, day: String? = nil, fixed: String? = nil, yes: Bool? = nil, seven: Int? = nil, half: Double? = nil) {
        self.flag = flag
        self.at = at
        self.ratio = ratio
        self.day = day
        self.fixed = fixed
        self.yes = yes
        self.seven = seven
        self.half = half
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public var query: Query
      public var header: Header
      public init(path: Path, query: Query, header: Header) {
        self.path = path
        self.query = query
        self.header = header
      }
    }
    public enum Code: String, ProblemCode {
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is done.
      case ok(Text)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Input_ {
    public enum BodyPart: FormPart {
      ///
      case file_(FormFile)
      ///
      case data_(Double)
      ///
      case text_(Bool)
      ///
      case fields_(Timestamp)
      ///
      case self_(String)
      ///
      case init_(Bool)
      ///
      case some_(RawValue_)
      /// More of the file that came last.
      case data(ByteBuffer)

      public static let fields = [
        FormField("file", isRequired: false, isFile: true, limit: 10),
        FormField("data", isRequired: true, isFile: false, limit: 256),
        FormField("text", isRequired: false, isFile: false, limit: 256),
        FormField("fields", isRequired: false, isFile: false, limit: 65536),
        FormField("self", isRequired: false, isFile: false, limit: 256),
        FormField("init", isRequired: false, isFile: false, limit: 256),
        FormField("some", isRequired: false, isFile: false, limit: 256),
      ]

      public static func text(_ field: Int, _ value: String, _ parameters: inout Parameters) -> BodyPart? {
        switch field {
        case 1: parameters.pathNumber("data", value).map { .data_($0) }
        case 2: parameters.pathBoolean("text", value).map { .text_($0) }
        case 3: parameters.pathTimestamp("fields", value).map { .fields_($0) }
        case 4: parameters.pathConstant("self", value, "odd").map { .self_($0) }
        case 5: parameters.pathConstant("init", value, "true").map { _ in true }.map { .init_($0) }
        case 6: parameters.pathEnumeration("some", value, RawValue_.self).map { .some_($0) }
        default: nil
        }
      }

      public static func file(_ field: Int, _ file: FormFile) -> BodyPart {
        switch field {
        case 0: .file_(file)
        default: .data(ByteBuffer())
        }
      }
    }
    public struct Input: Sendable {
      public var body: FormParts<BodyPart>
      public init(body: FormParts<BodyPart>) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 413: Too large
      case payloadTooLarge = "payload_too_large"
      /// 415: Of another type
      case unsupportedMediaType = "unsupported_media_type"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is done.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum ListChanges {
    public struct Input: Sendable {
      public init() {
      }
    }
    public enum Code: String, ProblemCode {
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is done.
      case ok(Changes)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}

