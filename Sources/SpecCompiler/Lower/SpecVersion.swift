/// Which versions of the standards are read: patches of a version say the same in other words.
enum SpecVersion {
  /// Of our own specs. Those of others are converted to it.
  static func isOpenAPI(_ text: String) -> Bool { text.wholeMatch(of: #/3\.1\.[0-9]+/#) != nil }

  static func isAsyncAPI(_ text: String) -> Bool { text.wholeMatch(of: #/3\.[01]\.[0-9]+/#) != nil }
}
