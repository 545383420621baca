import Foundation
import Testing

@testable import SpecCompiler
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
          "a.yaml:1:1: error: the file can't be read: No such file or directory [unreadable-file]",
          "b.yaml:1:1: error: the file can't be read: No such file or directory [unreadable-file]",
          "\(folder):1:1: error: the file can't be read: Is a directory [unreadable-file]",
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

  @Test func `each format goes where it is looked for`() throws {
    try withFolder { folder in
      let openapi = SpecFixture.openapi.replacing("  schemas:\n", with: "  schemas:\n    Odd: {tipe: string}\n")
      try FileSystem.writeIfChanged("\(folder)/openapi.yaml", Array(openapi.utf8))
      try FileSystem.writeIfChanged("\(folder)/events.yaml", Array(SpecFixture.events.utf8))
      let files = ["--openapi", "\(folder)/openapi.yaml", "--events", "\(folder)/events.yaml", "--root", folder]

      let text = try run(["lint"] + files)
      #expect(text.status == 1)
      #expect(text.output.isEmpty)
      #expect(text.errors.contains("error: unknown keyword 'tipe'; did you mean 'type'? [unknown-keyword]"))
      #expect(text.errors.contains(" |     Odd: {tipe: string}\n"))

      for verb in [["lint"], ["build", "--output", "\(folder)/out"]] {
        let json = try run(verb + files + ["--format", "json"])
        #expect(json.status == 1)
        #expect(json.errors.isEmpty)
        let document = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
        let rules = (document?["diagnostics"] as? [[String: Any]])?.compactMap { $0["rule"] as? String }
        #expect(rules?.contains("unknown-keyword") == true)

        let sarif = try run(verb + files + ["--format", "sarif"])
        #expect(sarif.status == 1)
        #expect(sarif.errors.isEmpty)
        let log = try JSONSerialization.jsonObject(with: sarif.output) as? [String: Any]
        #expect(log?["version"] as? String == "2.1.0")
      }
      let missing = try run(["lint", "--openapi", "\(folder)/none", "--events", folder, "--format", "json"])
      #expect(missing.status == 1)
      #expect(String(decoding: missing.output, as: UTF8.self).contains("\"rule\": \"unreadable-file\""))
      #expect(try run(["lint", "--format", "xml"] + files).status == 64)
    }
  }

  /// The tool that the tests were built with.
  private func run(_ arguments: [String]) throws -> (status: Int32, output: Data, errors: String) {
    let process = Process()
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.executableURL = tests.deletingLastPathComponent().appending(path: "SpecTool")
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let told = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, text, String(decoding: told, as: UTF8.self))
  }
}
