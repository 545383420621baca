/// Lists in parameters (OpenAPI 3.1 §4.8.12.2): a name for each element, or one text with signs between them.
extension Parameters {
  /// Of the query.
  ///
  /// - Parameters:
  ///   - separator: what is between the elements of one text; nil where the name is there once for each.
  ///   - element: reads an element by its text.
  /// - Returns: nil where there is no such parameter, or something is wrong with it, which is reported.
  public mutating func array<Element: Hashable>(
    _ name: StaticString, required: Bool = false, separatedBy separator: StaticString? = nil, minItems: Int = 0,
    maxItems: Int = .max, areUnique: Bool = false, _ element: (inout Parameters, String) -> Element?
  ) -> [Element]? {
    if let separator {
      guard let text = text(name, required: required) else { return nil }
      return pathArray(
        name, text, separatedBy: separator, minItems: minItems, maxItems: maxItems, areUnique: areUnique, element)
    }
    let texts = texts(name)
    guard !texts.isEmpty else {
      if required { violate(name, "required", "is required") }
      return nil
    }
    return elements(name, texts, minItems: minItems, maxItems: maxItems, areUnique: areUnique, element)
  }

  /// Of a text that is there; an empty one is a list without elements.
  public mutating func pathArray<Element: Hashable>(
    _ name: StaticString, _ text: String, separatedBy separator: StaticString = ",", minItems: Int = 0,
    maxItems: Int = .max, areUnique: Bool = false, _ element: (inout Parameters, String) -> Element?
  ) -> [Element]? {
    let sign = Character(separator.description)
    let texts = text.isEmpty ? [] : text.split(separator: sign, omittingEmptySubsequences: false).map(String.init)
    return elements(name, texts, minItems: minItems, maxItems: maxItems, areUnique: areUnique, element)
  }

  private mutating func elements<Element: Hashable>(
    _ name: StaticString, _ texts: [String], minItems: Int, maxItems: Int, areUnique: Bool,
    _ element: (inout Parameters, String) -> Element?
  ) -> [Element]? {
    guard texts.count >= minItems, texts.count <= maxItems else {
      let isFew = texts.count < minItems
      violate(
        name, isFew ? "minItems" : "maxItems",
        isFew ? "must have \(minItems) items or more" : "must have \(maxItems) items or fewer")
      return nil
    }
    let elements = texts.compactMap { element(&self, $0) }
    guard elements.count == texts.count else { return nil }
    guard !areUnique || Set(elements).count == elements.count else {
      violate(name, "uniqueItems", "must not have an item twice")
      return nil
    }
    return elements
  }
}
