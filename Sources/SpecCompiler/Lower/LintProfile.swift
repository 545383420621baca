/// House rules on top of what the standards and the generator need.
public struct LintProfile: Sendable, Equatable {
  /// Every schema, property, operation and parameter has a description.
  public var descriptions: Bool
  /// Every property, parameter and item has bounds: a length, a range, a pattern, a fixed-length format, an enum.
  public var bounds: Bool
  /// No string takes U+0000, which PostgreSQL's text can't hold.
  public var texts: Bool
  /// Every operation, message and error response has a named example in kebab-case.
  public var examples: Bool
  /// Every object says what becomes of unknown properties, and refuses them.
  public var closedObjects: Bool
  /// Every event to clients says how it is ordered: `x-stream`.
  public var streams: Bool
  /// No request means two paths.
  public var plainPaths: Bool
  /// What asks for a token says so in `security`, too.
  public var security: Bool
  /// Who wrote the specs: our protocol is said by extensions and by forms that others have no reason to keep to.
  public var isOwn: Bool

  public init(
    descriptions: Bool, bounds: Bool, texts: Bool, examples: Bool, closedObjects: Bool, streams: Bool, plainPaths: Bool,
    security: Bool, isOwn: Bool
  ) {
    self.descriptions = descriptions
    self.bounds = bounds
    self.texts = texts
    self.examples = examples
    self.closedObjects = closedObjects
    self.streams = streams
    self.plainPaths = plainPaths
    self.security = security
    self.isOwn = isOwn
  }

  /// All of them: for specs of our own.
  public static let house = LintProfile(
    descriptions: true, bounds: true, texts: true, examples: true, closedObjects: true, streams: true,
    plainPaths: true, security: true, isOwn: true)
  /// None, yet our protocol.
  public static let none = LintProfile(
    descriptions: false, bounds: false, texts: false, examples: false, closedObjects: false, streams: false,
    plainPaths: false, security: false, isOwn: true)
  /// For specs of others: what the standards leave free is free.
  public static let foreign = LintProfile(
    descriptions: false, bounds: false, texts: false, examples: false, closedObjects: false, streams: false,
    plainPaths: false, security: false, isOwn: false)
}
