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
    let files = SpecFiles(openapi: "/dev/zero", events: "/none", root: nil)
    #expect(files.sources.map(\.bytes.count) == [4 << 20 | 1])
  }

  @Test func everyMissingFileIsTold() throws {
    try withFolder { folder in
      let files = SpecFiles(openapi: "\(folder)/a.yaml", events: folder, root: folder)
      #expect(
        files.diagnostics.map(\.description) == [
          "a.yaml:1:1: error: the file can't be read: No such file or directory [unreadable-file]",
          "\(folder):1:1: error: the file can't be read: Is a directory [unreadable-file]",
        ])
      #expect(files.sources.isEmpty)
    }
  }

  @Test func namesAreRelativeToTheRoot() throws {
    try withFolder { folder in
      for name in ["a.yaml", "b.yaml"] { try write("a: 1", "\(folder)/spec/\(name)") }
      let files = SpecFiles(openapi: "\(folder)/spec/a.yaml", events: "\(folder)/spec/b.yaml", root: folder)
      #expect(files.sources.map(\.path) == ["spec/a.yaml", "spec/b.yaml"])
      #expect(files.sources.map(\.bytes) == [Array("a: 1".utf8), Array("a: 1".utf8)])
    }
  }

  private func write(_ text: String, _ path: String) throws {
    try FileSystem.writeIfChanged(path, Array(text.utf8))
  }

  private func files(_ folder: String) -> SpecFiles {
    SpecFiles(openapi: "\(folder)/spec/openapi.yaml", events: "\(folder)/spec/events.yaml", root: folder)
  }

  @Test func allFilesBelowTheFolderAreRead() throws {
    try withFolder { folder in
      let names = ["openapi.yaml", "events.yaml", "b/c/d.yaml", "b/a.yaml", "a.yaml", "b/note.txt", ".git/x.yaml"]
      for name in names { try write("\(name): 1", "\(folder)/spec/\(name)") }
      try write("not below", "\(folder)/else.yaml")
      // A link to a file of the folder is one of its files.
      #expect(symlink("a.yaml", "\(folder)/spec/link.yaml") == 0)
      let files = files(folder)
      #expect(files.diagnostics == [])
      #expect(
        files.sources.map(\.path) == [
          "spec/openapi.yaml", "spec/events.yaml", "spec/a.yaml", "spec/b/a.yaml", "spec/b/c/d.yaml", "spec/link.yaml",
        ])
      // The roots may be named in two ways.
      let other = SpecFiles(
        openapi: "\(folder)/spec/openapi.yaml", events: "\(folder)/spec/b/../events.yaml", root: folder)
      #expect(other.diagnostics == [])
      #expect(other.sources.count == files.sources.count)
    }
  }

  @Test(arguments: [
    ("/etc/passwd", "leads out of the specs' folder"), ("../else", "leads out of the specs' folder"),
    ("b", "leads to a folder"),
  ])
  func linksThatLeadElsewhereAreRefused(target: String, why: String) throws {
    try withFolder { folder in
      for name in ["openapi.yaml", "events.yaml", "b/a.yaml", "../else/a.yaml"] {
        try write("a: 1", "\(folder)/spec/\(name)")
      }
      #expect(symlink(target, "\(folder)/spec/b/../link") == 0)
      #expect(
        files(folder).diagnostics.map(\.description) == [
          "spec/link:1:1: error: this symbolic link \(why) [unreadable-file]"
        ])
    }
  }

  /// SwiftPM plans once which files a build depends on.
  @Test func filesThatABuildDoesNotKnowAreTold() throws {
    try withFolder { folder in
      for name in ["openapi.yaml", "events.yaml", "a.yaml", "b.yaml"] { try write("a: 1", "\(folder)/spec/\(name)") }
      let files = files(folder)
      let watched = ["openapi", "events", "b"].map { "\(folder)/spec/\($0).yaml" }
      #expect(
        files.warnings(watched: watched).map(\.description) == [
          "spec/a.yaml:1:1: warning: the build was planned without this file and does not notice when it changes;"
            + " touch Package.swift [unwatched-file]"
        ])
      #expect(files.warnings(watched: []) == [])
    }
  }

  @Test func bothRootsLieInOneFolder() throws {
    try withFolder { folder in
      for name in ["openapi.yaml", "else/events.yaml"] { try write("a: 1", "\(folder)/spec/\(name)") }
      let files = SpecFiles(
        openapi: "\(folder)/spec/openapi.yaml", events: "\(folder)/spec/else/events.yaml", root: folder)
      #expect(
        files.diagnostics.map(\.description) == [
          "spec/else/events.yaml:1:1: error: both specs lie in one folder; this one lies elsewhere [unreadable-file]"
        ])
    }
  }

  /// Somebody's home is no folder of specs.
  @Test func aFolderWithTooManyFilesIsReadNoFurther() throws {
    try withFolder { folder in
      for name in ["openapi.yaml", "events.yaml"] + (0..<1_100).map({ "\($0).yaml" }) {
        try write("a: 1", "\(folder)/spec/\(name)")
      }
      let sources = files(folder).sources
      #expect(sources.count > SpecSource.folderLimit && sources.count <= SpecSource.folderLimit + 3)
      let result = SpecCompiler.compile(openapi: sources[0], events: sources[1], others: Array(sources[2...]))
      #expect(
        result.diagnostics.map(\.description) == [
          "spec/openapi.yaml:1:1: error: the folder has more than 1000 YAML files [compiler-limit]"
        ])
    }
  }

  @Test func aFolderThatIsTooLargeIsReadNoFurther() throws {
    try withFolder { folder in
      let third = String(repeating: "x", count: SpecSource.sizeLimit / 3)
      for name in ["openapi.yaml", "events.yaml", "a.yaml", "b.yaml", "c.yaml"] {
        try write(third, "\(folder)/spec/\(name)")
      }
      let sources = files(folder).sources
      #expect(sources.map(\.bytes.count).reduce(0, +) == SpecSource.sizeLimit + 1)
      let result = SpecCompiler.compile(openapi: sources[0], events: sources[1], others: Array(sources[2...]))
      #expect(
        result.diagnostics.map(\.description) == [
          "spec/openapi.yaml:1:1: error: the folder's files are larger than 4 MB together [compiler-limit]"
        ])
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
