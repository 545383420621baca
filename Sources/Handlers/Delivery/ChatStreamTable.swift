import ProtocolRuntime

/// The streams of a shard, by chat.
struct ChatStreamTable {
  private var numbers = UUIDNumbers()
  /// By the chat's number.
  private var streams: [ChatStream?] = []

  /// The chats.
  var keys: [UUID] { numbers.all }

  subscript(chat: UUID) -> ChatStream? {
    get { numbers.number(of: chat).flatMap { streams[Int($0)] } }
    set {
      guard let newValue else {
        removeValue(forKey: chat)
        return
      }
      let number = numbers.number(of: chat) ?? numbers.add(chat)
      if Int(number) == streams.count { streams.append(newValue) } else { streams[Int(number)] = newValue }
    }
  }

  @discardableResult
  mutating func removeValue(forKey chat: UUID) -> ChatStream? {
    guard let number = numbers.number(of: chat) else { return nil }
    let stream = streams[Int(number)]
    streams[Int(number)] = nil
    numbers.remove(number)
    numbers.release(number)
    return stream
  }

  /// Takes a stream out to change it: it is not copied, unlike with the subscript.
  mutating func takeOut(_ chat: UUID) -> ChatStream? {
    numbers.number(of: chat).flatMap { streams[Int($0)].take() }
  }
}
