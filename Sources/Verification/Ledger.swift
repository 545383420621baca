import Contract
import JSONSchema
import Synchronization

/// Which codes of problems were met, by operation and event.
final class Ledger: Sendable {
  private let met = Mutex<[String: Set<String>]>([:])

  func met(_ code: String, by owner: String) {
    met.withLock { _ = $0[owner, default: []].insert(code) }
  }

  func unmet(of codes: Set<String>, by owner: String) -> [String] {
    let met = met.withLock { $0[owner] ?? [] }
    return codes.subtracting(met).sorted()
  }
}
