// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `doors`. A handler throws only for faults; a refusal is an answer.
public protocol DoorsHandlers: Sendable {
  /// `GET /time`:
  func getTime(_ input: Operations.GetTime.Input, context: RequestContext) async throws -> Operations.GetTime.Output
  /// `GET /me`:
  func getMe(_ input: Operations.GetMe.Input, caller: Caller, context: RequestContext) async throws -> Operations.GetMe.Output
  /// `PUT /name`:
  func rename(_ input: Operations.Rename.Input, caller: Caller, context: RequestContext) async throws -> Operations.Rename.Output
  /// `POST /sessions`:
  func login(_ input: Operations.Login.Input, context: RequestContext) async throws -> Operations.Login.Output
  /// `POST /users`:
  func register(_ input: Operations.Register.Input, context: RequestContext) async throws -> Operations.Register.Output
}

/// The client events with the tag `doors`.
public protocol DoorsEventHandlers: Sendable {
  /// `ring`:
  func ring(caller: Caller, context: RequestContext) async throws -> Events.Ring.Output
  /// `knock`:
  func knock(caller: Caller, context: RequestContext) async throws -> Events.Knock.Output
  /// `call`:
  func call(_ input: Events.Call.Input, caller: Caller, context: RequestContext) async throws -> Events.Call.Output
}

extension Operations {
  /// A door.
  public enum GetTime {
    public struct Input: Sendable {
      public init() {
      }
    }
    public enum Code: String, ProblemCode {
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is open.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// A door.
  public enum GetMe {
    public struct Input: Sendable {
      public init() {
      }
    }
    public enum Code: String, ProblemCode {
      /// 401: Refused
      case unauthorized = "unauthorized"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is open.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// A door.
  public enum Rename {
    public struct Input: Sendable {
      public var body: Name_
      public init(body: Name_) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Refused
      case malformedBody = "malformed_body"
      /// 401: Refused
      case unauthorized = "unauthorized"
      /// 413: Refused
      case payloadTooLarge = "payload_too_large"
      /// 415: Refused
      case unsupportedMediaType = "unsupported_media_type"
      /// 422: Refused
      case validationFailed = "validation_failed"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is open.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// A door.
  public enum Login {
    public struct Input: Sendable {
      public var body: LoginRequest
      public init(body: LoginRequest) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Refused
      case malformedBody = "malformed_body"
      /// 413: Refused
      case payloadTooLarge = "payload_too_large"
      /// 415: Refused
      case unsupportedMediaType = "unsupported_media_type"
      /// 422: Refused
      case validationFailed = "validation_failed"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is open.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// A door.
  public enum Register {
    public struct Input: Sendable {
      public var body: Name_
      public init(body: Name_) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Refused
      case malformedBody = "malformed_body"
      /// 413: Refused
      case payloadTooLarge = "payload_too_large"
      /// 415: Refused
      case unsupportedMediaType = "unsupported_media_type"
      /// 422: Refused
      case validationFailed = "validation_failed"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It is open.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}

extension Events {
  ///
  public enum Ring {
    public enum Code: String, ProblemCode {
      /// 401: Refused
      case unauthorized = "unauthorized"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case done
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  ///
  public enum Knock {
    public enum Code: String, ProblemCode {
      /// 401: Refused
      case unauthorized = "unauthorized"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case done
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  ///
  public enum Call {
    public typealias Input = Name_
    public enum Code: String, ProblemCode {
      /// 400: Refused
      case malformedBody = "malformed_body"
      /// 401: Refused
      case unauthorized = "unauthorized"
      /// 422: Refused
      case validationFailed = "validation_failed"
      /// 429: Refused
      case tooManyRequests = "too_many_requests"
      /// 500: Refused
      case internalError = "internal_error"
      /// 503: Refused
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      case done
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}
