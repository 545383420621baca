// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every client event that is not another door to a REST operation.
public enum Events {
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
