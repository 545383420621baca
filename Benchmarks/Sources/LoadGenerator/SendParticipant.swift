import FoundationEssentials
import NIOCore

/// A member of a chat who writes into it.
public struct Sender: Sendable, Codable {
  /// The access token.
  public var token: String
  /// A chat that the token's user is a member of, and into which nobody else writes during the load.
  public var chatID: String

  enum CodingKeys: String, CodingKey {
    case token
    case chatID = "chat_id"
  }
}

/// A Socket.IO connection with one `send_message` in flight, each with its own `client_id`. Besides the
/// acknowledgement each message comes back as its chat's `new_message`, whose `seq` says whether one is missing.
final class SendParticipant: Participant, SocketListener {
  private unowned let loop: ClosedLoop
  private let connection: SocketConnection
  private let checkEvery: Int
  /// `["send_message",{…,"client_id":"`, to which only the id is added.
  private let opening: String
  private let content: String
  /// The number of the last event sent, which its acknowledgement carries.
  private var number = 0
  /// Acknowledgements in this window.
  private var answers = 0
  private var clientID = UUID()
  private var issuedAt: NIODeadline?
  private var isOpen = true
  /// Of the last event.
  private var seq: Int?

  init(loop: ClosedLoop, target: LoopbackAddress, sender: Sender, contentLength: Int, checkEvery: Int) {
    self.loop = loop
    self.checkEvery = checkEvery
    let words = "The quick brown fox jumps over the lazy dog while the band plays on. "
    content = String(String(repeating: words, count: contentLength / words.count + 1).prefix(contentLength))
    opening = "[\"send_message\",{\"chat_id\":\"\(sender.chatID)\",\"content\":\"\(content)\",\"client_id\":\""
    connection = SocketConnection(eventLoop: loop.eventLoop, target: target, token: sender.token)
    connection.listener = self
  }

  func connect() -> EventLoopFuture<Void> {
    connection.connect()
  }

  func begin() {
    answers = 0
    goOn(at: .now())
  }

  func end() {
    connection.close()
  }

  private func goOn(at now: NIODeadline) {
    guard isOpen else {
      loop.tally.fail(.closed)
      return loop.rest()
    }
    guard loop.mayIssue(at: now) else { return loop.rest() }
    issuedAt = now
    number += 1
    clientID = UUID()
    var packet = ByteBuffer()
    packet.writeString("42\(number)")
    packet.writeString(opening)
    packet.writeString(clientID.uuidString.lowercased())
    packet.writeString("\"}]")
    connection.send(packet)
  }

  func acknowledged(_ number: Int, arguments: ByteBuffer) {
    guard let issuedAt else { return }
    let now = NIODeadline.now()
    answers += 1
    if let failure = failure(of: number, arguments: arguments) {
      loop.tally.fail(failure)
    } else {
      loop.tally.octets += arguments.readableBytes
      loop.answered(issuedAt: issuedAt, at: now)
    }
    self.issuedAt = nil
    loop.wait(since: issuedAt) { self.goOn(at: .now()) }
  }

  private struct Answer: Decodable {
    struct Message: Decodable {
      var id: String
      var seq: Int
      var content: String
      // Taken as a text: UUID's decoding is slow, and the comparison wants the wire's spelling.
      var client_id: String
    }
    var ok: Bool
    var data: Message
  }

  private func failure(of number: Int, arguments: ByteBuffer) -> Failure? {
    guard number == self.number else { return .content }
    guard arguments.starts(with: "[{\"ok\":true") else { return .refused }
    guard (answers - 1) % checkEvery == 0 else { return nil }
    loop.tally.checked += 1
    let answers = try? JSONDecoder().decode([Answer].self, from: Data(arguments.readableBytesView))
    guard let answer = answers?.first, answer.ok, answer.data.content == content,
      answer.data.client_id == clientID.uuidString.lowercased()
    else { return .content }
    return nil
  }

  func received(event: ByteBuffer) {
    guard event.starts(with: "[\"new_message\","), let seq = event.integer(named: "seq") else { return }
    loop.tally.delivered += 1
    if let last = self.seq {
      if seq <= last {
        loop.tally.repeated += 1
        return
      }
      loop.tally.lost += seq - last - 1
    }
    self.seq = seq
  }

  func closed() {
    // A socket that the server cut is not opened again: the load would not be what was asked for.
    isOpen = false
    guard issuedAt != nil else { return }
    issuedAt = nil
    loop.tally.fail(.closed)
    loop.rest()
  }
}
