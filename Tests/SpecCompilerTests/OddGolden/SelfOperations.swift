// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `self`. A handler throws only for faults; a refusal is an answer.
public protocol SelfHandlers: Sendable {
  /// `PUT /maps`:
  func self_(_ input: Operations.Self_.Input, caller: Caller, context: RequestContext) async throws -> Operations.Self_.Output
}

/// The client events with the tag `self`.
public protocol SelfEventHandlers: Sendable {
  /// `list`:
  func init_(_ input: Events.Init.Input, caller: Caller, context: RequestContext) async throws -> Events.Init.Output
  /// `map`:
  func self_(_ input: Events.Self_.Input, caller: Caller, context: RequestContext) async throws -> Events.Self_.Output
  /// `text`:
  func refused(_ input: Events.Refused.Input, caller: Caller, context: RequestContext) async throws -> Events.Refused.Output
  /// `maybe`:
  func some_(_ input: Events.Some.Input, caller: Caller, context: RequestContext) async throws -> Events.Some.Output
  /// `alias`:
  func data(_ input: Events.Data.Input, caller: Caller, context: RequestContext) async throws -> Events.Data.Output
  /// `fixed`:
  func `await`(_ input: Events.Await.Input, caller: Caller, context: RequestContext) async throws -> Events.Await.Output
}

extension Operations {
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

}

extension Events {
  ///
  public enum Init {
    public typealias Input = Asked
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 409: Odd
      case none_ = "none"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case ok([Int])
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  ///
  public enum Self_ {
    public typealias Input = Asked
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 409: Odd
      case none_ = "none"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case ok([String: Double])
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  ///
  public enum Refused {
    public typealias Input = Asked
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 409: Odd
      case none_ = "none"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
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

  ///
  public enum Some {
    public typealias Input = Asked
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 409: Odd
      case none_ = "none"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case ok(Bool?)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  ///
  public enum Data {
    public typealias Input = Asked
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 409: Odd
      case none_ = "none"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case ok(Content_)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  ///
  public enum Await {
    public typealias Input = Asked
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
      /// 409: Odd
      case none_ = "none"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
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
