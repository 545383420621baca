import Foundation
import Testing

@testable import SpecCompiler
@testable import SpecTool

/// Nothing that our specs say is decoration: whatever is removed, renamed, raised, lowered or set to something else is
/// refused, or changes the generated code, or is among what is for readers alone.
@Suite struct SpecMutationTests {
  enum Outcome: String {
    case refused, code
    /// Comments of the generated code and the documents alone.
    case words
    case documents
    case nothing
  }

  private struct Spec: Sendable {
    let sources: [SpecSource]

    init() throws {
      let root = SpecFixture.folder.appending(path: "../..").standardized.path()
      sources = SpecFiles(openapi: "\(root)/spec/openapi.yaml", events: "\(root)/spec/events.yaml", root: root).sources
    }

    /// - Parameter isWhole: with the stories and the rules of the house, which takes twice as long.
    func compiled(_ mutant: SpecMutant? = nil, isWhole: Bool) -> SpecCompiler.Result {
      let sources = sources.filter { isWhole || !$0.path.contains("/stories/") }.map { source in
        source.path == mutant?.file ? SpecSource(path: source.path, text: mutant?.text ?? "") : source
      }
      return SpecCompiler.compile(
        openapi: sources[0], events: sources[1], others: Array(sources.dropFirst(2)),
        profile: isWhole ? .house : .none)
    }

    /// The generated code, with and without its comments.
    static func code(_ result: SpecCompiler.Result) -> (all: String, bare: String)? {
      guard let model = result.model else { return nil }
      let files = Emitter(model: model).emit().map { "\($0.name)\n\($0.contents)" }
      let all = files.joined()
      let bare = all.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("///") }.joined(separator: "\n")
      return (all, bare)
    }
  }

  /// What comes of a mutant, by comparison with the spec as it is.
  private struct Comparison: Sendable {
    let spec: Spec
    private let code: String
    private let bare: String
    private let lightBare: String
    private let documents: SpecDocuments

    init(_ spec: Spec) throws {
      self.spec = spec
      let whole = spec.compiled(isWhole: true)
      let light = try #require(Spec.code(spec.compiled(isWhole: false)))
      let code = try #require(Spec.code(whole))
      (self.code, bare, lightBare) = (code.all, code.bare, light.bare)
      documents = try #require(whole.documents)
    }

    func outcome(of mutant: SpecMutant) -> Outcome {
      guard let light = Spec.code(spec.compiled(mutant, isWhole: false)) else { return .refused }
      if light.bare != lightBare { return .code }
      let result = spec.compiled(mutant, isWhole: true)
      guard let changed = Spec.code(result) else { return .refused }
      if changed.bare != bare { return .code }
      if changed.all != code { return .words }
      let isSame = result.documents.map {
        $0.openapiJSON == documents.openapiJSON && $0.eventsJSON == documents.eventsJSON
      }
      return isSame == true ? .nothing : .documents
    }
  }

  @Test func everyWordCounts() async throws {
    let comparison = try Comparison(Spec())
    let mutants = comparison.spec.sources.filter { !$0.path.contains("/stories/") }.flatMap(SpecMutant.all)
    let lines = await withTaskGroup(of: [String].self) { group in
      for part in 0..<2 {
        group.addTask {
          var lines: [String] = []
          for (index, mutant) in mutants.enumerated() where index % 2 == part {
            lines.append("\(comparison.outcome(of: mutant).rawValue)\t\(mutant)")
            await Task.yield()
          }
          return lines
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    if let path = ProcessInfo.processInfo.environment["LETSCHAT_MUTANTS"] {
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
