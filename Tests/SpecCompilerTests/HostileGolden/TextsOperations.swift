// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `texts`. A handler throws only for faults; a refusal is an answer.
public protocol TextsHandlers: Sendable {
  /// `POST /apih
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/texts/{id}`: h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  func addText(_ input: Operations.AddText.Input, context: RequestContext) async throws -> Operations.AddText.Output
  /// `GET /apih
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/texts`:
  func listTexts(_ input: Operations.ListTexts.Input, context: RequestContext) async throws -> Operations.ListTexts.Output
  /// `POST /apih
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/forms`:
  func addForm(_ input: Operations.AddForm.Input, context: RequestContext) async throws -> Operations.AddForm.Output
}

/// The client events with the tag `texts`.
public protocol TextsEventHandlers: Sendable {
  /// `add_text`: h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  func addOne(_ input: Events.AddOne.Input, caller: Caller, context: RequestContext) async throws -> Events.AddOne.Output
}

extension Operations {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public enum AddText {
    public struct Path: Sendable {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      public var id: String
      public init(id: String) {
        self.id = id
      }
    }
    public struct Query: Sendable {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      public var inQuery: String
      public init(inQuery: String) {
        self.inQuery = inQuery
      }
    }
    public struct Header: Sendable {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      public var xHeader: String?
      public init(xHeader: String? = nil) {
        self.xHeader = xHeader
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public var query: Query
      public var header: Header
      public var body: Text
      public init(path: Path, query: Query, header: Header, body: Text) {
        self.path = path
        self.query = query
        self.header = header
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case malformedBody = "malformed_body"
      /// 406: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case notAcceptable = "not_acceptable"
      /// 413: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case payloadTooLarge = "payload_too_large"
      /// 415: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unsupportedMediaType = "unsupported_media_type"
      /// 422: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case validationFailed = "validation_failed"
      /// 500: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case internalError = "internal_error"
      /// 503: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case ok(Content)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public enum ListTexts {
    public struct Input: Sendable {
      public init() {
      }
    }
    public enum Code: String, ProblemCode {
      /// 406: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case notAcceptable = "not_acceptable"
      /// 500: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case internalError = "internal_error"
      /// 503: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case ok(Told)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public enum AddForm {
    public enum BodyPart: FormPart {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case file_(FormFile)
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case kind(String)
      /// More of the file that came last.
      case data(ByteBuffer)

      public static let fields = [
        FormField("file", isRequired: false, isFile: true, limit: 10),
        FormField("kind", isRequired: false, isFile: false, limit: 256),
      ]

      public static func text(_ field: Int, _ value: String, _ parameters: inout Parameters) -> BodyPart? {
        switch field {
        case 1: parameters.pathConstant("kind", value, "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\").map { .kind($0) }
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
      /// 400: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case malformedBody = "malformed_body"
      /// 413: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case payloadTooLarge = "payload_too_large"
      /// 415: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unsupportedMediaType = "unsupported_media_type"
      /// 422: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case validationFailed = "validation_failed"
      /// 500: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case internalError = "internal_error"
      /// 503: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}

extension Events {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public enum AddOne {
    public typealias Input = Second
    public enum Code: String, ProblemCode {
      /// 400: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case malformedBody = "malformed_body"
      /// 401: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unauthorized = "unauthorized"
      /// 422: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case validationFailed = "validation_failed"
      /// 500: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case internalError = "internal_error"
      /// 503: h
      /// public let injected1 = 1
      /// public let injected2 = 1
      /// public let injected3 = 1
      /// public let injected4 = 1
      /// public let injected5 = 1
      /// public let injected6 = 1
      ///
      ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case ok(String)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}
