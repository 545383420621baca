import Foundation
import Testing

@testable import SpecCompiler
@testable import SpecTool

/// Where the generated code of a tag is.
@Suite struct FileGroupTests {
  private func ours() throws -> ProtocolModel {
    let root = SpecFixture.folder.appending(path: "../..").standardized.path()
    let files = SpecFiles(openapi: "\(root)/spec/openapi.yaml", events: "\(root)/spec/events.yaml", root: root)
    return try #require(
      SpecCompiler.compile(
        openapi: files.sources[0], events: files.sources[1], others: Array(files.sources.dropFirst(2))
      ).model)
  }

  /// The bound of the conventions.
  @Test func noFileOfOursHasMoreThanAThousandLines() throws {
    for file in Emitter(model: try ours()).emit() {
      let count = file.contents.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(count <= 1_000, "\(file.name) has \(count) lines")
    }
  }

  @Test func aTypeIsWhereItsYAMLIs() throws {
    let files = Emitter(model: try ours()).emit()
    func holds(_ name: String, _ text: String) throws -> Bool {
      try #require(files.first { $0.name == name }).contents.contains(text)
    }
    #expect(try holds("MessagesTypes.swift", "public struct Message:"))
    #expect(try holds("MessagesCodecs.swift", "extension Message: JSONDecodable"))
    #expect(try holds("MessagesOperations.swift", "public protocol MessagesHandlers"))
    #expect(try holds("MessagesDispatch.swift", "func respondSendMessage("))
    #expect(try holds("SharedTypes.swift", "public struct Problem:"))
  }

  @Test func namesDependOnTheTagsAlone() throws {
    let model = try ours()
    for tags in [["auth"], ["chats", "users", "Chats"], ["no-letters", "shared", "nobody"], []] {
      #expect(Emitter(model: model, tags: tags).emit().map(\.name) == Emitter.fileNames(tags: tags))
    }
    #expect(FileGroup.names(["chats", "Chats", "CHATS", "a-b", "", "1", "é", "shared"]) == ["Chats", "Shared"])
  }

  /// Nothing is lost or twice, whatever has files of its own.
  @Test func everyTypeIsInOneFile() throws {
    let model = try ours()
    for tags in [["auth"], ["chats", "users"], []] {
      let groups = FileGroup.groups(of: model, tags: tags)
      #expect(groups.flatMap(\.types).map(\.name).sorted() == model.types.map(\.name).sorted())
      #expect(groups.flatMap(\.operations).map(\.id).sorted() == model.operations.map(\.id).sorted())
      #expect(groups.flatMap(\.clientEvents).map(\.id).sorted() == model.clientEvents.map(\.id).sorted())
    }
  }
}
