import Foundation
import NIOCore
import Testing

/// Plays each target over its seeds and over what was found before, without libFuzzer: what was found stays found.
@Suite struct SeedTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  private static func inputs(_ target: Target) throws -> [URL] {
    try ["seeds", "corpus"].flatMap { kind in
      let folder = folder.appending(path: "\(kind)/\(target.rawValue)")
      guard FileManager.default.fileExists(atPath: folder.path()) else { return [] as [URL] }
      return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }
  }

  @Test(arguments: Target.allCases) func nothingIsFoundInWhatIsKnown(_ target: Target) throws {
    let inputs = try Self.inputs(target)
    #expect(!inputs.isEmpty, "there is no seed")
    for input in inputs {
      let bytes = ByteBuffer(bytes: try Data(contentsOf: input))
      #expect(throws: Never.self, "\(input.lastPathComponent)") { try target.play(bytes) }
    }
  }

  /// The fuzzer's package is built by nothing but the fuzzer: what it compiles once more has to depend on the same there.
  @Test func theFuzzersPackageDependsOnWhatOursDoes() throws {
    let fuzzer = try Self.dependencies(Self.folder.appending(path: "Package.swift"))
    let ours = try Self.dependencies(Self.folder.appending(path: "../Package.swift"))
    #expect(fuzzer.count > 3)
    for (target, dependencies) in fuzzer where target != "FuzzTargets" && target != "GoldenProtocol" {
      #expect(dependencies == ours[target], "\(target)")
    }
    let targets = Set(fuzzer.keys)
    for name in fuzzer.values.joined() where ours.keys.contains(name) { #expect(targets.contains(name), "\(name)") }
  }

  /// The names of each target's dependencies, and of their packages.
  private static func dependencies(_ manifest: URL) throws -> [String: Set<String>] {
    let text = try String(contentsOf: manifest, encoding: .utf8)
    let target = /arget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/
    return text.matches(of: target).reduce(into: [:]) { found, match in
      found[String(match.1)] = Set(match.2.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
  }
}
