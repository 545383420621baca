import NIOCore

/// A request whose head has come, until it is answered. A class, because it goes through many hands: a copy of its
/// strings for each would cost more than this one allocation.
final class HTTPExchange {
  let method: String
  let target: RequestTarget
  let fields: RequestFields
  let requestID: String
  let address: String
  let startedAt = NIODeadline.now()
  let isHTTP10: Bool
  /// The client came over https, as a proxy of ours says.
  let isSecure: Bool
  /// Whether the connection must end with the answer, whatever else speaks for it.
  var closes: Bool
  var isAnswered = false
  /// Of the operation that it leads to.
  var acceptsRanges = false
  var cacheControl: StaticString?
  var named: [String: String] = [:]

  init(
    method: String, target: RequestTarget, fields: consuming RequestFields, requestID: String, address: String,
    isHTTP10: Bool, isSecure: Bool, closes: Bool
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.requestID = requestID
    self.address = address
    self.isHTTP10 = isHTTP10
    self.isSecure = isSecure
    self.closes = closes
  }
}
