import Foundation
import Testing

@testable import SpecCompiler

@Suite struct SwiftNameTests {
  @Test(arguments: [
    ("chat_id", "chatID"), ("chatId", "chatID"), ("not-found", "notFound"), ("self", "self_"), ("init", "init_"),
    ("await", "`await`"), ("default", "`default`"), ("Type", "type"),
    ("additional_properties", "additionalProperties_"),
    ("hashValue", "hashValue_"), ("encode", "encode_"), ("description", "description"), ("none", "none"), ("9", "_9"),
  ])
  func properties(_ name: String, _ expected: String) {
    #expect(SwiftName.member(name, .property) == expected)
  }

  @Test(
    arguments: [
      ("none", .member, "none_"), ("raw_value", .member, "rawValue_"), ("traits", .operation, "traits_"),
      ("name", .event, "name_"), ("name", .member, "name"), ("data", .field, "data_"), ("policies", .tag, "policies_"),
      ("on-fault", .tag, "onFault_"), ("self", .policy, "self_"),
    ] as [(String, SwiftName.Scope, String)])
  func whatIsTakenWhereItIsDeclared(_ name: String, _ scope: SwiftName.Scope, _ expected: String) {
    #expect(SwiftName.member(name, scope) == expected)
  }

  @Test(arguments: [
    ("String", "String_"), ("Pattern", "Pattern_"), ("Input", "Input_"), ("ChatsHandler", "ChatsHandler_"),
    ("Chat", "Chat"), ("Handlers", "Handlers_"), ("Handle", "Handle"),
  ])
  func schemas(_ name: String, _ expected: String) {
    #expect(SwiftName.schema(name) == expected)
  }

  @Test func operationsAndTags() {
    #expect(SwiftName.operationType("self") == "Self_")
    #expect(SwiftName.operationType("getThing") == "GetThing")
    #expect(SwiftName.handler("chats") == "ChatsHandler")
    #expect(SwiftName.handler("policy") == "PolicyHandler_")
    #expect(SwiftName.handler("token") == "TokenHandler_")
  }

  /// A type that the runtime gets, or that the generator declares, must not be hidden by one of a spec.
  @Test(arguments: ["../../Sources/ProtocolRuntime", "EmptyGolden"])
  func everyTypeThatIsThereIsTaken(_ folder: String) throws {
    let root = SpecFixture.folder.appending(path: folder).path()
    let files = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
    let declaration =
      /^\s*(?:public |final |private |fileprivate )*(?:actor|class|enum|protocol|struct|typealias) (\w+)/
    var names: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      for line in SpecFixture.read("\(folder)/\(file)").split(separator: "\n") {
        // What is nested in a type of the runtime is never meant by a name alone.
        guard let match = line.firstMatch(of: declaration), folder == "EmptyGolden" || line.hasPrefix("public") else {
          continue
        }
        names.insert(String(match.1))
      }
    }
    #expect(names.count >= 8)
    for name in names.sorted() { #expect(SwiftName.schema(name) != name, "\(name) is not taken") }
  }
}
