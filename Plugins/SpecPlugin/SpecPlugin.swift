import PackagePlugin

/// Runs `SpecTool build` on `spec/` before Generated is compiled.
@main
struct SpecPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    []
  }
}
