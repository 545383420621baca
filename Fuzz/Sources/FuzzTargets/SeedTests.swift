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
}
