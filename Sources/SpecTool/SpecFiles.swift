import SpecCompiler

/// The files that a run reads.
struct SpecFiles {
  private(set) var sources: [SpecSource] = []
  /// An error for each file that can't be read.
  private(set) var diagnostics: [Diagnostic] = []

  /// - Parameter root: a folder that files are named relative to.
  init(_ paths: [String], root: String?) {
    for path in paths {
      let name = Self.name(of: path, root: root)
      do {
        let bytes = try FileSystem.read(path, limit: SpecSource.sizeLimit + 1)
        sources.append(SpecSource(path: name, bytes: bytes))
      } catch {
        let start = SourceLocation(file: name, line: 1, column: 1)
        diagnostics.append(Diagnostic(.error, .unreadableFile, at: start, "the file can't be read: \(error.reason)"))
      }
    }
  }

  private static func name(of path: String, root: String?) -> String {
    guard let root else { return path }
    let prefix = root.hasSuffix("/") ? root : root + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}
