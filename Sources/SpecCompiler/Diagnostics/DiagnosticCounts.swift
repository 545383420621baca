/// How many errors and warnings there are; notes belong to them and are not counted.
struct DiagnosticCounts {
  let errors: Int
  let warnings: Int

  init(_ diagnostics: [Diagnostic]) {
    errors = diagnostics.count { $0.severity == .error }
    warnings = diagnostics.count { $0.severity == .warning }
  }
}
