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

  /// What changes nothing but the documents, or comments, and why that is right.
  private struct Exception: Sendable {
    let reason: String
    let holds: @Sendable (_ mutant: SpecMutant, _ last: String) -> Bool

    init(_ reason: String, _ holds: @escaping @Sendable (SpecMutant, String) -> Bool) {
      self.reason = reason
      self.holds = holds
    }
  }

  private static let exceptions: [Exception] = [
    Exception("is for people who read") { mutant, last in
      ["description", "summary", "title", "bearerFormat"].contains(last) || mutant.keys.contains("info")
    },
    Exception("is an example that keeps its schema, and which the conformance suite plays") { mutant, last in
      mutant.keys.contains("examples") || last == "example" || mutant.keys.contains("x-example-scenario")
    },
    Exception("is a header of an answer, which --check-responses and letschat verify judge") { mutant, _ in
      mutant.keys.contains("headers") || mutant.file.hasSuffix("/headers.yaml")
    },
    Exception("is of what is passed on as it is, which is judged as headers are") { mutant, _ in
      mutant.keys.contains { $0.hasPrefix("application/vnd.") || $0 == "application/yaml" }
        && mutant.keys.contains("schema")
    },
    Exception("says what the library SocketIO does, and is compared with that where it is there") { mutant, last in
      mutant.keys.starts(with: ["channels", "root"]) && mutant.change == .removed
        && ["bindings", "ws", "query", "connect_error"].contains(last)
    },
    Exception("says what the constants of the branches say, too") { mutant, last in
      ["discriminator", "mapping"].contains(last) && mutant.change == .removed
    },
    Exception("is said by the const beside it, too") { mutant, last in last == "type" && mutant.change == .removed },
    Exception("is what every integer is: 64 bits wide") { _, last in last == "format" },
    Exception("is the default") { mutant, last in
      ["required", "volatile", "path", "namespace", "pathname", "bindingVersion", "method", "defaultContentType"]
        .contains(last) && mutant.change == .removed
    },
    Exception("keeps what depends on who asks out of events that go to a room, where none is now") { _, last in
      last == "x-own-view"
    },
    Exception("is where an event without an order is told, which --check-responses looks at") { mutant, last in
      last == "room" && mutant.keys.contains("x-socketio")
    },
    Exception("is for copies that clients keep") { mutant, last in mutant.keys.contains("x-stream") && last == "by" },
    Exception("names, for readers, what the server tells") { mutant, _ in
      mutant.keys.dropLast() == ["operations"] || mutant.keys.dropLast() == ["channels", "root", "messages"]
    },
    Exception("is where the server is that somebody has, which the documents can't know") { mutant, _ in
      mutant.keys.first == "servers"
    },
    Exception("can be nothing but the one channel") { mutant, last in last == "channel" && mutant.keys.contains("reply")
    },
  ]

  private static let isThorough = ProcessInfo.processInfo.environment["LETSCHAT_THOROUGH"] != nil

  /// All of them only where scripts/test-long asks for that; else so many that a run takes seconds.
  @Test func everyWordCounts() async throws {
    let comparison = try Comparison(Spec())
    let all = comparison.spec.sources.filter { !$0.path.contains("/stories/") }.flatMap(SpecMutant.all)
    let mutants = Self.isThorough ? all : all.enumerated().filter { $0.offset % 251 == 0 }.map(\.element)
    let silent = await withTaskGroup(of: [(SpecMutant, Outcome)].self) { group in
      for part in 0..<2 {
        group.addTask {
          var silent: [(SpecMutant, Outcome)] = []
          for (index, mutant) in mutants.enumerated() where index % 2 == part {
            let outcome = comparison.outcome(of: mutant)
            if outcome != .refused, outcome != .code { silent.append((mutant, outcome)) }
            await Task.yield()
          }
          return silent
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    var met: Set<Int> = []
    for (mutant, outcome) in silent {
      let last = mutant.keys.last { Int($0) == nil } ?? ""
      if let place = Self.exceptions.firstIndex(where: { $0.holds(mutant, last) }) {
        met.insert(place)
      } else {
        Issue.record("\(outcome.rawValue) change alone with \(mutant)")
      }
    }
    guard Self.isThorough else { return }
    print("\(all.count) mutants of the spec, \(silent.count) of them of documents or comments alone")
    for (place, exception) in Self.exceptions.enumerated() where !met.contains(place) {
      Issue.record("nothing is left that \(exception.reason)")
    }
  }
}
