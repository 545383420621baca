import Glibc

/// A file or folder that can't be read or written.
struct FileError: Error, Equatable {
  let path: String
  /// In the system's words: `Permission denied`.
  let reason: String

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
