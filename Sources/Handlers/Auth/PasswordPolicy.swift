/// Which passwords an account may have. NIST SP 800-63B §5.1.1.2: a length, a list of those that everybody tries
/// first, and no rules of composition.
enum PasswordPolicy {
  /// bcrypt reads 72 bytes and ignores what follows, so a longer one is refused rather than cut.
  static let bytes = 8...72

  enum Verdict: Equatable {
    case acceptable
    case tooShort
    case tooLong
    case common
  }

  static func judge(_ password: String) -> Verdict {
    let length = password.utf8.count
    if length < bytes.lowerBound { return .tooShort }
    if length > bytes.upperBound { return .tooLong }
    return commonPasswords.contains(password.lowercased()) ? .common : .acceptable
  }
}
