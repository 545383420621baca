import Foundation
import Testing

@Suite("The library's guide")
struct GuideTests {
  /// The guide shows a program that compiles: Examples/EchoServer is built with everything else.
  @Test("its program is the example's, line by line")
  func echoServer() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }
    let guide = try text("Sources/SocketIO/Documentation.docc/EchoServer.md")
    let program = try text("Examples/EchoServer/EchoServer.swift")
    #expect(guide.contains("```swift\n\(program)```\n"))
  }
}
