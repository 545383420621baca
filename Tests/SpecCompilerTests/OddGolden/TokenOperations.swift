// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `token`. A handler throws only for faults; a refusal is an answer.
public protocol TokenHandlers: Sendable {
  /// `POST /objects`:
  func refused(_ input: Operations.Refused.Input, context: RequestContext) async throws -> Operations.Refused.Output
  /// `GET /objects/{id}`:
  func encode_(_ input: Operations.Encode.Input, caller: Caller, context: RequestContext) async throws -> Operations.Encode.Output
  /// `PUT /objects/{id}`:
  func decode_(_ input: Operations.Decode.Input, caller: Caller, context: RequestContext) async throws -> Operations.Decode.Output
  /// `DELETE /objects/{id}`:
  func traits_(_ input: Operations.Traits.Input, caller: Caller, context: RequestContext) async throws -> Operations.Traits.Output
  /// `PUT /many`:
  func type(_ input: Operations.Type_.Input, context: RequestContext) async throws -> Operations.Type_.Output
}

extension Operations {
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

}

