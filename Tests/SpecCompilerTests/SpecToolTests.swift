import Foundation
import Testing

@testable import SpecTool

/// Of the command line only what has to do with files.
@Suite struct SpecToolTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "spec-tool-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path())
  }

  /// It read such a file to its end, which never came.
  @Test func noMoreIsReadThanTheLimit() throws {
    #expect(try FileSystem.read("/dev/zero", limit: 100_000).count == 100_000)
    let files = SpecFiles(["/dev/zero"], root: nil)
    #expect(files.sources.map(\.bytes.count) == [4 << 20 | 1])
  }

  @Test func everyMissingFileIsTold() throws {
    try withFolder { folder in
      let files = SpecFiles(["\(folder)/a.yaml", "\(folder)/b.yaml", folder], root: folder)
      #expect(
        files.diagnostics.map(\.description) == [
          "a.yaml:1:1: error: the file can't be read: No such file or directory",
          "b.yaml:1:1: error: the file can't be read: No such file or directory",
          "\(folder):1:1: error: the file can't be read: Is a directory",
        ])
      #expect(files.sources.isEmpty)
    }
  }

  @Test func namesAreRelativeToTheRoot() throws {
    try withFolder { folder in
      try FileSystem.writeIfChanged("\(folder)/spec/a.yaml", Array("a: 1".utf8))
      let files = SpecFiles(["\(folder)/spec/a.yaml"], root: folder)
      #expect(files.sources.map(\.path) == ["spec/a.yaml"])
      #expect(files.sources.map(\.bytes) == [Array("a: 1".utf8)])
    }
  }

  @Test func unchangedFilesAreLeftAlone() throws {
    try withFolder { folder in
      let path = "\(folder)/sub/folder/a.swift"
      try FileSystem.writeIfChanged(path, [1, 2])
      var before = stat()
      #expect(stat(path, &before) == 0)
      try FileSystem.writeIfChanged(path, [1, 2])
      var after = stat()
      #expect(stat(path, &after) == 0)
      #expect(before.st_ino == after.st_ino)
      try FileSystem.writeIfChanged(path, [1, 2, 3])
      #expect(try FileSystem.read(path, limit: 10) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/sub/folder") == ["a.swift"])
    }
  }

  @Test func whatCannotBeWrittenIsNamed() throws {
    try withFolder { folder in
      try FileSystem.writeIfChanged("\(folder)/file", [1])
      let error = #expect(throws: FileError.self) { try FileSystem.writeIfChanged("\(folder)/file/a.swift", [1]) }
      #expect(error?.path == "\(folder)/file/a.swift")
      #expect(error?.reason == "Not a directory")
    }
  }
}
