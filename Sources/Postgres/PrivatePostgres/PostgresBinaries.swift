import Glibc

/// Where PostgreSQL's server programs are.
struct PostgresBinaries {
  let initdb: String
  let postgres: String

  private init(_ directory: String) {
    initdb = directory + "/initdb"
    postgres = directory + "/postgres"
  }

  private var areThere: Bool { access(initdb, X_OK) == 0 && access(postgres, X_OK) == 0 }

  /// Finds them: in the configured directory, or where Debian puts them, or in PATH. A folder that exists needs the
  /// major version that made it.
  static func find(_ configured: String?, version: String?) throws(PostgresError) -> PostgresBinaries {
    if let configured {
      let binaries = PostgresBinaries(configured)
      guard binaries.areThere else {
        throw PostgresError(.privatePostgres, "initdb and postgres are not in \(configured)")
      }
      return binaries
    }
    let installed = debianVersions()
    if let chosen = version.map({ Int($0) }) ?? installed.max(), installed.contains(chosen) {
      return PostgresBinaries("/usr/lib/postgresql/\(chosen)/bin")
    }
    // Elsewhere than on Debian there is one version, and PostgreSQL itself says if it is not the folder's.
    if installed.isEmpty, let path = getenv("PATH").map({ String(cString: $0) }) {
      for directory in path.split(separator: ":") {
        let binaries = PostgresBinaries(String(directory))
        if binaries.areThere { return binaries }
      }
    }
    let package = version.map { "postgresql-\($0)" } ?? "postgresql"
    throw PostgresError(
      .privatePostgres,
      "PostgreSQL\(version.map { " \($0)" } ?? "") is not installed: apt-get install \(package), or set DATABASE_URL")
  }

  private static func debianVersions() -> [Int] {
    guard let directory = opendir("/usr/lib/postgresql") else { return [] }
    defer { closedir(directory) }
    var versions: [Int] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let version = Int(name), PostgresBinaries("/usr/lib/postgresql/\(name)/bin").areThere {
        versions.append(version)
      }
    }
    return versions
  }
}
