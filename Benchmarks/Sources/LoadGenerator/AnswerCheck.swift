import FoundationEssentials
import NIOCore

/// What an answer has to be. Its status is looked at always; its body is parsed for some, since a parser at work for
/// every answer would take the cores from the server.
public struct AnswerCheck: Sendable {
  /// Each how-manieth answer of a connection is parsed; the first of a window always is.
  public var every: Int
  /// Its `items` has so many elements; nil: it has an `id` instead.
  public var items: Int?

  public init(every: Int, items: Int?) {
    self.every = max(1, every)
    self.items = items
  }

  private struct Body: Decodable {
    struct Item: Decodable {
      var id: String
      var seq: Int
      var content: String
    }
    var id: String?
    var items: [Item]?
  }

  func failure(of response: ResponseFramer.Response, answer: Int, tally: inout Tally) -> Failure? {
    guard response.status == 200 else { return .refused }
    guard (answer - 1) % every == 0 else { return nil }
    tally.checked += 1
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(response.body.readableBytesView)) else {
      return .content
    }
    let isRight = if let items { body.items?.count == items } else { body.id != nil }
    return isRight ? nil : .content
  }
}
