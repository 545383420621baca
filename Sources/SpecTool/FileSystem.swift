#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the tool needs of files.
enum FileSystem {
  static func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// Leaves a file with these contents alone, so that nothing that depends on it is built again. A change is written
  /// beside it and renamed, so that no half a file is ever compiled.
  static func writeIfChanged(_ path: String, _ bytes: [UInt8]) throws {
    if let existing = try? read(path), existing == bytes { return }
    let folder = URL(filePath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path), options: .atomic)
  }

  /// A line on standard error: the FILE `stderr` of C is a global variable, which Swift 6 refuses.
  static func printError(_ line: String) {
    var text = line + "\n"
    text.withUTF8 { buffer in
      var rest = UnsafeRawBufferPointer(buffer)
      while !rest.isEmpty {
        let count = write(STDERR_FILENO, rest.baseAddress, rest.count)
        if count <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
