import Testing

@testable import ProtocolRuntime

@Suite struct UUIDTests {
  private let text = "01234567-89ab-cdef-FEDC-ba9876543210"

  private func parsed(_ bytes: [UInt8]) -> UUID? {
    bytes.withUnsafeBytes { UUID(ascii: $0) }
  }

  @Test func everyDigitHasItsPlace() {
    #expect(UUID(text) == UUID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210))
    #expect(UUID(text)?.description == text.lowercased())
  }

  /// Digits are read eight at a time, so that a wrong one must not hide behind its neighbours.
  @Test func everyByteInEveryPlace() {
    let digits = Array("0123456789abcdefABCDEF".utf8)
    for place in 0..<36 {
      let isDash = [8, 13, 18, 23].contains(place)
      for byte in UInt8.min...UInt8.max {
        var bytes = Array(text.utf8)
        bytes[place] = byte
        let isGood = isDash ? byte == UInt8(ascii: "-") : digits.contains(byte)
        let value = parsed(bytes)
        #expect((value != nil) == isGood, "\(byte) at \(place)")
        if let value { #expect(value.description == String(decoding: bytes, as: UTF8.self).lowercased()) }
      }
    }
  }

  @Test func lengths() {
    #expect(parsed([]) == nil)
    #expect(parsed(Array(text.utf8.dropLast())) == nil)
    #expect(parsed(Array(text.utf8) + [UInt8(ascii: "0")]) == nil)
  }

  @Test func newOnesAreOfVersionSevenAndDiffer() {
    let values = (0..<1000).map { _ in UUID.v7() }
    #expect(Set(values).count == 1000)
    #expect(values.allSatisfy { $0.high >> 12 & 15 == 7 && $0.low >> 62 == 2 })
  }
}
