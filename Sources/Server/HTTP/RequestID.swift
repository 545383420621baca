/// Ids of requests, in the log, in X-Request-Id and in problems.
enum RequestID {
  private static let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

  /// A client's own id, if it can do no harm in a log or a header: 1–64 characters of `[A-Za-z0-9._-]`.
  static func accept(_ candidate: String?) -> String? {
    guard let candidate, (1...64).contains(candidate.utf8.count) else { return nil }
    for byte in candidate.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        continue
      default: return nil
      }
    }
    return candidate
  }

  /// 64 random bits as 13 characters: few enough to be stored within the String, without an allocation.
  static func make(using generator: inout some RandomNumberGenerator) -> String {
    var bits = generator.next()
    return String(unsafeUninitializedCapacity: 13) { target in
      for index in 0..<13 {
        target[index] = alphabet.utf8Start[Int(bits & 31)]
        bits >>= 5
      }
      return 13
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): for names that must differ, and need not be hard to guess. The system's
/// generator costs a system call for each number.
struct WeakRandomness: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
