import Glibc

/// A TCP client that says exactly what it is told, and reads until it has seen enough. Blocking, with a limit of 30 s.
final class RawClient {
  struct Failure: Error {
    let call: String
    let number: CInt
  }

  private let descriptor: CInt
  private var buffer: [UInt8] = []

  /// - Parameter receiveBuffer: bytes that the kernel may hold for this client; nil for as many as it likes.
  init(port: Int, receiveBuffer: CInt? = nil) throws {
    // A program that another test starts gets no copy of it: a copy would keep the connection open.
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(call: "socket", number: errno) }
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }
    // What is sent goes at once, also while the server has not acknowledged what came before.
    var isOn: CInt = 1
    setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<CInt>.size))
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let connected = withUnsafeBytes(of: &address) { bytes in
      connect(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard connected == 0 else { throw Failure(call: "connect", number: errno) }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(call: "send", number: errno) }
      offset += count
    }
  }

  /// Sends the text again and again until nothing can be sent for `patience` milliseconds, and says how many bytes went.
  func sendUntilBlocked(_ text: String, atMost cap: Int, patience: CInt) throws -> Int {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < cap {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&ready, 1, patience) > 0 else { return sent }
      let offset = sent % bytes.count
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
      }
      guard count > 0 else { throw Failure(call: "send", number: errno) }
      sent += count
    }
    return sent
  }

  /// Reads until the end, `rate` bytes in each `pause` of milliseconds: a slow, steady reader.
  ///
  /// - Returns: how many bytes came.
  func readSlowly(rate: Int, pause: CInt) throws -> Int {
    var chunk = [UInt8](repeating: 0, count: rate)
    var count = buffer.count
    while true {
      let received = recv(descriptor, &chunk, chunk.count, 0)
      guard received >= 0 else { throw Failure(call: "recv", number: errno) }
      if received == 0 { return count }
      count += received
      poll(nil, 0, pause)
    }
  }

  /// Sends no more, but still reads.
  func finishSending() { shutdown(descriptor, CInt(SHUT_WR)) }

  struct Answer {
    var status: Int
    /// Names in lower case.
    var fields: [String: String]
    var body: String
  }

  /// Reads one answer.
  ///
  /// - Parameter hasBody: false for the answer to HEAD.
  func answer(hasBody: Bool = true) throws -> Answer {
    let (status, fields) = try head()
    if hasBody, fields["transfer-encoding"] == "chunked" {
      return Answer(status: status, fields: fields, body: try restOfChunks())
    }
    let length = hasBody && status >= 200 ? Int(fields["content-length"] ?? "0") ?? 0 : 0
    while buffer.count < length {
      guard try receive() else { throw Failure(call: "closed within a body", number: 0) }
    }
    let body = String(decoding: buffer[..<length], as: UTF8.self)
    buffer.removeFirst(length)
    return Answer(status: status, fields: fields, body: body)
  }

  /// Reads a body in chunks (RFC 9112 §7.1), without trailers.
  func restOfChunks() throws -> String {
    var body: [UInt8] = []
    while true {
      var lineEnd: Int?
      while true {
        lineEnd = buffer.firstIndex(of: UInt8(ascii: "\r"))
        if let lineEnd, buffer.count > lineEnd + 1 { break }
        guard try receive() else { throw Failure(call: "closed within a chunk's size", number: 0) }
      }
      guard let lineEnd, let size = Int(String(decoding: buffer[..<lineEnd], as: UTF8.self), radix: 16) else {
        throw Failure(call: "no chunk", number: 0)
      }
      while buffer.count < lineEnd + 2 + size + 2 {
        guard try receive() else { throw Failure(call: "closed within a chunk", number: 0) }
      }
      body += buffer[lineEnd + 2..<lineEnd + 2 + size]
      buffer.removeFirst(lineEnd + 2 + size + 2)
      if size == 0 { return String(decoding: body, as: UTF8.self) }
    }
  }

  /// Reads until the server ends the connection.
  func rest() throws -> String {
    while try receive() {}
    defer { buffer.removeAll() }
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Reads the head of an answer.
  func head() throws -> (status: Int, fields: [String: String]) {
    let end = Array("\r\n\r\n".utf8)
    var headEnd: Int?
    repeat {
      headEnd = buffer.indices.first { buffer[$0...].starts(with: end) }
      if headEnd == nil, try !receive() { throw Failure(call: "closed within a head", number: 0) }
    } while headEnd == nil
    guard let headEnd else { throw Failure(call: "no head", number: 0) }
    let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    buffer.removeFirst(headEnd + 4)
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      let name = parts[0].lowercased()
      let value = String(parts.count > 1 ? parts[1].drop { $0 == " " } : "")
      fields[name] = fields[name].map { $0 + ", " + value } ?? value
    }
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    return (status, fields)
  }

  /// Whether the server ends the connection, and says nothing more before it.
  func isClosed() throws -> Bool {
    guard buffer.isEmpty else { return false }
    return try !receive()
  }

  private func receive() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count >= 0 else { throw Failure(call: "recv", number: errno) }
    buffer += chunk[..<count]
    return count > 0
  }
}
