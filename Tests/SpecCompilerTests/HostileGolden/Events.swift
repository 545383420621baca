// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every client event that is not another door to a REST operation.
public enum Events {
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
