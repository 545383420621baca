import Contract
import JSONSchema

/// How a verifier becomes somebody: by registering as a story begins, or by an account that was prepared.
struct Entrance {
  let door: RESTDoor
  let stories: [Story]
  /// What signs in, as the body of the operation that does; empty where whoever comes may register.
  let accounts: [JSONValue]

  /// An access token.
  ///
  /// - Parameter first: of the accounts, so many are passed over.
  /// - Throws: `ClientError` where there is no way in.
  func token(after first: Int = 0) async throws -> String {
    accounts.isEmpty ? try await signUp() : try await signIn(accounts.dropFirst(first))
  }

  /// The first step of a story that gives a token, with other names.
  private func signUp() async throws -> String {
    for story in stories {
      for step in story.steps {
        guard case .call(let operation, let body?) = step.kind, step.number == 1 else { continue }
        var literals = Literals(Newcomers.names(in: story))
        if let token = try await token(operation, literals.substitute(body)) { return token }
      }
    }
    throw ClientError("no story begins with what gives an access_token")
  }

  /// By the operation that takes the account as its body, and whose examples answer with a token.
  private func signIn(_ accounts: ArraySlice<JSONValue>) async throws -> String {
    var contract = door.contract
    for account in accounts {
      for operation in contract.operations {
        guard let body = operation.body, givesToken(operation),
          try contract.findings(in: account, by: body.place).isEmpty
        else { continue }
        if let token = try await token(operation, account) { return token }
      }
    }
    throw ClientError("no account signs in")
  }

  private func givesToken(_ operation: Operation) -> Bool {
    operation.answers.values.contains { answer in
      answer.examples.contains { $0.value["value"]?["access_token"] != nil }
    }
  }

  private func token(_ operation: Operation, _ body: JSONValue) async throws -> String? {
    let answer = try await door.call(operation, parameters: .object(.empty), token: nil, body: body.encoded)
    if answer.status == 429 { throw Limited() }
    return answer.value?["access_token"]?.text
  }
}
