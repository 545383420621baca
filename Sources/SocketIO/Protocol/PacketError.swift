/// What is wrong with a packet from a client. The connection that sent it is closed as with the reference: "parse error".
struct PacketError: Error, Equatable, CustomStringConvertible {
  enum Code: String {
    /// The bytes are no packet.
    case malformed
    /// A packet that the state of the session forbids.
    case outOfOrder
  }

  let code: Code
  /// For the log. Says nothing of what the packet held.
  let message: String

  var description: String { "\(self.code.rawValue): \(self.message)" }

  static func malformed(_ message: String) -> PacketError { PacketError(code: .malformed, message: message) }
  static func outOfOrder(_ message: String) -> PacketError { PacketError(code: .outOfOrder, message: message) }
}
