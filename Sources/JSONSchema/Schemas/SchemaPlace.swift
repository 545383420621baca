/// Where a schema is: a document by the name that it was added under, and a pointer into it.
public struct SchemaPlace: Hashable, Sendable, CustomStringConvertible {
  public let document: String
  public let pointer: JSONPointer

  public init(document: String, pointer: JSONPointer = JSONPointer()) {
    self.document = document
    self.pointer = pointer
  }

  public var description: String { "\(document)#\(pointer)" }

  public func appending(_ tokens: String...) -> SchemaPlace {
    SchemaPlace(document: document, pointer: JSONPointer(tokens: pointer.tokens + tokens))
  }
}

/// A schema that nothing can be judged by.
public struct SchemaError: Error, Sendable, CustomStringConvertible {
  public let place: SchemaPlace
  public let what: String

  public init(_ place: SchemaPlace, _ what: String) {
    self.place = place
    self.what = what
  }

  public var description: String { "\(place): \(what)" }
}

/// What is wrong with a value. Nothing of the value is in it but the names of its members.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
  /// Into the value. Of a member that is missing: where it ought to be.
  public let pointer: JSONPointer
  /// The keyword's own place.
  public let schema: SchemaPlace
  public let keyword: String
  public let message: String

  public var description: String { "\(pointer) \(message) (\(schema))" }
}
