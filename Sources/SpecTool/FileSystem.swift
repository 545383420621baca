import Glibc

/// A file or folder that can't be read or written.
struct FileError: Error, Equatable {
  let path: String
  /// In the system's words: `Permission denied`.
  let reason: String

  init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// What the last call of the system failed with.
  init(_ path: String) {
    self.path = path
    reason = String(cString: strerror(errno))
  }
}

/// What the tool needs of files.
enum FileSystem {
  /// - Parameter limit: no more bytes are read, whatever the file is: it may be a device without an end.
  static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileError(path) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = Glibc.read(file, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  /// `spec/` of `spec/openapi.yaml`, empty for the current one.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// The files of a folder and of those below, with the path of the folder before theirs, in order. What has a name that
  /// begins with a point is left out.
  ///
  /// A symbolic link to a file of the folder is a file; one that leads out of it, or to a folder, is an error.
  /// - Parameters:
  ///   - folder: with the slash behind it; empty for the current one.
  ///   - limit: no more are named.
  static func files(below folder: String, suffix: String, limit: Int) throws(FileError) -> [String] {
    let root = try resolved(folder)
    var files: [String] = []
    var pending = [folder]
    while let folder = pending.popLast(), files.count < limit {
      for name in try names(in: folder) where !name.hasPrefix(".") {
        let path = folder + name
        var status = stat()
        guard lstat(path, &status) == 0 else { throw FileError(path) }
        let kind = status.st_mode & S_IFMT
        let isLink = kind == S_IFLNK
        if kind == S_IFDIR {
          pending.append(path + "/")
        } else if name.hasSuffix(suffix) || isLink {
          if isLink { try check(link: path, within: root, &status) }
          if name.hasSuffix(suffix), status.st_mode & S_IFMT == S_IFREG { files.append(path) }
        }
        if files.count == limit { break }
      }
    }
    return files.sorted()
  }

  private static func check(link path: String, within root: String, _ status: inout stat) throws(FileError) {
    guard try resolved(path).hasPrefix(root + "/") else {
      throw FileError(path, "this symbolic link leads out of the specs' folder")
    }
    guard stat(path, &status) == 0 else { throw FileError(path) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path, "this symbolic link leads to a folder") }
  }

  private static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { throw FileError(folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }

  /// The absolute path without links; of the current folder for an empty one.
  static func resolved(_ path: String) throws(FileError) -> String {
    guard let resolved = realpath(path.isEmpty ? "." : path, nil) else { throw FileError(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Leaves a file with these contents alone, so that nothing that depends on it is built again. A change is written
  /// beside it and renamed, so that no half a file is ever compiled.
  static func writeIfChanged(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    if let existing = try? read(path, limit: bytes.count + 1), existing == bytes { return }
    try createFolder(of: path)
    let new = "\(path).\(getpid())"
    let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileError(path) }
    let isWritten = bytes.withUnsafeBytes { write($0, to: file) }
    guard isWritten, close(file) == 0, rename(new, path) == 0 else {
      let error = FileError(path)
      unlink(new)
      throw error
    }
  }

  private static func createFolder(of path: String) throws(FileError) {
    var end = path.startIndex
    while let slash = path[end...].firstIndex(of: "/") {
      end = path.index(after: slash)
      let folder = String(path[..<slash])
      if !folder.isEmpty, mkdir(folder, 0o755) != 0, errno != EEXIST { throw FileError(folder) }
    }
  }

  /// A line on standard error: the FILE `stderr` of C is a global variable, which Swift 6 refuses.
  static func printError(_ line: String) {
    var text = line + "\n"
    _ = text.withUTF8 { write(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to file: CInt) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(file, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }
}
