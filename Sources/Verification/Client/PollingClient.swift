import JSONSchema
import NIOCore

/// Opens an Engine.IO session over HTTP long-polling: a GET waits for packets, a POST brings some.
enum PollingClient {
  /// Between the packets of one body (Engine.IO 4, HTTP long-polling).
  private static let separator: Character = "\u{1E}"

  /// - Parameter messages: gets every packet, and ends with the session.
  static func connect(
    _ address: ServerAddress, group: any EventLoopGroup, messages: AsyncStream<String>.Continuation
  ) async throws -> EngineIOTransport {
    let caller = HTTPCaller(address: address, group: group)
    let opening = try await packets(caller.call("GET", "/socket.io/?EIO=4&transport=polling"))
    guard let first = opening.first, first.hasPrefix("0"),
      let id = try JSONValue(parsing: first.utf8.dropFirst())["sid"]?.text,
      // It becomes part of a request's first line.
      id.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "#") })
    else { throw ClientError("the server opens no session by polling at /socket.io/") }
    let target = "/socket.io/?EIO=4&transport=polling&sid=\(id)"
    for packet in opening { messages.yield(packet) }
    let (outgoing, queue) = AsyncStream.makeStream(of: String.self)
    let reading = Task {
      defer { messages.finish() }
      while !Task.isCancelled {
        for packet in try await packets(caller.call("GET", target)) { messages.yield(packet) }
      }
    }
    let writing = Task {
      // A request that fails ends the session, which the reading side finds out.
      for await packet in outgoing {
        let answer = try await caller.call(
          "POST", target, fields: [("Content-Type", "text/plain;charset=UTF-8")], body: Array(packet.utf8))
        guard answer.status == 200 else { break }
      }
      reading.cancel()
    }
    return EngineIOTransport(eventLoop: group.next()) { packet in
      queue.yield(packet)
    } close: {
      // A close packet ends the session, and with it the GET that waits.
      queue.yield("1")
      queue.finish()
      _ = try? await writing.value
      _ = try? await reading.value
    }
  }

  private static func packets(_ answer: HTTPAnswer) throws -> [String] {
    guard answer.status == 200 else { throw ClientError("polling is answered with \(answer.status)") }
    return String(decoding: answer.body, as: UTF8.self).split(separator: separator).map(String.init)
  }
}
