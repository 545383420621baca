/// Types that one of a spec would hide, or be hidden by. A test compares them with what the runtime and the golden files
/// declare.
extension SwiftName {
  static let takenTypes = swiftTypes.union(importedTypes).union(generatedTypes)

  /// Also the handlers of a tag are called so, and what is made of a stream.
  static let takenSuffixes = ["Handler", "Handlers", "LogEvent", "LogReplay"]

  /// Of the standard library: what generated code mentions, and what everybody expects to be Swift's.
  private static let swiftTypes: Set<String> = [
    "Actor", "AllCases", "Any", "AnyClass", "AnyHashable", "AnyObject", "AnySequence", "Array", "ArrayLiteralElement",
    "ArraySlice", "AsyncIterator", "AsyncIteratorProtocol", "AsyncSequence", "AsyncStream", "BinaryInteger", "Bool",
    "CancellationError", "CaseIterable", "Character", "ClosedRange", "Clock", "CodingKey", "Codable", "Collection",
    "Comparable", "ContiguousArray", "Copyable", "CustomStringConvertible", "Decodable", "Decoder", "Dictionary",
    "Double",
    "Duration", "Element", "Encodable", "Encoder", "Equatable", "Error", "Escapable", "Failure", "FixedWidthInteger",
    "Float", "Float16", "Float80", "Hashable", "Hasher", "Identifiable", "InlineArray", "Int", "Int128", "Int16",
    "Int32",
    "Int64", "Int8", "Iterator", "IteratorProtocol", "KeyPath", "KeyValuePairs", "MainActor", "Mirror", "Never",
    "Optional", "OptionSet", "Protocol", "Range", "RawRepresentable", "RawValue", "Result", "Self", "Sendable",
    "Sequence", "Set", "SIMD2", "SIMD4", "Slice", "Span", "StaticString", "String", "StringProtocol", "Substring",
    "Swift", "Task", "TaskGroup", "TaskLocal", "Type", "UInt", "UInt128", "UInt16", "UInt32", "UInt64", "UInt8",
    "Unicode", "UnsafePointer", "UnsafeRawBufferPointer", "UnsafeRawPointer", "Void",
  ]

  /// Of ProtocolRuntime, and what generated code mentions of NIOCore.
  private static let importedTypes: Set<String> = [
    "AccessDecision", "Acknowledgement", "Authenticator", "BodyStream", "ByteBuffer", "Caller", "ClientNetwork",
    "ConnectionID", "Content", "DecimalStep", "EncodedEvent", "FileContent", "FileError", "FormField", "FormFile",
    "FormPart", "FormParts", "Indirect", "JSONBranch", "JSONDecodable", "JSONEncodable", "JSONKinds", "JSONNumber",
    "JSONReader", "JSONSkimmer", "JSONSyntaxError", "JSONValue", "JSONWriter", "LogPosition", "MultipartParser",
    "NIOCore", "Nullable", "OperationTraits", "ParameterProperty", "Parameters", "PathSegments", "Pattern",
    "ProblemCatalog", "ProblemCode", "ProblemDetails", "PropertyTable", "ProtocolRuntime", "RateLimit",
    "RateLimitPolicy", "RateLimitReport",
    "RateLimitState", "RateLimiter", "Refusal", "Request", "RequestBody", "RequestContext", "Response",
    "ResponseBody", "SchemaTable", "SpecDocuments", "TextEnumeration", "TextFormat", "Timestamp", "UUID",
    "UnavailableError", "Violation",
  ]

  /// Of the generated code itself, also within its types.
  private static let generatedTypes: Set<String> = [
    "API", "AccessPolicies", "BodyPart", "Code", "EventStream", "Events", "Header", "Input", "Name", "OperationID",
    "Operations", "Output", "Path", "Patterns", "Query", "Route", "Schemas", "ServerEvents", "Validators",
  ]
}
