import SpecCompiler

/// The files that a run reads: the two roots, and all other YAML files of their folder and below.
struct SpecFiles {
  /// The roots in order, then the others.
  private(set) var sources: [SpecSource] = []
  /// An error for each file that can't be read.
  private(set) var diagnostics: [Diagnostic] = []
  private let root: String?

  /// Documents of others, which are read by themselves.
  init(foreign paths: [String], root: String?) {
    self.root = root
    for path in paths { read(path) }
  }

  /// - Parameter root: a folder that files are named relative to.
  init(openapi: String, events: String, root: String?) {
    self.root = root
    for path in [openapi, events] { read(path) }
    // A root that is not there is told, and no reason to read what lies around.
    guard sources.count == 2 else { return }
    do throws(FileError) {
      try readOthers(below: FileSystem.folder(of: openapi), events)
    } catch {
      report(at: error.path, error.reason)
    }
  }

  /// A warning for each file that a build was planned without.
  func warnings(watched: [String]) -> [Diagnostic] {
    guard !watched.isEmpty else { return [] }
    let watched = Set(watched.map { name(of: $0) })
    return sources.filter { !watched.contains($0.path) }.map { source in
      Diagnostic(
        .warning, .unwatchedFile, at: SourceLocation(file: source.path, line: 1, column: 1),
        "the build was planned without this file and does not notice when it changes; touch Package.swift")
    }
  }

  private mutating func readOthers(below folder: String, _ events: String) throws(FileError) {
    guard try FileSystem.resolved(folder) == FileSystem.resolved(FileSystem.folder(of: events)) else {
      throw FileError(events, "both specs lie in one folder; this one lies elsewhere")
    }
    let roots = sources.map { folder + $0.fileName }
    // One more than there may be, so that the compiler sees that there are too many.
    let paths = try FileSystem.files(below: folder, suffix: ".yaml", limit: SpecSource.folderLimit + 1)
    for path in paths where !roots.contains(path) { read(path) }
  }

  private mutating func read(_ path: String) {
    do {
      // No more than would be refused, whatever the files are.
      let left = max(0, SpecSource.sizeLimit + 1 - sources.map(\.bytes.count).reduce(0, +))
      let bytes = try FileSystem.read(path, limit: sources.count < 2 ? SpecSource.sizeLimit + 1 : left)
      sources.append(SpecSource(path: name(of: path), bytes: bytes))
    } catch {
      report(at: path, "the file can't be read: \(error.reason)")
    }
  }

  private mutating func report(at path: String, _ message: String) {
    diagnostics.append(
      Diagnostic(.error, .unreadableFile, at: SourceLocation(file: name(of: path), line: 1, column: 1), message))
  }

  private func name(of path: String) -> String {
    guard let root else { return path }
    let prefix = root.hasSuffix("/") ? root : root + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}
