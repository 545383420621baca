import ProtocolRuntime

/// A durable event, with its place in its stream's order.
struct StreamEvent: Sendable {
  enum Kind: Sendable, Equatable {
    /// A message's first appearance.
    case message
    /// Anything else that changes nobody's membership: an edit, a deletion, a new name, a new role, one's own state.
    case change
    case memberAdded(UUID)
    case memberRemoved(UUID)
    /// The first event of all, with the first members.
    case chatCreated([UUID])
    /// The last event of all.
    case chatDeleted

    /// Whom it makes members.
    var newcomers: [UUID] {
      switch self {
      case .memberAdded(let user): [user]
      case .chatCreated(let users): users
      default: []
      }
    }
  }

  /// What a node must know of an event to put it in its place.
  struct Place: Sendable, Equatable {
    let key: StreamKey
    let rev: Int
    /// The chat's last seq at that rev (0 where it is not known): for a message its own.
    var lastSeq = 0
    let kind: Kind
  }

  let place: Place
  let encoded: EncodedEvent

  var rev: Int { place.rev }
  var kind: Kind { place.kind }
  var position: EventPosition { .rev(place.rev, of: place.key) }
}
