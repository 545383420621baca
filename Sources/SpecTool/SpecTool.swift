import ArgumentParser
import SpecCompiler

/// The compiler's command line; SpecPlugin runs `build` before Generated is compiled, and `documents` before
/// GeneratedDocuments.
@main
struct SpecTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compiles spec/openapi.yaml, spec/events.yaml and the files below their folder.",
    subcommands: [Build.self, Documents.self, Bundle.self, Lint.self])
}

enum LintLevel: String, ExpressibleByArgument, CaseIterable {
  case house
  case `protocol`
  case off
}

struct SpecOptions: ParsableArguments {
  @Option(help: "The OpenAPI 3.1 document; not needed with --lint off and --events.")
  var openapi: String?

  @Option(help: "The AsyncAPI document, 3.0 or 3.1; not needed with --lint off and --openapi.")
  var events: String?

  @Option(help: "A folder that diagnostics name files relative to.")
  var root: String?

  @Option(
    help: """
      house: our protocol, with descriptions, bounds, examples and closed objects everywhere. protocol: without these. \
      off: any OpenAPI or AsyncAPI document; what is not supported is left out, with a warning.
      """)
  var lint = LintLevel.house

  @Flag(help: "Print all diagnostics, however many there are; json and sarif always have all.")
  var all = false

  @Option(help: "How diagnostics are told: text on standard error, json or sarif (2.1.0) on standard output.")
  var format = DiagnosticFormat.text

  /// Compiles, tells the diagnostics, and exits with 1 if there is an error.
  /// - Parameter watched: the files whose changes are noticed, none if nobody looks.
  func compile(watched: [String] = []) throws -> SpecCompiler.Result {
    if lint == .off { return try compileForeign() }
    let files = SpecFiles(
      openapi: try required(openapi, "--openapi"), events: try required(events, "--events"), root: root)
    guard files.diagnostics.isEmpty else {
      report(files.diagnostics, files.sources)
      throw ExitCode(1)
    }
    let result = SpecCompiler.compile(
      openapi: files.sources[0], events: files.sources[1], others: Array(files.sources.dropFirst(2)),
      profile: lint == .house ? .house : .none)
    report(files.warnings(watched: watched) + result.diagnostics, files.sources)
    if result.hasErrors { throw ExitCode(1) }
    return result
  }

  private func compileForeign() throws -> SpecCompiler.Result {
    if events == nil { _ = try required(openapi, "--openapi or --events") }
    let files = SpecFiles(foreign: [openapi, events].compactMap { $0 }, root: root)
    guard files.diagnostics.isEmpty else {
      report(files.diagnostics, files.sources)
      throw ExitCode(1)
    }
    let result = SpecCompiler.compile(
      foreign: openapi == nil ? nil : files.sources.first, events: events == nil ? nil : files.sources.last)
    report(result.diagnostics, files.sources)
    guard !result.hasErrors, let model = result.model else { throw ExitCode(1) }
    if openapi != nil {
      let served = model.operations.count
      FileSystem.printError("\(served) of \(served + result.leftOutCount) operations are served")
    }
    if events != nil {
      let kept = model.clientEvents.count + model.serverEvents.count
      FileSystem.printError("\(kept) of \(kept + result.leftOutEventCount) events are generated")
    }
    return result
  }

  private func required(_ path: String?, _ option: String) throws -> String {
    guard let path else { throw ValidationError("\(option) is missing") }
    return path
  }

  private func report(_ diagnostics: [Diagnostic], _ sources: [SpecSource]) {
    switch format {
    case .text:
      let limit = all ? .max : DiagnosticReport.limit
      for line in DiagnosticReport(diagnostics, sources: sources, limit: limit).lines { FileSystem.printError(line) }
    case .json: print(DiagnosticDocument(diagnostics, sources: sources).json)
    case .sarif: print(DiagnosticDocument(diagnostics, sources: sources).sarif)
    }
  }
}

/// How diagnostics are told.
enum DiagnosticFormat: String, ExpressibleByArgument, CaseIterable {
  /// For people, and for SwiftPM and editors, which know the form of the first line.
  case text
  case json, sarif
}

/// Writes files into a folder; exits with 1 if one can't be written.
private func write(_ files: [GeneratedFile], into folder: String) throws {
  do throws(FileError) {
    for file in files { try FileSystem.writeIfChanged("\(folder)/\(file.name)", Array(file.contents.utf8)) }
  } catch {
    FileSystem.printError("\(error.path): error: this can't be written: \(error.reason)")
    throw ExitCode(1)
  }
}

struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes the generated Swift files into a folder.")

  @OptionGroup var options: SpecOptions

  @Option(help: "The folder for the generated files; files that would not change are left alone.")
  var output: String

  @Option(
    parsing: .upToNextOption, help: "The files that the build knows: it does not notice when another one changes.")
  var watched: [String] = []

  @Option(parsing: .upToNextOption, help: "The tags that have files of their own; by default every tag.")
  var tags: [String] = []

  @Flag(help: "Number each check, so that a test can switch it off: see docs/check-sweep.md.")
  var numberedChecks = false

  func run() throws {
    let result = try options.compile(watched: watched)
    guard let model = result.model else { throw ExitCode(1) }
    let emitter = Emitter(model: model, tags: tags.isEmpty ? nil : tags, numbersChecks: numberedChecks)
    try write(emitter.emit(), into: output)
  }
}

struct Documents: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the Swift file that has the bundle's documents into a folder.")

  @OptionGroup var options: SpecOptions

  @Option(help: "The folder for the generated file; it is left alone if it would not change.")
  var output: String

  func run() throws {
    guard let documents = try options.compile().documents else { throw ExitCode(1) }
    try write([Emitter.emit(documents)], into: output)
  }
}

struct Bundle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes openapi.yaml, openapi.json, events.yaml and events.json, which need no other file, into a folder."
  )

  @OptionGroup var options: SpecOptions

  @Option(help: "The folder for the documents; files that would not change are left alone.")
  var output: String

  func run() throws {
    guard let documents = try options.compile().documents else { throw ExitCode(1) }
    try write(
      [
        .init(name: "openapi.yaml", contents: documents.openapiYAML),
        .init(name: "openapi.json", contents: documents.openapiJSON),
        .init(name: "events.yaml", contents: documents.eventsYAML),
        .init(name: "events.json", contents: documents.eventsJSON),
      ], into: output)
  }
}

struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Checks the specs and writes nothing.")

  @OptionGroup var options: SpecOptions

  func run() throws {
    _ = try options.compile()
  }
}
