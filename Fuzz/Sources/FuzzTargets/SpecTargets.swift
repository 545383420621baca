import NIOCore

@testable import SpecCompiler

/// The spec compiler over a folder of our own: the bytes are `openapi.yaml`, and below a line `=== path` another file.
/// Without one, `events.yaml` has no event.
enum SpecTarget {
  private static let noEvents = """
    asyncapi: 3.0.0
    info: {title: No events, version: 1.0.0}
    channels: {}
    operations: {}

    """

  static func play(_ bytes: ByteBuffer) throws {
    var files = files(Array(bytes.readableBytesView))
    let openapi = SpecSource(path: "openapi.yaml", bytes: files.removeValue(forKey: "openapi.yaml") ?? [])
    let events = SpecSource(
      path: "events.yaml", bytes: files.removeValue(forKey: "events.yaml") ?? Array(noEvents.utf8))
    let others = files.map { SpecSource(path: $0, bytes: $1) }
    let result = SpecCompiler.compile(openapi: openapi, events: events, others: others, profile: .house)
    try CompilerResult.judge(result, of: [openapi, events] + others)
    guard !result.hasErrors, let documents = result.documents else { return }
    // The bundle says what the folder says, in one file each.
    let bundle = SpecCompiler.compile(
      openapi: SpecSource(path: "openapi.yaml", text: documents.openapiYAML),
      events: SpecSource(path: "events.yaml", text: documents.eventsYAML), profile: .none)
    try check(!bundle.hasErrors, "the bundle: \(bundle.diagnostics.first { $0.severity == .error }?.description ?? "")")
    try check(bundle.documents == documents, "the bundle of a bundle is the same")
  }

  private static func files(_ bytes: [UInt8]) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var path = "openapi.yaml"
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.starts(with: "=== ".utf8), files.count < 8 {
        path = String(decoding: line.dropFirst(4), as: UTF8.self)
        files[path] = []
      } else {
        files[path, default: []] += line + [UInt8(ascii: "\n")]
      }
    }
    return files
  }
}

/// The same compiler over a document of others: one of events if it says so.
enum ForeignSpecTarget {
  static func play(_ bytes: ByteBuffer) throws {
    let text = Array(bytes.readableBytesView)
    let source = SpecSource(path: "foreign.yaml", bytes: text)
    let isOfEvents = text.starts(with: "asyncapi".utf8)
    let result = SpecCompiler.compile(foreign: isOfEvents ? nil : source, events: isOfEvents ? source : nil)
    try CompilerResult.judge(result, of: [source])
  }
}

/// What holds of each run of the compiler.
private enum CompilerResult {
  static func judge(_ result: SpecCompiler.Result, of sources: [SpecSource]) throws {
    try check(result.hasErrors == (result.model == nil), "a model, or an error that says why not")
    let lines = Dictionary(sources.map { ($0.path, SourceLines($0)) }) { first, _ in first }
    for diagnostic in result.diagnostics {
      let place = diagnostic.location
      let text = lines[place.file]?.text(line: place.line, column: place.column, limit: 1)
      try check(text != nil, "beyond the file: \(diagnostic)")
      try check(!diagnostic.description.contains("\n"), "is not one line: \(diagnostic)")
    }
    _ = DiagnosticReport(result.diagnostics, sources: sources)
    guard let model = result.model else { return }
    guard let documents = result.documents else { throw Finding(description: "a model, but no documents") }
    let emitted = Emitter(model: model).emit() + [Emitter.emit(documents)]
    try check(Set(emitted.map(\.name)).count == emitted.count)
    try check(emitted.allSatisfy { !$0.contents.isEmpty })
  }
}
