// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every client event that is not another door to a REST operation.
public enum Events {
  /// Touches a thing.
  public enum TouchThing {
    public typealias Input = ThingTouch
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
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
      case ok(TouchResult)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}
