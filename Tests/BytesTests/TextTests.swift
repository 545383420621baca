import Bytes
import Foundation
import Testing

@Suite struct TextTests {
  // MARK: - JSON strings

  private func decoded(_ json: String) -> String {
    let bytes = Array(json.utf8)
    return JSONString.decode(bytes.span, bytes.indices)
  }

  @Test func stringsAreRead() {
    #expect(decoded(#""""#) == "")
    #expect(decoded(#""a\"\\\/\b\f\n\r\t""#) == "a\"\\/\u{8}\u{c}\n\r\t")
    #expect(decoded(#""\u0041é\u00e9\ud83d\ude00""#) == "Aéé😀")
    // Half of a pair, alone and between others.
    #expect(decoded(#""\ud83d""#) == "\u{fffd}")
    #expect(decoded(#""a\ud83db\ude00""#) == "a\u{fffd}b\u{fffd}")
  }

  @Test func stringsAreWritten() {
    #expect(JSONString.encode("a\"\\/\u{8}\n\r\t\u{1f}é😀") == #""a\"\\/\u0008\n\r\t\u001fé😀""#)
    // Whatever it is, it is read back.
    for scalar in [0, 1, 0x1f, 0x20, 0x22, 0x5c, 0x7f, 0x80, 0x2028, 0xfffd, 0x10ffff] {
      let text = "x" + String(Unicode.Scalar(UInt32(scalar)).map(Character.init) ?? " ") + "12345678"
      #expect(decoded(JSONString.encode(text)) == text)
    }
  }

  @Test func whatNeedsNoEscapeIsNotTakenForWhatDoes() {
    // The neighbours of what does, and these with the high bit.
    for byte in [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0x9f, 0xa2, 0xc3, 0xdc, 0xff] as [UInt8] {
      for length in 0..<20 {
        #expect(![UInt8](repeating: byte, count: length).withUnsafeBytes { JSONString.needsEscape($0) }, "\(byte)")
      }
    }
  }

  @Test func whatNeedsAnEscapeIsFoundAtEachPlace() {
    for length in 0..<20 {
      for place in 0..<length {
        for byte in [0x00, 0x1f, 0x22, 0x5c] as [UInt8] {
          var bytes = [UInt8](repeating: 0xC3, count: length)
          bytes[place] = byte
          #expect(bytes.withUnsafeBytes { JSONString.needsEscape($0) }, "\(byte) at \(place) of \(length)")
        }
      }
    }
  }

  @Test func whatEndsAStringIsFoundAtItsPlace() {
    for length in 0..<50 {
      for filling in [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x61, 0x7f, 0x80, 0xc3, 0xff] as [UInt8] {
        var bytes = [UInt8](repeating: filling, count: length)
        for place in bytes.indices {
          for byte in [0x00, 0x1f, 0x22, 0x5c] as [UInt8] {
            bytes[place] = byte
            // What is left behind the last sixteen is for others to look at.
            let expected = min(place, length / 16 * 16)
            #expect(
              bytes.withUnsafeBytes { JSONString.plainCount(in: $0) } == expected, "\(byte) at \(place) of \(length)")
          }
          bytes[place] = filling
        }
        #expect(bytes.withUnsafeBytes { JSONString.plainCount(in: $0) } == length / 16 * 16)
      }
    }
  }

  // MARK: - UTF-8

  @Test func utf8IsCheckedBehindWhatIsASCII() {
    for count in 0..<100 {
      let plain = [UInt8](repeating: 0x7f, count: count)
      #expect(UTF8Check.firstInvalid(in: plain.span) == nil)
      #expect(UTF8Check.firstInvalid(in: (plain + Array("é€😀é".utf8) + plain).span) == nil)
      for bad in [[0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80]] as [[UInt8]] {
        #expect(UTF8Check.firstInvalid(in: (plain + bad + plain).span) == count, "\(bad) behind \(count)")
        #expect(UTF8Check.firstInvalid(in: (plain + [0xC3, 0xA9] + bad).span) == count + 2, "\(bad) behind \(count)")
      }
    }
  }

  @Test func utf8IsChecked() {
    func offset(_ bytes: [UInt8]) -> Int? { UTF8Check.firstInvalid(in: bytes.span) }
    #expect(offset(Array("aé€😀".utf8)) == nil)
    #expect(offset([]) == nil)
    // RFC 3629 §4: overlong forms, surrogates, beyond U+10FFFF, lone and missing continuations.
    for bad in [
      [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF],
    ] as [[UInt8]] {
      #expect(offset([0x61, 0x62] + bad) == 2, "\(bad)")
      #expect(offset(Array(repeating: 0x61, count: 17) + bad + [0x61]) == 17, "\(bad)")
    }
  }

  // MARK: - base64url

  /// RFC 4648 §10, without padding.
  @Test(arguments: [
    "": "", "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg", "fooba": "Zm9vYmE", "foobar": "Zm9vYmFy",
  ])
  func base64URL(_ plain: String, _ text: String) {
    #expect(Base64URL.encode(plain.utf8) == text)
    #expect(Base64URL.decode(text) == Array(plain.utf8))
  }

  @Test func base64URLHasOneTextForEachValue() {
    for bad in ["Zg==", "Zh", "Zm9", "Z", "Zm+v", "Zm/v", "Zm 9v", "Zm9v\n"] { #expect(Base64URL.decode(bad) == nil) }
    let words: [UInt64] = [.max, 0, 0x0123_4567_89AB_CDEF]
    #expect(Base64URL.decodeWords(Base64URL.encode(words: words), count: 3) == words)
    #expect(Base64URL.encode(words: words).utf8.count == 32)
    #expect(Base64URL.decodeWords(Base64URL.encode(words: words), count: 2) == nil)
  }

  // MARK: - Percent-encoding

  @Test func percentEncoding() {
    func decoded(_ text: String, plus: Bool = false) -> String? {
      PercentEncoding.decode(text.utf8, plusIsSpace: plus).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(decoded("a%20b+%C3%a9") == "a b+é")
    #expect(decoded("a+b%2B", plus: true) == "a b+")
    for bad in ["%", "%2", "%2g", "%g2", "%%20", "%+1"] { #expect(decoded(bad) == nil, "\(bad)") }
  }
}
