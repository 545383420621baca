/// Which passwords an account may have. NIST SP 800-63B §5.1.1.2: a length (the spec has its lower bound), a list of
/// those that everybody tries first, and no rules of composition.
enum PasswordPolicy {
  /// bcrypt reads 72 bytes and ignores what follows, so a longer one is refused rather than cut.
  static let maxBytes = 72

  enum Verdict: Equatable {
    case acceptable
    case tooLong
    case common
  }

  static func judge(_ password: String) -> Verdict {
    if password.utf8.count > maxBytes { return .tooLong }
    return commonPasswords.contains(password.lowercased()) ? .common : .acceptable
  }
}
