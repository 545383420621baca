import Foundation
import PackagePlugin

/// Runs `SpecTool build` on `spec/` before Generated is compiled, and `SpecTool documents` before GeneratedDocuments.
@main
struct SpecPlugin: BuildToolPlugin {
  /// `Emitter.fileNames` of SpecCompiler, which a plugin can't import; a test compares the two. A build command
  /// declares its outputs before the specs are read, so the list is fixed.
  private static let fileNames = [
    "Types.swift", "TypesCodec.swift", "Operations.swift", "Events.swift", "Handlers.swift", "Router.swift",
    "RateLimits.swift", "Dispatch.swift", "EventDispatch.swift", "ServerEvents.swift", "Streams.swift",
    "Validators.swift", "Problems.swift",
  ]

  /// All files and folders below one: a new file changes its folder. When that one changes again, only a new plan sees
  /// it, so the tool tells of files that it does not know.
  private static func files(below folder: URL) -> [URL] {
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return [folder] + (found?.compactMap { $0 as? URL }.sorted { $0.path() < $1.path() } ?? [])
  }

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let folder = root.appending(component: "spec")
    let openapi = folder.appending(component: "openapi.yaml")
    let events = folder.appending(component: "events.yaml")
    let output = context.pluginWorkDirectoryURL
    let inputs = Self.files(below: folder)
    let isDocuments = target.name == "GeneratedDocuments"
    // One of the two tells of files that the build does not know.
    let watched = isDocuments ? [] : ["--watched"] + inputs.filter { $0.pathExtension == "yaml" }.map { $0.path() }
    let outputs = isDocuments ? ["Documents.swift"] : Self.fileNames
    return [
      .buildCommand(
        displayName: isDocuments ? "Embedding the specs" : "Compiling the specs",
        executable: try context.tool(named: "SpecTool").url,
        arguments: [
          isDocuments ? "documents" : "build", "--openapi", openapi.path(), "--events", events.path(),
          "--output", output.path(),
          // Diagnostics name files relative to the package: spec/openapi.yaml:12:3.
          "--root", root.path(),
        ] + watched,
        inputFiles: inputs,
        outputFiles: outputs.map { output.appending(component: $0) })
    ]
  }
}
