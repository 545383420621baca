import NIOCore

/// What nodes say to each other when a client goes from one to another. The original has nothing of the kind, so it has
/// channels of its own: `PREFIX-handover#NODE#`.
///
/// MessagePack: of a claim `{asker, id, nsp, pid, offset}`; of the answer `{id}`, with `{sid, rooms, missed, known, state}` if
/// there is something to hand over, where `missed` has `[rooms, event, attachments]`, with what the
/// event is about as the fourth if that matters, and `known` `[stream, number]` for each; the event is JSON in a string.
public struct HandoverFormat: Sendable, Hashable {
  private let prefix: String
  private let limits: ClusterLimits

  public init(prefix: String = "socket.io", limits: ClusterLimits = ClusterLimits()) {
    self.prefix = prefix
    self.limits = limits
  }

  /// Where the node of this name is asked, and answered.
  public func channel(of node: String) -> String { "\(prefix)-handover#\(node)#" }

  public func payload(of message: HandoverMessage) throws(ClusterError) -> ByteBuffer {
    switch message {
    case .claim(let claim):
      return try Envelope.object([
        ("asker", .string(claim.asker)), ("id", .string(claim.id)), ("nsp", .string(claim.namespace)),
        ("pid", .string(claim.privateID)), ("offset", .string(claim.offset)),
      ]).messagePack()
    case .answer(let id, let contents):
      guard let contents else { return try Envelope.object([("id", .string(id))]).messagePack() }
      return try Envelope.object([
        ("id", .string(id)), ("sid", .string(contents.sid)), ("rooms", .strings(contents.rooms)),
        ("missed", .array(contents.missed.map(Envelope.missed))),
        ("known", .array(contents.known.map(Envelope.position))),
        ("state", .value(ClusterValue(binary: contents.state))),
      ]).messagePack()
    }
  }

  public func message(_ payload: ByteBuffer) throws(ClusterError) -> HandoverMessage {
    let names: Set = ["asker", "id", "nsp", "pid", "offset", "sid", "rooms", "missed", "known", "state"]
    let node = JSONNode(wellFormed: try MessagePackReader.value(payload, limits: limits))
    guard let members = node.members(names) else { throw .malformed("a handover is no object") }
    let id = try members.text("id")
    guard members["asker"] == nil else {
      return .claim(
        HandoverMessage.Claim(
          asker: try members.text("asker"), id: id, namespace: try members.text("nsp"),
          privateID: try members.text("pid"), offset: try members.text("offset")))
    }
    guard let rooms = members["rooms"] else { return .answer(id: id, nil) }
    var contents = HandoverMessage.Contents(
      sid: try members.text("sid"), rooms: try rooms.texts("rooms"), state: try members.node("state").binary("state"))
    for packet in try members.node("missed").elements() ?? [] {
      guard let parts = try packet.elements(), 3...4 ~= parts.count, let json = parts[1].string else {
        throw .malformed("a missed packet is not rooms, an event and attachments")
      }
      var event = ClusterValue(json: json)
      for part in try parts[2].elements() ?? [] { event.attachments.append(try part.binary("an attachment")) }
      let subject = parts.count == 4 ? parts[3].string : nil
      contents.missed.append(HandoverMessage.Missed(rooms: try parts[0].texts("rooms"), event: event, subject: subject))
    }
    for position in try members.node("known").elements() ?? [] { contents.known.append(try position.position()) }
    return .answer(id: id, contents)
  }
}

/// See ``HandoverFormat``.
public enum HandoverMessage: Sendable {
  public struct Claim: Sendable {
    /// Whose channel the answer goes to.
    public var asker: String
    public var id: String
    public var namespace: String
    public var privateID: String
    public var offset: String

    public init(asker: String, id: String, namespace: String, privateID: String, offset: String) {
      self.asker = asker
      self.id = id
      self.namespace = namespace
      self.privateID = privateID
      self.offset = offset
    }
  }

  public struct Contents: Sendable {
    public var sid: String
    public var rooms: [String]
    public var missed: [Missed] = []
    public var known: [BroadcastPosition] = []
    public var state: ByteBuffer

    public init(sid: String, rooms: [String], state: ByteBuffer) {
      self.sid = sid
      self.rooms = rooms
      self.state = state
    }
  }

  /// What a client has not got.
  public struct Missed: Sendable {
    public var rooms: [String]
    public var event: ClusterValue
    /// What it is about.
    public var subject: String?

    public init(rooms: [String], event: ClusterValue, subject: String? = nil) {
      self.rooms = rooms
      self.event = event
      self.subject = subject
    }
  }

  case claim(Claim)
  case answer(id: String, Contents?)
}

extension Envelope {
  fileprivate static func missed(_ missed: HandoverMessage.Missed) -> Envelope {
    .array(
      [
        .strings(missed.rooms), .string(String(buffer: missed.event.json)),
        .array(missed.event.attachments.map { .value(ClusterValue(binary: $0)) }),
      ] + (missed.subject.map { [.string($0)] } ?? []))
  }
}

extension ClusterValue {
  fileprivate init(binary: ByteBuffer) {
    self.init(json: #"{"_placeholder":true,"num":0}"#, attachments: [binary])
  }
}

extension JSONNode {
  fileprivate func binary(_ what: String) throws(ClusterError) -> ByteBuffer {
    guard let number = members(["num"])?["num"]?.integer, value.attachments.indices.contains(number) else {
      throw .malformed("\(what) is no binary")
    }
    return value.attachments[number]
  }
}
