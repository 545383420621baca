import ArgumentParser
import SpecCompiler

/// The compiler's command line; SpecPlugin runs `build` before Generated is compiled.
@main
struct SpecTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compiles spec/openapi.yaml and spec/events.yaml.", subcommands: [Build.self, Lint.self])
}

struct SpecOptions: ParsableArguments {
  @Option(help: "The OpenAPI 3.1 document.")
  var openapi: String

  @Option(help: "The AsyncAPI 3.0 document.")
  var events: String

  @Option(help: "A folder that diagnostics name files relative to.")
  var root: String?

  @Flag(help: "Leave out the house rules: descriptions, bounds, examples and closed objects everywhere.")
  var noHouseRules = false

  /// Compiles, prints the diagnostics on standard error, and exits with 1 if there is an error.
  func compile() throws -> SpecCompiler.Result {
    let result = SpecCompiler.compile(
      openapi: try source(openapi), events: try source(events), profile: noHouseRules ? .none : .house)
    for diagnostic in result.diagnostics { FileSystem.printError(diagnostic.description) }
    if result.hasErrors { throw ExitCode(1) }
    return result
  }

  private func source(_ path: String) throws -> SpecSource {
    var name = path
    if let root {
      let prefix = root.hasSuffix("/") ? root : root + "/"
      if path.hasPrefix(prefix) { name = String(path.dropFirst(prefix.count)) }
    }
    do {
      return SpecSource(path: name, bytes: try FileSystem.read(path))
    } catch {
      FileSystem.printError("\(name):1:1: error: the file can't be read; does it exist?")
      throw ExitCode(1)
    }
  }
}

struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes the generated Swift files into a folder.")

  @OptionGroup var options: SpecOptions

  @Option(help: "The folder for the generated files; files that would not change are left alone.")
  var output: String

  func run() throws {
    let result = try options.compile()
    guard let model = result.model, let documents = result.documents else { throw ExitCode(1) }
    for file in Emitter(model: model, documents: documents).emit() {
      try FileSystem.writeIfChanged("\(output)/\(file.name)", Array(file.contents.utf8))
    }
  }
}

struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Checks the specs and writes nothing.")

  @OptionGroup var options: SpecOptions

  func run() throws {
    _ = try options.compile()
  }
}
