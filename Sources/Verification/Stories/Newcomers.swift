import JSONSchema

/// Names for the persons of a story who register in it: on a server that is not fresh, those of the documents may exist.
enum Newcomers {
  /// What the usernames and email addresses of a story stand for: the same with a word behind that nobody had before.
  static func names(in story: Story) -> [String: String] {
    let salt = String(UInt32.random(in: .min ... .max), radix: 36)
    var names: [String: String] = [:]
    for step in story.steps {
      guard case .call(_, let body?) = step.kind, let username = body["username"]?.text, let email = body["email"]?.text
      else { continue }
      names[username] = String("\(username).\(salt)".prefix(32))
      let parts = email.split(separator: "@", maxSplits: 1)
      if parts.count == 2 { names[email] = "\(parts[0]).\(salt)@\(parts[1])" }
    }
    // A search for how a name begins is then one for the whole new name: older ones begin in the same way.
    for step in story.steps {
      for text in (step.parameters.object?.members ?? []).compactMap(\.value.text) where names[text] == nil {
        if let whole = names.keys.filter({ $0.hasPrefix(text) }).min() { names[text] = names[whole] }
      }
    }
    return names
  }

  /// What registers one person more, whose name begins like that of the one before.
  static func another(_ body: JSONValue, number: Int) -> JSONValue {
    guard let username = body["username"]?.text, let email = body["email"]?.text else { return body }
    return body.with("username", .string(JSONText("\(username)\(number)")))
      .with("email", .string(JSONText("\(number)\(email)")))
  }
}
