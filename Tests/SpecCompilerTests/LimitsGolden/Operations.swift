// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every REST operation of the spec.
public enum Operations {
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
