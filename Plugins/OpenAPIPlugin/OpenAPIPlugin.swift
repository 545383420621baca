import Foundation
import PackagePlugin

/// Compiles `openapi.yaml` in a target's folder to Swift that is part of the target, for packages of others: any OpenAPI
/// document of 3.0 to 3.2. What is not supported is left out, with a warning. The target needs the product
/// ProtocolRuntime.
@main
struct OpenAPIPlugin: BuildToolPlugin {
  /// The files of a group that all tags share: how others write their tags, a build's plan can't foresee.
  private static let sharedFileNames = [
    "SharedTypes.swift", "SharedCodecs.swift", "SharedOperations.swift", "SharedDispatch.swift",
  ]

  /// `Emitter.commonFileNames` of SpecCompiler, as in SpecPlugin.
  private static let commonFileNames = [
    "API.swift", "AccessPolicies.swift", "Patterns.swift", "Router.swift", "RateLimits.swift", "ServerEvents.swift",
    "Streams.swift", "Validators.swift", "Problems.swift",
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
          "--output", output.path(), "--tags", "Shared",
        ],
        inputFiles: [document],
        outputFiles: (Self.sharedFileNames + Self.commonFileNames).map { output.appending(component: $0) })
    ]
  }
}
