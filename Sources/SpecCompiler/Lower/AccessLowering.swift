extension Lowerer {
  /// - Parameter areAllKnown: false if some of the subjects have errors, so that one of them could be meant.
  /// `x-access`; nil after an error. A missing one is reported by the check of required keys in openapi.yaml.
  mutating func lowerAccess(
    _ node: Node, subjects: [(name: String, type: TypeReference, isRequired: Bool)], areAllKnown: Bool,
    what: String
  ) -> Access? {
    guard let access = node["x-access"] else { return nil }
    switch access.content {
    case .string("public"): return .everyone
    case .string("user"): return .user
    case .mapping(let entries) where entries.count == 1:
      return lowerPolicy(entries[0], subjects: subjects, areAllKnown: areAllKnown, what: what)
    default:
      error(access, "'x-access' is public, user or {policy: \(what)}")
      return nil
    }
  }

  private mutating func lowerPolicy(
    _ entry: Node.Entry, subjects: [(name: String, type: TypeReference, isRequired: Bool)], areAllKnown: Bool,
    what: String
  ) -> Access? {
    guard IdentifierCheck.isKebabCase(entry.key) else {
      errorAtKey(entry.value, "a policy's name is in kebab-case")
      return nil
    }
    guard let parameter = entry.value.string else {
      error(entry.value, "a policy looks at a \(what), not at \(entry.value.kind)")
      return nil
    }
    guard let subject = subjects.first(where: { $0.name == parameter }) else {
      guard areAllKnown else { return nil }
      error(
        entry.value, "there is no \(what) '\(parameter)'", .invalidAccess,
        suggestion: diagnostics.suggestion(for: parameter, among: subjects.lazy.map(\.name)))
      return nil
    }
    guard subject.isRequired else {
      error(entry.value, "the \(what) '\(parameter)' can be left out, so \(entry.key) has nothing to look at")
      return nil
    }
    if case .const = expand(subject.type) {
      error(entry.value, "the \(what) '\(parameter)' is always the same, so \(entry.key) has nothing to look at")
      return nil
    }
    register(AccessPolicy(name: entry.key, subject: expand(subject.type)), at: entry.value)
    return .policy(name: entry.key, parameter: parameter)
  }

  /// A policy is one method, so its subject has the same type wherever it is named.
  private mutating func register(_ policy: AccessPolicy, at node: Node) {
    guard let known = policyPlaces[policy.name].map({ policies[$0] }) else {
      if let other = policyNames.updateValue(policy.name, forKey: SwiftName.bare(policy.name, .policy)) {
        error(node, "'\(policy.name)' and '\(other)' become the same Swift name", .nameClash)
      }
      policyPlaces[policy.name] = policies.count
      policies.append((policy, node))
      return
    }
    if known.policy.subject != policy.subject {
      error(
        node,
        "\(policy.name) looks at \(describe(policy.subject)) here, but elsewhere at \(describe(known.policy.subject))")
      note(known.node, "\(policy.name) is here first")
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidAccess) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidAccess) }
}
