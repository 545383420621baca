/// What the documents say of security is what the generated code does: who may is said by `x-access`, and whoever is not
/// everybody comes with a bearer token (RFC 6750). Other tools know only `security`, so the two must agree.
extension Lowerer {
  /// The scheme of a components object. What it says of tokens beside that is for readers.
  mutating func checkSecurityScheme(_ scheme: Node) {
    guard check(scheme, .securityScheme), profile.isOwn else { return }
    for key in ["description", "bearerFormat"] { _ = string(key, of: scheme) }
    guard let type = string("type", of: scheme), let place = scheme["type"] else { return }
    guard type == "http" else {
      return securityError(place, "only access tokens are enforced: 'type: http' with 'scheme: bearer', not '\(type)'")
    }
    for key in ["name", "in"] {
      if let place = scheme[key] { securityErrorAtKey(place, "an http scheme has no '\(key)'") }
    }
    guard let name = scheme["scheme"] else {
      return securityErrorAtKey(scheme, "an http scheme says 'scheme: bearer'")
    }
    if string("scheme", of: scheme)?.lowercased() != "bearer" {
      securityError(name, "only access tokens are enforced: 'scheme: bearer'")
    }
  }

  /// The requirements of an operation, or those of all operations where it has none.
  mutating func checkSecurity(ofOperation node: Node, access: Access?) {
    guard profile.isOwn, let access else { return }
    let own = node["security"]
    guard let security = own ?? resolver.openapi.root["security"] else {
      if profile.security, access != .everyone {
        securityErrorAtKey(
          node["x-access"] ?? node, "who comes without a token is refused, and other tools don't know: add 'security'")
      }
      return
    }
    let place = own ?? node["x-access"] ?? node
    let requirements = security.items
    if access == .everyone {
      if !requirements.isEmpty {
        securityErrorAtKey(place, "x-access is public, so no token is looked at: write 'security: []'")
      }
      return
    }
    guard requirements.count == 1, requirements[0].entries.count == 1 else {
      return securityErrorAtKey(
        place, "exactly one access token is looked at, so 'security' has one requirement of one scheme")
    }
  }

  /// Of the document or an operation: they name schemes under `components`, and no scopes, which tokens here don't have.
  mutating func checkSecurity(_ node: Node) {
    let schemes = resolver.openapi.root["components"]?["securitySchemes"]
    for requirement in items("security", of: node) {
      if !requirement.isMapping {
        error(requirement, "a security requirement is a mapping, not \(requirement.kind)", .wrongType)
      }
      for entry in requirement.entries {
        if schemes?[entry.key] == nil {
          errorAtKey(
            entry.value, "there is no security scheme '\(entry.key)'", .unknownSecurityScheme,
            suggestion: diagnostics.suggestion(for: entry.key, among: (schemes?.entries ?? []).lazy.map(\.key)))
        } else if profile.isOwn, case .sequence(let scopes) = entry.value.content, let scope = scopes.first {
          securityError(scope, "scopes are not looked at; say who may in x-access")
        }
      }
    }
  }

  private mutating func securityError(_ node: Node, _ message: String) { error(node, message, .invalidSecurity) }

  private mutating func securityErrorAtKey(_ node: Node, _ message: String) {
    errorAtKey(node, message, .invalidSecurity)
  }
}
