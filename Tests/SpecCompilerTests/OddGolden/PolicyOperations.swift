// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `policy`. A handler throws only for faults; a refusal is an answer.
public protocol PolicyHandlers: Sendable {
  /// `GET /scalars`:
  func double(_ input: Operations.Double_.Input, context: RequestContext) async throws -> Operations.Double_.Output
  /// `PUT /scalars`:
  func none_(_ input: Operations.None.Input, context: RequestContext) async throws -> Operations.None.Output
  /// `POST /scalars`:
  func `await`(_ input: Operations.Await.Input, context: RequestContext) async throws -> Operations.Await.Output
  /// `PATCH /scalars`:
  func some_(_ input: Operations.Some.Input, context: RequestContext) async throws -> Operations.Some.Output
}

extension Operations {
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

}

