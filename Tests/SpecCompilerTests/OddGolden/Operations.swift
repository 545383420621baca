// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every REST operation of the spec.
public enum Operations {
  /// Has an odd name.
  public enum Data {
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
      case ok(Numbers)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Init {
    public struct Input: Sendable {
      public var body: [Int]
      public init(body: [Int]) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
      /// 409: Odd
      case init_ = "init"
      /// 409: Odd
      case self_ = "self"
      /// 409: Odd
      case none_ = "none"
      /// 409: Odd
      case some_ = "some"
      /// 409: Odd
      case refused = "refused"
      /// 409: Odd
      case data = "data"
      /// 409: Odd
      case rawValue_ = "raw_value"
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
      case ok([Int?])
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Self_ {
    public struct Input: Sendable {
      public var body: [String: String?]?
      public init(body: [String: String?]? = nil) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case created([String: [String]])
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Double_ {
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
      case ok(Bool)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum None {
    public struct Input: Sendable {
      public var body: Numbers
      public init(body: Numbers) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case ok(Text)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Await {
    public struct Input: Sendable {
      public var body: String?
      public init(body: String? = nil) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case ok(Double?)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Some {
    public struct Input: Sendable {
      public var body: Int
      public init(body: Int) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case ok(Never?)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Refused {
    public struct Input: Sendable {
      public var body: ResultAlias?
      public init(body: ResultAlias? = nil) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case ok(Result_?)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Encode {
    public struct Path: Sendable {
      public var id: String
      public init(id: String) {
        self.id = id
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public init(path: Path) {
        self.path = path
      }
    }
    public enum Code: String, ProblemCode {
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
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
      case ok([Values])
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Decode {
    public struct Path: Sendable {
      public var id: String
      public init(id: String) {
        self.id = id
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public var body: Odd
      public init(path: Path, body: Odd) {
        self.path = path
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case ok(Odd)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Traits {
    public struct Path: Sendable {
      public var id: String
      public init(id: String) {
        self.id = id
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public init(path: Path) {
        self.path = path
      }
    }
    public enum Code: String, ProblemCode {
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
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
  public enum Type_ {
    public struct Input: Sendable {
      public var body: Many
      public init(body: Many) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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
      case ok(Many)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

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
