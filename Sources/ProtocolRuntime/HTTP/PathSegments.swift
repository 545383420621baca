import Bytes
import Glibc

/// The segments of an absolute path (RFC 3986 §3.3), percent-decoded: `api` and `a b` of `/api/a%20b`.
///
/// A path without percent signs is kept as it is, with the places of its slashes, so that nothing is allocated.
public struct PathSegments: Sendable {
  /// Of the segments whose places are kept.
  private static let placeCount = 16

  private let path: String
  /// Where each segment ends in the path's UTF-8. It begins behind the slash before it.
  private var ends = InlineArray<16, UInt16>(repeating: 0)
  /// The segments of a path with percent signs, or of a very long one; else empty.
  private var decoded: [String] = []
  public private(set) var count = 0

  /// - Returns: nil for a path that does not begin with a slash or has more segments than `limit`, and where one can't
  ///   be decoded.
  public init?(_ path: String, limit: Int) {
    self.path = path
    if limit <= Self.placeCount, path.utf8.count <= Int(UInt16.max) {
      let places = path.utf8.withContiguousStorageIfAvailable { bytes in Self.places(in: bytes, limit: limit) }
      switch places {
      case .found(let ends, let count):
        self.ends = ends
        self.count = count
        return
      case .tooMany: return nil
      case .escaped, nil: break
      }
    }
    guard let decoded = Self.decoded(path, limit: limit) else { return nil }
    self.decoded = decoded
    count = decoded.count
  }

  private enum Places {
    case found(InlineArray<16, UInt16>, count: Int)
    case tooMany
    case escaped
  }

  private static func places(in bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Places {
    guard bytes.first == UInt8(ascii: "/") else { return .tooMany }
    var ends = InlineArray<16, UInt16>(repeating: 0)
    var count = 0
    for index in 1..<bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") { return .escaped }
      guard byte == UInt8(ascii: "/") else { continue }
      // The last one ends with the path.
      guard count + 1 < limit else { return .tooMany }
      ends[count] = UInt16(index)
      count += 1
    }
    guard count < limit else { return .tooMany }
    ends[count] = UInt16(bytes.count)
    return .found(ends, count: count + 1)
  }

  private static func decoded(_ path: String, limit: Int) -> [String]? {
    var path = path
    return path.withUTF8 { bytes in
      guard bytes.first == UInt8(ascii: "/") else { return nil }
      var segments: [String] = []
      var start = 1
      while start <= bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
        guard segments.count < limit,
          let segment = PercentEncoding.decoded(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        else { return nil }
        segments.append(segment)
        start = end + 1
      }
      return segments
    }
  }

  /// - Parameter index: less than `count`.
  public subscript(index: Int) -> Segment {
    guard decoded.isEmpty else { return Segment(text: decoded[index], start: 0, end: decoded[index].utf8.count) }
    return Segment(text: path, start: index == 0 ? 1 : Int(ends[index - 1]) + 1, end: Int(ends[index]))
  }

  /// One of them.
  public struct Segment: Sendable {
    /// What it is part of.
    fileprivate let text: String
    fileprivate let start: Int
    fileprivate let end: Int

    fileprivate func withUTF8<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
      let result = text.utf8.withContiguousStorageIfAvailable {
        body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: $0[start..<end])))
      }
      if let result { return result }
      var copy = String(self)
      return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    /// For a switch over what a path may have here.
    public static func ~= (literal: StaticString, segment: Segment) -> Bool {
      guard segment.end - segment.start == literal.utf8CodeUnitCount else { return false }
      return segment.withUTF8 { $0.equals(literal) }
    }
  }
}

extension String {
  public init(_ segment: PathSegments.Segment) {
    let text = segment.text.utf8
    let start = text.index(text.startIndex, offsetBy: segment.start)
    // What is between two slashes is whole characters of UTF-8.
    self.init(Substring(text[start..<text.index(start, offsetBy: segment.end - segment.start)]))
  }
}

extension UUID {
  /// As `init(_: some StringProtocol)`.
  init?(_ segment: PathSegments.Segment) {
    guard let value = segment.withUTF8({ UUID(ascii: $0) }) else { return nil }
    self = value
  }
}
