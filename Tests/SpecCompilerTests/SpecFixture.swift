import Foundation

@testable import SpecCompiler

/// The small spec of Fixtures, whole or with parts of it replaced.
enum SpecFixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  static let openapi = read("Fixtures/openapi.yaml")
  static let events = read("Fixtures/events.yaml")

  static func read(_ path: String) -> String {
    (try? String(contentsOf: folder.appending(path: path), encoding: .utf8)) ?? ""
  }

  static func compile(
    openapi: String = openapi, events: String = events, others: [String: String] = [:], profile: LintProfile = .none
  ) -> SpecCompiler.Result {
    SpecCompiler.compile(
      openapi: SpecSource(path: "openapi.yaml", text: openapi), events: SpecSource(path: "events.yaml", text: events),
      others: others.sorted { $0.key < $1.key }.map(SpecSource.init), profile: profile)
  }

  /// Appends to a snippet what it lacks of the small spec, so that a bad spec shows only what is bad: the top-level
  /// keys, and, if it ends in `components`, the components. The snippet's lines keep their numbers.
  static func complete(_ snippet: String, from base: String) -> String {
    let own = Set(keys(of: snippet, indentation: 0))
    var result = snippet
    for block in blocks(of: base, indentation: 0) where block.key == "components" && own.contains("components") {
      let sections = Set(keys(of: snippet, indentation: 2))
      for section in blocks(of: block.body, indentation: 2) {
        if section.key == "schemas", sections.contains("schemas") {
          let names = Set(keys(of: snippet, indentation: 4))
          for schema in blocks(of: section.body, indentation: 4) where !names.contains(schema.key) {
            result += schema.text
          }
        }
      }
      for section in blocks(of: block.body, indentation: 2) where !sections.contains(section.key) {
        result += section.text
      }
    }
    for block in blocks(of: base, indentation: 0) where !own.contains(block.key) { result += block.text }
    return result
  }

  private struct Block {
    var key: String
    /// The lines below the key.
    var body = ""
    var text: String
  }

  private static func key(of line: Substring, indentation: Int) -> String? {
    guard line.prefix(while: { $0 == " " }).count == indentation else { return nil }
    let rest = line.dropFirst(indentation)
    guard let first = rest.first, first.isLetter, let colon = rest.firstIndex(of: ":") else { return nil }
    return String(rest[..<colon])
  }

  private static func keys(of text: String, indentation: Int) -> [String] {
    text.split(separator: "\n").compactMap { key(of: $0, indentation: indentation) }
  }

  private static func blocks(of text: String, indentation: Int) -> [Block] {
    var blocks: [Block] = []
    for line in text.split(separator: "\n") {
      if let key = key(of: line, indentation: indentation) {
        blocks.append(Block(key: key, text: line + "\n"))
      } else if !blocks.isEmpty {
        blocks[blocks.count - 1].body += line + "\n"
        blocks[blocks.count - 1].text += line + "\n"
      }
    }
    return blocks
  }
}
