import EventLoopExecutor
import Foundation
import NIOCore
import SocketIO
import Synchronization

/// The events of Tests/SocketIO/README.md, on one namespace.
///
/// JSON is taken apart with Foundation: this server is for tests, where plain beats fast.
final class SuiteApplication: SocketIOApplication {
  private let server: SocketIOServer
  private let namespace: String
  private let isRecoverable: Bool
  /// Where questions are asked and their answers told, each in order.
  private let executor: LoopTaskExecutor
  /// What clients connected with that are about to be told so.
  private let auths = Mutex<[SocketID: Arguments]>([:])

  init(server: SocketIOServer, namespace: String, isRecoverable: Bool, executor: LoopTaskExecutor) {
    self.executor = executor
    self.server = server
    self.namespace = namespace
    self.isRecoverable = isRecoverable
  }

  // MARK: - Connecting

  func connect(_ request: ConnectRequest) async -> ConnectDecision {
    let auth = request.auth.readableBytes > 0 ? request.auth : ByteBuffer(string: "{}")
    if let fields = (try? JSONSerialization.jsonObject(with: Data(auth.readableBytesView))) as? [String: Any],
      let refusal = fields["refuse"] as? String
    {
      return .refuse(message: refusal, data: fields["data"].flatMap(Self.json))
    }
    let arguments = Arguments(ByteBuffer(string: "[" + String(buffer: auth) + "]"))
    self.auths.withLock { $0[request.recovery?.socket ?? request.socket] = arguments }
    return request.recovery == nil ? .accept(recoverable: self.isRecoverable) : .recover()
  }

  func connected(_ socket: SocketID) { self.tellAuth(socket) }

  func recovered(_ socket: SocketID) { self.tellAuth(socket) }

  private func tellAuth(_ socket: SocketID) {
    if let auth = self.auths.withLock({ $0.removeValue(forKey: socket) }) { self.emit("auth", auth, to: socket) }
  }

  func disconnected(_ socket: SocketID, reason: DisconnectReason) {
    self.auths.withLock { _ = $0.removeValue(forKey: socket) }
  }

  // MARK: - Events

  func receive(_ event: IncomingEvent, from socket: SocketID) async -> Arguments? {
    var values = (try? JSONSerialization.jsonObject(with: Data(event.arguments.json.readableBytesView))) as? [Any] ?? []
    if !values.isEmpty { values.removeFirst() }
    let rest = event.arguments.dropping(1)
    switch event.name {
    case "message":
      self.emit("message-back", rest, to: socket)
    case "message-with-ack":
      return rest
    case "ask":
      await self.ask(event.arguments.dropping(2), timeout: values.first as? Int64 ?? 0, socket)
    case "join", "leave":
      guard let room = values.first as? String else { break }
      if event.name == "join" { self.server.join(socket, room: room) } else { self.server.leave(socket, room: room) }
    case "to-room":
      guard let room = values.first as? String else { break }
      self.broadcast("room-message", event.arguments.dropping(2), to: [room], except: socket)
    case "put-out":
      guard let room = values.first as? String, let id = values.last as? String else { break }
      self.server.leave(BroadcastTarget(namespace: self.namespace, rooms: [id]), room: room)
    case "broadcast":
      self.broadcast("broadcast-message", rest, to: [], except: socket)
    case "flood":
      await self.flood(values, socket)
    case "disconnect-me":
      self.server.disconnect(socket, close: values.first as? Bool ?? false)
      return nil
    default: break
    }
    return Arguments(ByteBuffer(string: "[]"))
  }

  private func ask(_ arguments: Arguments, timeout: Int64, _ socket: SocketID) async {
    // Beside the events that follow, for its answer is among them.
    Task(executorPreference: self.executor) { [server] in
      do throws(RequestError) {
        let answer = try await server.request(
          arguments.named("question"), of: socket, timeout: .milliseconds(timeout))
        self.emit("answered", answer.prepending(#""answer""#), to: socket)
      } catch {
        self.emit("answered", Arguments(ByteBuffer(string: #"["timeout"]"#)), to: socket)
      }
    }
  }

  private func flood(_ values: [Any], _ socket: SocketID) async {
    guard values.count >= 3, let count = values[0] as? Int, let size = values[1] as? Int else { return }
    let text = String(repeating: "x", count: size)
    for number in 0..<count {
      // Calls take effect when the loop comes to them: without a pause they would all wait in its queue.
      if number % 16 == 0 { await Task.yield() }
      self.server.emit(
        Arguments(ByteBuffer(string: #"["flooded","\#(text)",\#(number)]"#)), to: socket, namespace: self.namespace,
        volatile: values[2] as? Bool ?? false)
    }
  }

  private func emit(_ name: String, _ arguments: Arguments, to socket: SocketID) {
    self.server.emit(arguments.named(name), to: socket, namespace: self.namespace)
  }

  private func broadcast(_ name: String, _ arguments: Arguments, to rooms: [String], except socket: SocketID) {
    self.server.broadcast(
      arguments.named(name), to: BroadcastTarget(namespace: self.namespace, rooms: rooms, exceptSocket: socket))
  }

  private static func json(_ value: Any) -> ByteBuffer? {
    (try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed])).map { ByteBuffer(bytes: $0) }
  }
}

extension Arguments {
  fileprivate func named(_ name: String) -> Arguments { self.prepending("\"\(name)\"") }

  /// With one value, as JSON, before all others.
  fileprivate func prepending(_ value: String) -> Arguments {
    var text = String(buffer: self.json)
    text.replaceSubrange(...(text.firstIndex(of: "[") ?? text.startIndex), with: "[" + value)
    let isAlone = text.dropFirst(value.count + 1).allSatisfy { $0.isWhitespace || $0 == "]" }
    if !isAlone { text.insert(",", at: text.index(text.startIndex, offsetBy: value.count + 1)) }
    return Arguments(ByteBuffer(string: text), attachments: self.attachments)
  }

  /// Without the first values, byte for byte: numbers and the order of names stay as the client wrote them.
  fileprivate func dropping(_ count: Int) -> Arguments {
    let bytes = Array(self.json.readableBytesView)
    var depth = 0
    var isText = false
    var commas = 0
    var index = 0
    while index < bytes.count, commas < count {
      switch (bytes[index], isText) {
      case (UInt8(ascii: "\\"), true): index += 1
      case (UInt8(ascii: "\""), _): isText.toggle()
      case (UInt8(ascii: "["), false), (UInt8(ascii: "{"), false): depth += 1
      case (UInt8(ascii: "]"), false), (UInt8(ascii: "}"), false): depth -= 1
      case (UInt8(ascii: ","), false) where depth == 1: commas += 1
      default: break
      }
      index += 1
    }
    let rest = commas == count ? bytes[index...] : bytes[bytes.count...]
    let json = rest.isEmpty ? "[]" : "[" + String(decoding: rest, as: UTF8.self)
    return Arguments(ByteBuffer(string: json), attachments: self.attachments)
  }
}
