extension String {
  /// Without spaces and tabs at its ends, as a field's value is meant (RFC 9110 §5.5). A string that has none is returned
  /// as it is.
  @inlinable
  public var withoutBlankEnds: String {
    func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let hasNone = utf8.withContiguousStorageIfAvailable { !isBlank($0.first) && !isBlank($0.last) }
    guard hasNone != true else { return self }
    var rest = utf8[...]
    while isBlank(rest.first) { rest.removeFirst() }
    while isBlank(rest.last) { rest.removeLast() }
    return String(Substring(rest))
  }
}
