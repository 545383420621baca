// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every REST operation of the spec.
public enum Operations {
  /// Reads a thing.
  public enum GetThing {
    public struct Path: Sendable {
      /// Its id.
      public var thingID: ThingID
      public init(thingID: ThingID) {
        self.thingID = thingID
      }
    }
    public struct Query: Sendable {
      /// How deep.
      public var depth: Int
      public init(depth: Int) {
        self.depth = depth
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public var query: Query
      public init(path: Path, query: Query) {
        self.path = path
        self.query = query
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
      /// The thing.
      case ok(Thing)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Renames a thing.
  public enum RenameThing {
    public struct Path: Sendable {
      /// Its id.
      public var thingID: ThingID
      public init(thingID: ThingID) {
        self.thingID = thingID
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public var body: ThingName
      public init(path: Path, body: ThingName) {
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
      /// 409: Taken
      case nameTaken = "name_taken"
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
      /// It has the name.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// A picture.
  public enum GetPicture {
    public struct Header: Sendable {
      /// How fine.
      public var xPixelRatio: Int
      public init(xPixelRatio: Int) {
        self.xPixelRatio = xPixelRatio
      }
    }
    public struct Input: Sendable {
      public var header: Header
      public init(header: Header) {
        self.header = header
      }
    }
    public enum Code: String, ProblemCode {
      /// 416: No such part
      case rangeNotSatisfiable = "range_not_satisfiable"
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// The picture.
      case ok(Content)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}
