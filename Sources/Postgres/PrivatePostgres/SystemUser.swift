import Glibc

/// A user of the system.
struct SystemUser {
  let uid: uid_t
  let gid: gid_t

  /// Looks a user up by name.
  init?(named name: String) {
    self.init { getpwnam_r(name, $0, $1, $2, $3) }
  }

  /// Looks a user up by number.
  init?(uid: uid_t) {
    self.init { getpwuid_r(uid, $0, $1, $2, $3) }
  }

  private init?(
    _ lookUp: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    let status = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
      guard let start = buffer.baseAddress else { return ENOMEM }
      return lookUp(&entry, start, buffer.count, &found)
    }
    guard status == 0, found != nil else { return nil }
    uid = entry.pw_uid
    gid = entry.pw_gid
  }
}
