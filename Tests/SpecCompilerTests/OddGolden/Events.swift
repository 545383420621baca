// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every client event that is not another door to a REST operation.
public enum Events {
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
