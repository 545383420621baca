import PackagePlugin

/// Runs `SpecTool build` on `spec/` before Generated is compiled.
@main
struct SpecPlugin: BuildToolPlugin {
  /// `Emitter.fileNames` of SpecCompiler, which a plugin can't import; a test compares the two. A build command
  /// declares its outputs before the specs are read, so the list is fixed.
  private static let fileNames = [
    "Types.swift", "TypesCodec.swift", "Operations.swift", "Events.swift", "Handlers.swift", "Router.swift",
    "RateLimits.swift", "Dispatch.swift", "EventDispatch.swift", "ServerEvents.swift", "Streams.swift",
    "Validators.swift", "Documents.swift",
  ]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let openapi = root.appending(components: "spec", "openapi.yaml")
    let events = root.appending(components: "spec", "events.yaml")
    let output = context.pluginWorkDirectoryURL
    return [
      .buildCommand(
        displayName: "Compiling the specs",
        executable: try context.tool(named: "SpecTool").url,
        arguments: [
          "build", "--openapi", openapi.path(), "--events", events.path(), "--output", output.path(),
          // Diagnostics name files relative to the package: spec/openapi.yaml:12:3.
          "--root", root.path(),
        ],
        inputFiles: [openapi, events],
        outputFiles: Self.fileNames.map { output.appending(component: $0) })
    ]
  }
}
