// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `init`. A handler throws only for faults; a refusal is an answer.
public protocol InitHandlers: Sendable {
  /// `GET /lists`:
  func data(_ input: Operations.Data.Input, context: RequestContext) async throws -> Operations.Data.Output
  /// `POST /lists`:
  func init_(_ input: Operations.Init.Input, context: RequestContext) async throws -> Operations.Init.Output
}

extension Operations {
  /// Has an odd name.
  public enum Data {
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
      case ok(Numbers)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Has an odd name.
  public enum Init {
    public struct Input: Sendable {
      public var body: [Int]
      public init(body: [Int]) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
      /// 409: Odd
      case init_ = "init"
      /// 409: Odd
      case self_ = "self"
      /// 409: Odd
      case none_ = "none"
      /// 409: Odd
      case some_ = "some"
      /// 409: Odd
      case refused = "refused"
      /// 409: Odd
      case data = "data"
      /// 409: Odd
      case rawValue_ = "raw_value"
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
      case ok([Int?])
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}

