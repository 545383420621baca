/// Which passwords an account may have. NIST SP 800-63B §5.1.1.2: a length, a list of those that everybody tries first,
/// and no rules of composition. All of it is judged, and the hash is made, of the password's normal form (RFC 8265).
enum PasswordPolicy {
  /// In UTF-8. bcrypt reads 72 bytes and ignores what follows, so a longer one is refused rather than cut.
  static let minBytes = 8
  static let maxBytes = 72

  enum Verdict: Equatable {
    /// To be hashed in this form.
    case acceptable(String)
    case tooShort
    case tooLong
    /// It has a control character or another one that no password has.
    case unprintable
    case common
  }

  static func judge(_ password: String) -> Verdict {
    guard let normal = OpaqueString.enforced(password) else { return .unprintable }
    if normal.utf8.count < minBytes { return .tooShort }
    if normal.utf8.count > maxBytes { return .tooLong }
    return commonPasswords.contains(normal.lowercased()) ? .common : .acceptable(normal)
  }

  /// What a hash may have been made of: the normal form, and the password as it was given, of which the hashes were made
  /// before there was one.
  static func forms(of password: String) -> [String] {
    var forms: [String] = []
    for form in [OpaqueString.enforced(password), password].compactMap({ $0 })
    where form.utf8.count <= maxBytes && !forms.contains(where: { $0.utf8.elementsEqual(form.utf8) }) {
      forms.append(form)
    }
    return forms
  }
}
