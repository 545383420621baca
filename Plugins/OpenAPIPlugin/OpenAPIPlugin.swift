import Foundation
import PackagePlugin

/// Compiles `openapi.yaml` in a target's folder to Swift that is part of the target, for packages of others: any OpenAPI
/// document of 3.0 to 3.2. What is not supported is left out, with a warning. The target needs the product
/// ProtocolRuntime.
@main
struct OpenAPIPlugin: BuildToolPlugin {
  /// `Emitter.fileNames` of SpecCompiler, as in SpecPlugin.
  private static let fileNames = [
    "Types.swift", "TypesCodec.swift", "Operations.swift", "Events.swift", "Handlers.swift", "Router.swift",
    "RateLimits.swift", "Dispatch.swift", "EventDispatch.swift", "ServerEvents.swift", "Streams.swift",
    "Validators.swift", "Documents.swift",
  ]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let document = target.directoryURL.appending(component: "openapi.yaml")
    guard FileManager.default.fileExists(atPath: document.path()) else {
      Diagnostics.error("the target \(target.name) has no openapi.yaml in its folder")
      return []
    }
    let output = context.pluginWorkDirectoryURL
    return [
      .buildCommand(
        displayName: "Compiling openapi.yaml of \(target.name)",
        executable: try context.tool(named: "SpecTool").url,
        arguments: [
          "build", "--openapi", document.path(), "--root", context.package.directoryURL.path(), "--lint", "off",
          "--output", output.path(),
        ],
        inputFiles: [document],
        outputFiles: Self.fileNames.map { output.appending(component: $0) })
    ]
  }
}
