import ProtocolRuntime

/// A place in a list, as text that says nothing to a client.
protocol ListPlace: Equatable {
  /// Nil for what `text` did not write.
  init?(_ text: String)

  var text: String { get }
}

/// The cursor of a list: where it goes on, and the moment that it was read at. In another history something else lies
/// there.
struct MarkedCursor<Place: ListPlace>: Equatable {
  let place: Place
  let mark: HistoryMark

  init(place: Place, mark: HistoryMark) {
    self.place = place
    self.mark = mark
  }

  init?(_ text: String) {
    guard let mark = HistoryMark(text.prefix(HistoryMark.length)),
      let place = Place(String(text.dropFirst(HistoryMark.length)))
    else { return nil }
    self.init(place: place, mark: mark)
  }

  var text: String { Self.text(of: place, behind: mark.text) }

  /// - Parameter mark: the text of the mark.
  static func text(of place: Place, behind mark: String) -> String { mark + place.text }
}

extension Database {
  /// Reads a page, and the moment that it was read at.
  ///
  /// - Parameter mark: the moment of what the page follows; nil where it follows nothing.
  /// - Returns: nil if that moment is none of this database.
  /// - Throws: as `query`.
  func page<Page>(
    _ page: some ServerQuery<Page>, behind mark: HistoryMark?
  ) async throws -> (page: Page, now: HistoryMark)? {
    // The moment that is answered is read last: it is none before that of the page.
    guard let mark else { return try await transaction(page, HistoryStatements.Current()) }
    let (isOurs, found, now) = try await transaction(
      HistoryStatements.Check(mark: mark), page, HistoryStatements.Current())
    return isOurs ? (found, now) : nil
  }
}
