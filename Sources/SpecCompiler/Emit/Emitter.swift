/// A file of the generator's output.
public struct GeneratedFile: Sendable, Equatable {
  public let name: String
  public let contents: String

  public init(name: String, contents: String) {
    self.name = name
    self.contents = contents
  }
}

/// The last stage: the intermediate form in, Swift out.
///
/// A build command declares its outputs before the spec is read, so their names depend on nothing but the tags that it
/// passes: what has another tag is shared. What a file holds, where X is a tag or `Shared`:
///
/// | file | contents |
/// | --- | --- |
/// | XTypes.swift | a Swift type for each schema |
/// | XCodecs.swift | how each reads, checks and writes itself as JSON |
/// | XOperations.swift | input, codes and output of operations and client events, and the protocols of their handlers |
/// | XDispatch.swift | operation or client event → authenticate, decode, access, handler, encode |
/// | API.swift | what people make of their handlers: bytes in, bytes out, by way of the dispatch of each tag |
/// | AccessPolicies.swift | the protocol of the policies that `x-access` names |
/// | Patterns.swift | patterns, and what types do not say of their values |
/// | Router.swift | method and path → operation |
/// | RateLimits.swift | the table of limits |
/// | ServerEvents.swift | an encoder for each server event |
/// | Streams.swift | what `x-stream` says: the events of each stream, their positions and their replay |
/// | Validators.swift | checks answers and events, for the conformance suite |
/// | Problems.swift | the catalog of problems |
///
/// The documents are a file of another target: `emit(_:)`.
public struct Emitter {
  /// The names of all files, in the order of `emit()`.
  public static func fileNames(tags: [String]) -> [String] {
    FileGroup.names(tags).flatMap(FileGroup.fileNames) + commonFileNames
  }

  static let commonFileNames = [
    "API.swift", "AccessPolicies.swift", "Patterns.swift", "Router.swift", "RateLimits.swift", "ServerEvents.swift",
    "Streams.swift", "Validators.swift", "Problems.swift",
  ]

  let model: ProtocolModel
  let types: [String: TypeDeclaration]
  let problems: [String: ProblemKind]
  let patterns: Patterns
  let groups: [FileGroup]
  /// Nil but for a build whose checks a test switches off.
  let checks: CheckNumbering?

  /// - Parameters:
  ///   - model: as `Lower` made it: names are unique and everything that is named exists.
  ///   - numbersChecks: for a build in which a test switches off each check by itself.
  ///   - tags: those that have files of their own; nil for every one of the model.
  public init(model: ProtocolModel, tags: [String]? = nil, numbersChecks: Bool = false) {
    checks = numbersChecks ? CheckNumbering(model) : nil
    self.model = model
    problems = Dictionary(model.problems.map { ($0.code, $0) }) { first, _ in first }
    types = Dictionary(model.types.map { ($0.name, $0) }) { first, _ in first }
    patterns = Patterns(model)
    groups = FileGroup.groups(of: model, tags: tags ?? model.operations.map(\.tag) + model.clientEvents.map(\.tag))
  }

  /// Every file of `fileNames`, in that order. The same model gives the same bytes.
  public func emit() -> [GeneratedFile] {
    let ofGroups = groups.flatMap { group in
      zip(FileGroup.fileNames(group.name), [emitTypes, emitCodecs, emitOperations, emitDispatch]).map { name, emit in
        Self.file(name) { emit(group, &$0) }
      }
    }
    return ofGroups
      + zip(
        Self.commonFileNames,
        [
          emitAPI, emitPolicies, emitRules, emitRouter, emitRateLimits, emitServerEvents, emitStreams, emitValidators,
          emitProblems,
        ]
      ).map(Self.file)
  }

  static func file(_ name: String, _ body: (inout SwiftWriter) -> Void) -> GeneratedFile {
    var writer = SwiftWriter()
    writer.line("// Generated from the spec. Do not edit: change the YAML.")
    writer.line("import NIOCore")
    writer.line("import ProtocolRuntime")
    writer.line()
    body(&writer)
    return GeneratedFile(name: name, contents: writer.text)
  }

  // MARK: - What several files need

  /// The Swift type of a reference.
  func swiftType(_ reference: TypeReference) -> String {
    switch reference {
    case .string(let rules):
      switch rules.format {
      case .uuid: "UUID"
      case .dateTime: "Timestamp"
      default: "String"
      }
    case .integer: "Int"
    case .number: "Double"
    case .boolean: "Bool"
    case .const(.string): "String"
    case .const(.integer): "Int"
    case .const(.number): "Double"
    case .const(.boolean): "Bool"
    case .const(.null): "Never?"
    case .array(let element, _): "[\(swiftType(element))]"
    case .map(let value, _): "[String: \(swiftType(value))]"
    case .named(let name): SwiftName.schema(name)
    case .nullable(let wrapped): "\(swiftType(wrapped))?"
    case .json: "JSONValue"
    case .checked(let inner, _): swiftType(inner)
    case .indirect(let inner): "Indirect<\(swiftType(inner))>"
    }
  }

  /// The Swift type of a property: optional where it may be left out, `Nullable` where it may be null as well.
  func swiftType(_ property: Property) -> String {
    if property.isRequired || property.defaultValue != nil { return swiftType(property.type) }
    if case .nullable(let wrapped) = property.type { return "Nullable<\(swiftType(wrapped))>?" }
    return "\(swiftType(property.type))?"
  }

  /// Whether a property is not stored, because its value is always the same.
  func isConstant(_ property: Property) -> Bool {
    if case .const = property.type { return true }
    return false
  }

  /// The object behind a name, also through aliases.
  func object(named name: String) -> ObjectShape? {
    guard case .named(let target) = resolved(.named(name)), case .object(let shape) = types[target]?.shape else {
      return nil
    }
    return shape
  }

  func object(of type: TypeReference) -> ObjectShape? {
    guard case .named(let name) = type else { return nil }
    return object(named: name)
  }

  /// A property after a dot, where no escape is needed.
  func bare(_ property: Property) -> String { property.swiftName }

  /// The same where it is declared.
  func declared(_ property: Property) -> String { SwiftName.escaped(property.swiftName) }

  /// The same as the label of an argument, where only `inout` is escaped.
  func label(_ property: Property) -> String { label(property.swiftName) }

  func label(_ parameter: Parameter) -> String { label(parameter.swiftName) }

  private func label(_ name: String) -> String { name == "inout" ? "`inout`" : name }

  /// A part of a longer name.
  func part(_ parameter: Parameter) -> String {
    parameter.swiftName == SwiftName.bare(parameter.name, .property)
      ? SwiftName.part(parameter.name) : parameter.swiftName.prefix(1).uppercased() + parameter.swiftName.dropFirst()
  }

  /// A default as a Swift expression.
  func expression(_ scalar: Scalar, type: TypeReference) -> String {
    if case .nullable(let wrapped) = resolved(type), scalar != .null { return expression(scalar, type: wrapped) }
    switch scalar {
    case .string(let text):
      guard case .named(let name) = resolved(type), case .enumeration(let members) = types[name]?.shape else {
        return literal(text)
      }
      return ".\(members.first { $0.value == text }?.swiftName ?? "")"
    case .integer(let value):
      if case .number = resolved(type) { return "\(value).0" }
      return String(value)
    case .number(let value): return String(value)
    case .boolean(let value): return String(value)
    case .null: return "nil"
    }
  }
}
