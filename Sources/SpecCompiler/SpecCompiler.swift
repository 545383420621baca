/// The spec compiler: `spec/openapi.yaml` and `spec/events.yaml` in, Swift out. Four stages, a folder each:
///
/// 1. `Parse`: YAML to `Node`s, each with its place.
/// 2. `Resolve`: where each `$ref` leads, within and between the two files.
/// 3. `Lower`: every check, and the intermediate form `ProtocolModel`.
/// 4. `Emit`: Swift sources.
///
/// No stage stops at the first error: a run reports all that it finds.
public enum SpecCompiler {
  public struct Result: Sendable {
    /// Nil if there are errors.
    public let model: ProtocolModel?
    /// Sorted by file, line and column.
    public let diagnostics: [Diagnostic]
    /// Nil if one of the files can't be read at all.
    public let documents: SpecDocuments?
    /// Operations of others' specs that are not served.
    public var leftOutCount = 0

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  }

  /// Compiles an OpenAPI document of others. What is not supported is left out, with a warning that says why.
  public static func compile(foreign openapi: SpecSource) -> Result {
    var openapi = openapi
    openapi.roundsNumbers = true
    return compile(openapi: openapi, events: SpecSource(path: "", text: "{}"), profile: .foreign)
  }

  /// Compiles the two specs up to the intermediate form.
  public static func compile(
    openapi: SpecSource, events: SpecSource, profile: LintProfile = .house
  ) -> Result {
    var diagnostics = Diagnostics()
    let openapiRoot = YAMLParser.parse(openapi, into: &diagnostics)
    let eventsRoot = YAMLParser.parse(events, into: &diagnostics)
    let parsed = profile.isOwn ? openapiRoot : openapiRoot.map(OlderDialect.converted)
    let files = [openapi.path, events.path]
    guard let openapiRoot = parsed, let eventsRoot else {
      return Result(model: nil, diagnostics: diagnostics.sorted(files: files), documents: nil)
    }
    for root in [openapiRoot, eventsRoot] where !root.isMapping {
      diagnostics.report(Diagnostic(.error, .invalidYAML, at: root.location, "a spec is a mapping, not \(root.kind)"))
    }
    guard openapiRoot.isMapping, eventsRoot.isMapping else {
      return Result(model: nil, diagnostics: diagnostics.sorted(files: files), documents: nil)
    }
    let resolver = ReferenceResolver(
      openapi: .init(source: openapi, root: openapiRoot), events: .init(source: events, root: eventsRoot))
    ReferenceCheck.run(resolver, profile: profile, into: &diagnostics)
    var lowerer = Lowerer(resolver: resolver, profile: profile, diagnostics: diagnostics)
    let model = lowerer.lower()
    let leftOut = lowerer.leftOutCount
    return Result(
      model: lowerer.diagnostics.hasErrors ? nil : model, diagnostics: lowerer.diagnostics.sorted(files: files),
      documents: SpecDocuments(openapi: resolver.openapi, events: resolver.events), leftOutCount: leftOut)
  }
}
