// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `things`. A handler throws only for faults; a refusal is an answer.
public protocol ThingsHandlers: Sendable {
  /// `GET /api/things/{thingId}`: Read a thing
  func getThing(_ input: Operations.GetThing.Input, caller: Caller, context: RequestContext) async throws -> Operations.GetThing.Output
  /// `PUT /api/things/{thingId}`:
  func renameThing(_ input: Operations.RenameThing.Input, caller: Caller, context: RequestContext) async throws -> Operations.RenameThing.Output
  /// `GET /api/picture.svg`:
  func getPicture(_ input: Operations.GetPicture.Input, context: RequestContext) async throws -> Operations.GetPicture.Output
  /// `GET /api/things/{thingId}/photo`:
  func getPhoto(_ input: Operations.GetPhoto.Input, caller: Caller, context: RequestContext) async throws -> Operations.GetPhoto.Output
  /// `PUT /api/things/{thingId}/photo`:
  func setPhoto(_ input: Operations.SetPhoto.Input, caller: Caller, context: RequestContext) async throws -> Operations.SetPhoto.Output
  /// `POST /api/scans`:
  func addScan(_ input: Operations.AddScan.Input, context: RequestContext) async throws -> Operations.AddScan.Output
  /// `GET /api/{shelf}/{box}/lid`:
  func getLid(_ input: Operations.GetLid.Input, context: RequestContext) async throws -> Operations.GetLid.Output
}

/// The client events with the tag `things`.
public protocol ThingsEventHandlers: Sendable {
  /// `touch_thing`: Touches a thing.
  func touchThing(_ input: Events.TouchThing.Input, caller: Caller, context: RequestContext) async throws -> Events.TouchThing.Output
}

extension Operations {
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
      /// 406: Not in this form
      case notAcceptable = "not_acceptable"
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

  /// The photo of a thing.
  public enum GetPhoto {
    public struct Path: Sendable {
      /// Its id.
      public var thingID: ThingID
      public init(thingID: ThingID) {
        self.thingID = thingID
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public init(path: Path) {
        self.path = path
      }
    }
    public enum Code: String, ProblemCode {
      /// 401: No token
      case unauthorized = "unauthorized"
      /// 404: Not there
      case notFound = "not_found"
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
      /// The photo.
      case ok(Content)
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Sets the photo of a thing.
  public enum SetPhoto {
    public struct Path: Sendable {
      /// Its id.
      public var thingID: ThingID
      public init(thingID: ThingID) {
        self.thingID = thingID
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public var body: BodyStream
      public init(path: Path, body: BodyStream) {
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
      /// It has the photo.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// Adds a thing by its scans.
  public enum AddScan {
    public enum BodyPart: FormPart {
      /// From all sides.
      case scans(FormFile)
      /// What it is called.
      case name(String)
      /// What it is.
      case kind(ThingKind)
      /// In g.
      case weight(Int)
      /// More of the file that came last.
      case data(ByteBuffer)

      public static let fields = [
        FormField("scans", isRequired: true, isFile: true, maxItems: 3, limit: 1000000),
        FormField("name", isRequired: true, isFile: false, limit: 80),
        FormField("kind", isRequired: false, isFile: false, limit: 256),
        FormField("weight", isRequired: false, isFile: false, limit: 256),
      ]

      public static func text(_ field: Int, _ value: String, _ parameters: inout Parameters) -> BodyPart? {
        switch field {
        case 1: parameters.pathString("name", value, minLength: 1, maxLength: 20, pattern: Patterns.pattern1).map { .name($0) }
        case 2: parameters.pathEnumeration("kind", value, ThingKind.self).map { .kind($0) }
        case 3: parameters.pathInteger("weight", value, minimum: 0, maximum: 1000).map { .weight($0) }
        default: nil
        }
      }

      public static func file(_ field: Int, _ file: FormFile) -> BodyPart {
        switch field {
        case 0: .scans(file)
        default: .data(ByteBuffer())
        }
      }
    }
    public struct Input: Sendable {
      public var body: FormParts<BodyPart>
      public init(body: FormParts<BodyPart>) {
        self.body = body
      }
    }
    public enum Code: String, ProblemCode {
      /// 400: Not JSON
      case malformedBody = "malformed_body"
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
      /// It is there.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

  /// What is behind a literal that does not lead to it.
  public enum GetLid {
    public struct Path: Sendable {
      /// Where.
      public var shelf: String
      /// In what.
      public var box: String
      public init(shelf: String, box: String) {
        self.shelf = shelf
        self.box = box
      }
    }
    public struct Input: Sendable {
      public var path: Path
      public init(path: Path) {
        self.path = path
      }
    }
    public enum Code: String, ProblemCode {
      /// 422: Not valid
      case validationFailed = "validation_failed"
      /// 500: A bug
      case internalError = "internal_error"
      /// 503: Later
      case unavailable = "unavailable"
    }
    public enum Output: Sendable {
      /// It has one.
      case noContent
      case refused(Refusal<Code>)

      public static func refused(_ code: Code, _ detail: String) -> Output {
        .refused(Refusal(code, detail))
      }
    }
  }

}

extension Events {
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
