/// What may not be as it looks because of an error elsewhere. Nothing that follows from it is told: one cause has one
/// error, and the next run finds what it hid.
extension Lowerer {
  /// What a part of the lowering returns, and whether it had errors, also ones that were told before.
  mutating func certainly<Result>(_ body: (inout Lowerer) -> Result) -> (result: Result, isCertain: Bool) {
    let before = doubts
    let result = body(&self)
    return (result, doubts == before)
  }

  /// Whether the schema that a type names has errors, so that what it lacks is no mistake of whoever refers to it.
  func isDoubtful(_ type: TypeReference) -> Bool {
    var type = type
    // An alias of an alias has its bound where it is resolved.
    for _ in 0...ReferenceResolver.chainLimit {
      switch type {
      case .nullable(let inner): type = inner
      case .named(let name):
        guard !doubtfulSchemas.contains(name), let declaration = declarations[name] else { return true }
        guard case .alias(let target) = declaration.shape else { return false }
        type = target
      default: return false
      }
    }
    return false
  }
}
