import NIOCore
import Testing

@testable import SocketIO

/// Plays a transcript of Socket.IO packets against the two sessions, without a network.
///
/// Each line is one step: `> ` a client's Engine.IO packet; `< ` a packet of the server, in order; `! ` what happened to
/// the application or the session (`connect {…}`, `event name payload`, `disconnected`, `close reason`, `error code`);
/// `> b ` is a binary message. `@ ` what the test's application or clock does (`accept`, `refuse message [data]`, `ping`, `pong`, `pong heard`).
struct Transcript {
  private var engine = EngineIOSession()
  private var session = SocketIOSession(maxAttachmentBytes: 100)
  private var happened: [String] = []
  private var sockets: UInt32 = 0
  private var namespaces: [SocketID: String] = [:]

  static func play(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    var transcript = Transcript()
    for line in text.split(separator: "\n") {
      let step = String(line)
      switch step.prefix(2) {
      case "> ": transcript.receive(String(step.dropFirst(2)))
      case "@ ": transcript.act(String(step.dropFirst(2)))
      default:
        let next = transcript.happened.isEmpty ? "(nothing)" : transcript.happened.removeFirst()
        #expect(next == step, sourceLocation: sourceLocation)
      }
    }
    #expect(transcript.happened == [], sourceLocation: sourceLocation)
  }

  private mutating func receive(_ packet: String) {
    do {
      let decoded =
        try packet.hasPrefix("b ")
        ? EngineIOPacket(binary: ByteBuffer(string: String(packet.dropFirst(2))))
        : EngineIOPacket(decoding: ByteBuffer(string: packet))
      try self.perform(self.engine.receive(decoded))
    } catch {
      self.happened.append("! error \(error.code.rawValue)")
      self.session.close()
    }
  }

  private mutating func act(_ action: String) {
    let words = action.split(separator: " ", maxSplits: 2).map(String.init)
    let socket = self.session.sockets.last ?? SocketID(rawValue: 0)
    let namespace = self.namespaces[socket] ?? "/"
    switch words[0] {
    case "accept":
      self.sent(self.session.accept(socket) ? .connected(namespace: namespace, sid: "SID") : nil)
    case "refuse":
      let data = words.count > 2 ? ByteBuffer(string: words[2]) : nil
      self.sent(
        self.session.refuse(socket) ? .connectError(namespace: namespace, message: words[1], data: data) : nil)
    case "end": self.session.end(socket)
    case "ping": try? self.perform(self.engine.pingIsDue())
    default: try? self.perform(self.engine.pongIsDue(mayLive: words.count > 1))
    }
  }

  private mutating func sent(_ packet: SocketIOPacket?) {
    guard let packet else { return self.happened.append("! too late") }
    self.happened.append("< 4" + packet.header + String(buffer: packet.payload))
  }

  private mutating func perform(_ output: EngineIOSession.Output) throws(PacketError) {
    switch output {
    case .nothing: break
    case .message(let message):
      var count = self.sockets
      let output = try self.session.receive(message) {
        $0 == "/" || $0 == "/custom"
      } makeSocket: {
        count += 1
        return SocketID(loop: 0, slot: 0, count: count)
      }
      self.sockets = count
      self.perform(output)
    case .ping: self.happened.append("< 2")
    case .alive: self.happened.append("! alive")
    case .waitAgain: self.happened.append("! wait again")
    case .close(let reason): self.happened.append("! close \(reason.rawValue)")
    }
  }

  private mutating func perform(_ output: SocketIOSession.Output) {
    switch output {
    case .nothing: break
    case .connect(let socket, let namespace, let auth):
      self.namespaces[socket] = namespace
      let place = namespace == "/" ? "" : namespace + " "
      self.happened.append("! connect \(place)" + String(buffer: auth))
    case .event(let event, _, let id):
      let id = id.map { " #\($0)" } ?? ""
      let attachments = event.arguments.attachments.map { " [\(String(buffer: $0))]" }.joined()
      self.happened.append("! event \(event.name)\(id) " + String(buffer: event.payload) + attachments)
    case .acknowledged(_, let id, let arguments):
      self.happened.append("! acknowledged #\(id) " + String(buffer: arguments.json))
    case .send(let packet): self.sent(packet)
    case .disconnected(let socket):
      self.session.end(socket)
      self.happened.append("! disconnected")
    }
  }
}
