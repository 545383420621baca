import Foundation
import PackagePlugin

/// Runs `SpecTool build` on `spec/` before Generated is compiled, and `SpecTool documents` before GeneratedDocuments.
@main
struct SpecPlugin: BuildToolPlugin {
  /// `Emitter.commonFileNames` of SpecCompiler, which a plugin can't import; a test compares the two.
  private static let commonFileNames = [
    "API.swift", "AccessPolicies.swift", "Patterns.swift", "Router.swift", "RateLimits.swift", "ServerEvents.swift",
    "Streams.swift", "Validators.swift", "Problems.swift",
  ]

  /// The tags of a document that are letters and digits, from its lines: a build command declares its outputs before the
  /// specs are read. A tag that is written in another way, or newer than the build's plan, has no files of its own.
  private static func tags(of document: URL) throws -> [String] {
    var tags: [String] = []
    var isWithin = false
    for line in try String(contentsOf: document, encoding: .utf8).split(separator: "\n") {
      if let first = line.first, first != " ", first != "-", first != "#" { isWithin = line.hasPrefix("tags:") }
      guard isWithin, let name = line.wholeMatch(of: /\s*- name: ([A-Za-z][A-Za-z0-9]*)\s*/)?.1 else { continue }
      tags.append(String(name))
    }
    return tags
  }

  /// `Emitter.fileNames`.
  private static func fileNames(_ tags: [String]) -> [String] {
    var seen: Set<String> = ["shared"]
    let names = tags.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    let groups = names.filter { seen.insert($0.lowercased()).inserted } + ["Shared"]
    return groups.flatMap { group in
      ["Types", "Codecs", "Operations", "Dispatch"].map { "\(group)\($0).swift" }
    } + commonFileNames
  }

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
    let tags = try Self.tags(of: openapi)
    // Of a build that Package.swift sets up for scripts/check-sweep.
    let numbersChecks = ProcessInfo.processInfo.environment["LETSCHAT_NUMBERED_CHECKS"] != nil
    let outputs = isDocuments ? ["Documents.swift"] : Self.fileNames(tags)
    return [
      .buildCommand(
        displayName: isDocuments ? "Embedding the specs" : "Compiling the specs",
        executable: try context.tool(named: "SpecTool").url,
        arguments: [
          isDocuments ? "documents" : "build", "--openapi", openapi.path(), "--events", events.path(),
          "--output", output.path(),
          // Diagnostics name files relative to the package: spec/openapi.yaml:12:3.
          "--root", root.path(),
        ] + watched + (isDocuments || tags.isEmpty ? [] : ["--tags"] + tags)
          + (numbersChecks && !isDocuments ? ["--numbered-checks"] : []),
        inputFiles: inputs,
        outputFiles: outputs.map { output.appending(component: $0) })
    ]
  }
}
