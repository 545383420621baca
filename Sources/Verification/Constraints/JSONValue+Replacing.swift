import JSONSchema

extension JSONValue {
  /// The value with another one at a path of names and numbers of items. Where the path leads through no object or
  /// list, nothing changes.
  func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
    guard let first = path.first else { return value }
    let rest = path.dropFirst()
    switch self {
    case .object:
      guard let child = self[first] else { return rest.isEmpty ? with(first, value) : self }
      return with(first, rest.isEmpty ? value : child.replacing(rest, with: value))
    case .array(let array):
      guard let place = Int(first), array.items.indices.contains(place) else { return self }
      var items = array.items
      items[place] = items[place].replacing(rest, with: value)
      return .array(JSONArray(items))
    default: return self
    }
  }
}
