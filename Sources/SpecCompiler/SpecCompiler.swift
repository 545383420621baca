/// The spec compiler: `spec/openapi.yaml`, `spec/events.yaml` and the files below their folder in, Swift out. Six stages,
/// a folder each:
///
/// 1. `Parse`: YAML to `Node`s, each with its place.
/// 2. `Bundle`: the files of the folder to two documents.
/// 3. `Resolve`: where each `$ref` leads, within and between the two documents.
/// 4. `Lower`: every check, and the intermediate form `ProtocolModel`.
/// 5. `Judge`: whether the examples keep the schemas.
/// 6. `Emit`: Swift sources.
///
/// No stage stops at the first error: a run reports all that it finds.
public enum SpecCompiler {
  public struct Result: Sendable {
    /// Nil if there are errors.
    public let model: ProtocolModel?
    /// Sorted by file, line and column.
    public let diagnostics: [Diagnostic]
    /// Operations of others' specs that are not served.
    public var leftOutCount = 0
    /// Events of others' specs that are not generated.
    public var leftOutEventCount = 0
    private let bundle: Bundler.Bundle?

    init(model: ProtocolModel?, diagnostics: [Diagnostic], bundle: Bundler.Bundle?) {
      self.model = model
      self.diagnostics = diagnostics
      self.bundle = bundle
    }

    /// Nil if one of the files can't be read at all. Written anew each time that it is asked for.
    public var documents: SpecDocuments? {
      bundle.map { SpecDocuments($0) }
    }

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  }

  /// Compiles documents of others. What is not supported is left out, with a warning that says why.
  /// - Parameters:
  ///   - foreign: an OpenAPI document; nil for an AsyncAPI document alone.
  ///   - events: an AsyncAPI document.
  public static func compile(foreign openapi: SpecSource?, events: SpecSource? = nil) -> Result {
    var diagnostics = Diagnostics()
    let files = [openapi, events].compactMap { $0?.path }
    guard let openapi = readForeign(openapi, into: &diagnostics),
      let events = readForeign(events, into: &diagnostics)
    else { return Result(model: nil, diagnostics: diagnostics.sorted(files: files), bundle: nil) }
    let converted = ReferenceResolver.Document(source: openapi.source, root: OlderDialect.converted(openapi.root))
    let resolver = ReferenceResolver(openapi: converted, events: events)
    ReferenceCheck.run(resolver, profile: .foreign, into: &diagnostics)
    let bundle = Bundler.Bundle(foreign: openapi, events: events)
    return lower(resolver, profile: .foreign, diagnostics, files: files, bundle)
  }

  /// Without a source a document of nothing; nil for one that can't be read.
  private static func readForeign(
    _ source: SpecSource?, into diagnostics: inout Diagnostics
  ) -> ReferenceResolver.Document? {
    guard var source else { return .absent }
    source.isForeign = true
    return SpecFolder.parseRoot(source, into: &diagnostics).map { .init(source: source, root: $0) }
  }

  /// Compiles the specs up to the intermediate form.
  /// - Parameters:
  ///   - openapi: the root of the OpenAPI document.
  ///   - events: the root of the AsyncAPI document, in the same folder.
  ///   - others: all other YAML files of that folder and below, at most `SpecSource.folderLimit`.
  public static func compile(
    openapi: SpecSource, events: SpecSource, others: [SpecSource] = [], profile: LintProfile = .house
  ) -> Result {
    var diagnostics = Diagnostics()
    let files = [openapi.path, events.path] + others.map(\.path).sorted()
    guard let folder = SpecFolder(openapi: openapi, events: events, others: others, into: &diagnostics) else {
      return Result(model: nil, diagnostics: diagnostics.sorted(files: files), bundle: nil)
    }
    let bundle = Bundler.bundle(folder, into: &diagnostics)
    let resolver = bundle.resolver
    ReferenceCheck.run(resolver, profile: profile, into: &diagnostics)
    return lower(resolver, profile: profile, diagnostics, files: files, bundle)
  }

  private static func lower(
    _ resolver: ReferenceResolver, profile: LintProfile, _ diagnostics: Diagnostics, files: [String],
    _ bundle: Bundler.Bundle
  ) -> Result {
    var lowerer = Lowerer(resolver: resolver, profile: profile, diagnostics: diagnostics)
    let model = lowerer.lower()
    // By schemas that are understood.
    if profile.isOwn, !lowerer.diagnostics.hasErrors { ExampleJudge.run(resolver, into: &lowerer.diagnostics) }
    var result = Result(
      model: lowerer.diagnostics.hasErrors ? nil : model, diagnostics: lowerer.diagnostics.sorted(files: files),
      bundle: bundle)
    result.leftOutCount = lowerer.leftOutCount
    result.leftOutEventCount = lowerer.leftOutEventCount
    return result
  }
}
