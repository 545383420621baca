import Foundation
import Testing

@testable import SpecCompiler

/// The Swift of the small spec, byte for byte, in Golden/. Those files are a target of the package too, so that what
/// is golden also compiles without a warning, and GeneratedCodeTests can use it.
@Suite struct GoldenTests {
  private let folder = SpecFixture.folder.appending(path: "Golden")

  @Test func emitsTheGoldenFiles() throws {
    let result = SpecFixture.compile()
    let model = try #require(result.model)
    let documents = try #require(result.documents)
    let files = Emitter(model: model, documents: documents).emit()
    #expect(files.map(\.name) == Emitter.fileNames)
    // `SPEC_GOLDEN_RECORD=1 swift test --filter GoldenTests` writes them anew, to be reviewed like code.
    if ProcessInfo.processInfo.environment["SPEC_GOLDEN_RECORD"] != nil {
      for file in files {
        try file.contents.write(to: folder.appending(path: file.name), atomically: true, encoding: .utf8)
      }
    }
    for file in files {
      let golden = try String(contentsOf: folder.appending(path: file.name), encoding: .utf8)
      #expect(file.contents == golden, "\(file.name) differs from Golden/\(file.name)")
    }
  }

  @Test func isDeterministic() throws {
    func output() throws -> [GeneratedFile] {
      let result = SpecFixture.compile()
      return Emitter(model: try #require(result.model), documents: try #require(result.documents)).emit()
    }
    #expect(try output() == output())
  }
}
