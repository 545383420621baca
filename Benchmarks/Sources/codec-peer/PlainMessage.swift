import Foundation

/// What one would write without a generator; times stay texts, since Foundation's ISO 8601 strategy reads no fractions
/// of a second.
struct PlainMessage: Codable {
  enum Kind: String, Codable { case text, system }
  enum Status: String, Codable { case sent, delivered, read }

  struct Note: Codable {
    enum Action: String, Codable {
      case memberAdded = "member_added"
      case memberRemoved = "member_removed"
      case memberLeft = "member_left"
      case chatRenamed = "chat_renamed"
    }

    enum CodingKeys: String, CodingKey {
      case action, name
      case userIDs = "user_ids"
    }

    var action: Action
    var userIDs: [UUID]?
    var name: String?
  }

  enum CodingKeys: String, CodingKey {
    case id, seq, rev, type, content, system, status
    case chatID = "chat_id"
    case senderID = "sender_id"
    case clientID = "client_id"
    case editedAt = "edited_at"
    case deletedAt = "deleted_at"
    case createdAt = "created_at"
  }

  var id: UUID
  var chatID: UUID
  var seq: Int
  var rev: Int
  var senderID: UUID
  var type: Kind
  var content: String
  var system: Note?
  var clientID: UUID?
  var editedAt: String?
  var deletedAt: String?
  var createdAt: String
  var status: Status?
}

struct PlainPage: Codable {
  enum CodingKeys: String, CodingKey {
    case items, rev, history
    case nextCursor = "next_cursor"
  }

  var items: [PlainMessage]
  var nextCursor: String?
  var rev: Int
  var history: String
}
