import Contract
import JSONSchema
import Synchronization

/// Which codes of problems were met, by operation and event, and who took part.
final class Ledger: Sendable {
  private let met = Mutex<[String: Set<String>]>([:])
  private let persons = Mutex<[String]>([])

  /// The newest access tokens of different persons, whom no other story has.
  func took(part tokens: [String]) { persons.withLock { $0 += tokens } }

  /// One access token each, which may have ended by now.
  var tokens: [String] { persons.withLock { $0 } }

  func met(_ code: String, by owner: String) {
    met.withLock { _ = $0[owner, default: []].insert(code) }
  }

  func unmet(of codes: Set<String>, by owner: String) -> [String] {
    let met = met.withLock { $0[owner] ?? [] }
    return codes.subtracting(met).sorted()
  }
}
