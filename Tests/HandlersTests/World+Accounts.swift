import Generated
import ProtocolRuntime
import Testing

@testable import Handlers

/// Somebody who has no account yet.
struct Person {
  let name = "u" + ID.v7().description.filter { $0 != "-" }.suffix(20)
  var email: String { "\(name)@example.org" }
  let password = "a password of \(ID.v7().description.prefix(8))"
}

extension World {
  func register(
    _ person: Person, email: String? = nil, username: String? = nil, password: String? = nil
  ) async throws -> Operations.Register.Output {
    let body = RegisterRequest(
      email: email ?? person.email, username: username ?? person.name, password: password ?? person.password)
    return try await service.auth.register(.init(body: body), context: context)
  }

  func registered(_ person: Person) async throws -> AuthResult {
    guard case .created(let result) = try await register(person) else { throw Unexpected() }
    return result
  }

  func refresh(_ token: String) async throws -> Operations.Refresh.Output {
    try await service.auth.refresh(.init(body: .init(refreshToken: token)), context: context)
  }

  /// The next refresh token.
  func refreshed(_ token: String) async throws -> String {
    guard case .ok(let tokens) = try await refresh(token) else { throw Unexpected() }
    return tokens.refreshToken
  }

  /// What a refresh is refused with; nil for one that is not.
  func refusal(_ token: String) async throws -> Operations.Refresh.Code? {
    guard case .refused(let refusal) = try await refresh(token) else { return nil }
    return refusal.code
  }
}
